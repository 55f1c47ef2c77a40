"""Where does a case stand? Codes, times and ids only; its words are vault items.

``case_record`` is the head of a case, changed by compare-and-swap; clocks, history,
links and messages hang on it. ``facts`` and ``data`` are JSON of codes and numbers.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, false
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, text, unit

_OPEN = sql("closed_at IS NULL")
_CLOSED = sql("closed_at IS NOT NULL")
_RUNNING = sql("stopped_at IS NULL")
_WAITING = sql("state = 'waiting'")

case_record = Table(
    "case_record",
    metadata,
    unit(),
    key("case_id"),
    text("code", 24),
    text("kind", 32),
    text("state", 16),
    text("person_id", 32, nullable=True),
    text("channel", 16),
    text("source", 16),
    text("owner", 40),
    instant("received_at"),
    instant("due_at"),
    text("due_goal", 16, nullable=True),
    Column("version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    text("item_id", 32, nullable=True),
    text("contact_mac", 32, nullable=True),
    text("merged_into", 32, nullable=True),
    Column("is_waiting", Boolean, nullable=False, server_default=false()),
    Column("facts", LargeBinary, nullable=False),
    instant("updated_at"),
    instant("closed_at", nullable=True),
    Index("uq_case_record_code", "unit_id", "code", unique=True),
    Index("ix_case_record_person", "unit_id", "person_id", "received_at"),
    Index("ix_case_record_state", "unit_id", "state", "due_at", "case_id"),
    Index("ix_case_record_kind", "unit_id", "kind", "due_at", "case_id"),
    Index(
        "ix_case_record_due",
        "unit_id",
        "due_at",
        "case_id",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index(
        "ix_case_record_owner",
        "unit_id",
        "owner",
        "due_at",
        "case_id",
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
    Index(
        "ix_case_record_closed",
        "unit_id",
        "closed_at",
        "case_id",
        sqlite_where=_CLOSED,
        postgresql_where=_CLOSED,
    ),
)

case_clock = Table(
    "case_clock",
    metadata,
    unit(),
    key("case_id"),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text("goal", 16),
    text("rule", 40),
    Column("is_law", Boolean, nullable=False),
    instant("started_at"),
    text("due_date", 10, nullable=True),
    instant("due_at"),
    instant("stopped_at", nullable=True),
    text("ended", 12, nullable=True),
    Index(
        "ix_case_clock_due",
        "unit_id",
        "due_at",
        "case_id",
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
)

case_history = Table(
    "case_history",
    metadata,
    unit(),
    key("case_id"),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    text("action", 20),
    text("actor", 48),
    instant("at"),
    text("entry_id", 32, nullable=True),
    text("item_id", 32, nullable=True),
    text("template", 64, nullable=True),
    text("template_version", 16, nullable=True),
    Column("is_internal", Boolean, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

case_link = Table(
    "case_link",
    metadata,
    unit(),
    key("case_id"),
    key("kind", 12),
    key("ref", 48),
    instant("at"),
    Index("ix_case_link_ref", "unit_id", "ref"),
)

case_message = Table(
    "case_message",
    metadata,
    unit(),
    key("message_id"),
    text("case_id", 32),
    Column("seq", Integer, nullable=False),
    text("person_id", 32),
    text("channel", 16),
    text("item_id", 32),
    Column("human", Boolean, nullable=False),
    text("state", 12),
    instant("created_at"),
    instant("updated_at"),
    Index("ix_case_message_case", "unit_id", "case_id", "message_id"),
    Index(
        "ix_case_message_waiting",
        "unit_id",
        "person_id",
        "channel",
        "message_id",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
)

case_number = Table(
    "case_number",
    metadata,
    unit(),
    key("day", 10),
    Column("last", Integer, nullable=False),
)

case_lookup = Table(
    "case_lookup",
    metadata,
    unit(),
    key("subject"),
    key("hour", 13),
    Column("count", Integer, nullable=False),
    Index("ix_case_lookup_hour", "unit_id", "hour"),
)
