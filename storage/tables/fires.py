"""What did the clock start, and whom was a case told to? Codes, times and ids only.

``schedule_fire`` has one row for each time a job is due: whoever inserts it does the
work. ``case_escalation`` holds the steps of a case, under a chain that was frozen when
the case began.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, text, unit
from storage.tables.staff import STAFF_CODE

_OPEN = sql("state IN ('claimed', 'asked')")
_DUE = sql("state = 'due'")
_LIVE = sql("is_live")

schedule_fire = Table(
    "schedule_fire",
    metadata,
    unit(),
    key("schedule", 24),
    key("occurrence", 24),
    text("state", 12),
    text("owner", 48, nullable=True),
    instant("lease_until", nullable=True),
    Column("attempt", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    text("detail", 80),
    instant("claimed_at"),
    instant("done_at", nullable=True),
    Index(
        "ix_schedule_fire_open",
        "unit_id",
        "state",
        "lease_until",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

escalation_chain = Table(
    "escalation_chain",
    metadata,
    unit(),
    key("chain_id"),
    Column("data", LargeBinary, nullable=False),
    instant("created_at"),
)

escalation_plan = Table(
    "escalation_plan",
    metadata,
    unit(),
    key("case_id"),
    text("chain_id", 32),
    Column("seen_version", Integer, nullable=False),
    Column("is_live", Boolean, nullable=False),
    instant("planned_at"),
    Index(
        "ix_escalation_plan_live",
        "unit_id",
        "case_id",
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
)

case_escalation = Table(
    "case_escalation",
    metadata,
    unit(),
    key("case_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    key("step", 16),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("rank", Integer, nullable=False),
    text("goal", 16),
    text("rungs", 64),
    instant("term_at"),
    instant("due_at"),
    text("state", 8),
    instant("run_at", nullable=True),
    text("told", 200),
    Index(
        "ix_case_escalation_due",
        "unit_id",
        "due_at",
        "case_id",
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    ),
)

apology_proposal = Table(
    "apology_proposal",
    metadata,
    unit(),
    key("case_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("code", 24),
    text("kind", 32),
    text("due_date", 10),
    Column("is_law", Boolean, nullable=False),
    text("reason", 200),
    text("person_id", 32, nullable=True),
    text("state", 12),
    text("proposed_to", STAFF_CODE * 4),
    Column("version", Integer, nullable=False),
    instant("proposed_at"),
    Index("ix_apology_proposal_person", "unit_id", "person_id"),
    Index("ix_apology_proposal_state", "unit_id", "state", "proposed_at"),
)
