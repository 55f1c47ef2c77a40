"""What may the reader learn, what has it learnt, and which version is in force?

Texts are sealed: those of candidates in the vault under the person's key (they die
with it), approved examples and models under the unit's.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, false
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, sealed, text, unit

lesson_candidate = Table(
    "lesson_candidate",
    metadata,
    unit(),
    key("lesson_id"),
    text("person_id", 32),
    text("item_id", 32),
    text("label", 40),
    text("source", 16),
    Column("is_right", Boolean, nullable=False),
    instant("created_at"),
    Index("ix_lesson_candidate_person", "unit_id", "person_id"),
    Index("ix_lesson_candidate_created", "unit_id", "created_at"),
)

lesson_example = Table(
    "lesson_example",
    metadata,
    unit(),
    key("example_id"),
    text("label", 40),
    Column("is_intent", Boolean, nullable=False),
    text("text_mac", 32),
    sealed("sealed"),
    text("source", 16),
    text("approved_by", 40),
    instant("approved_at"),
    Index("uq_lesson_example_text", "unit_id", "text_mac", unique=True),
)

usage_count = Table(
    "usage_count",
    metadata,
    unit(),
    key("day", 10),
    key("code", 40),
    key("sign", 8),
    Column("slot", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)

_LIVE = sql("status = 'live'")

nlu_model = Table(
    "nlu_model",
    metadata,
    unit(),
    key("model_id"),
    text("status", 12),
    sealed("sealed"),
    text("sha256", 64),
    text("signature", 128),
    Column("metrics", LargeBinary, nullable=False),
    text("lesson_hash", 64),
    text("parent_id", 32, nullable=True),
    Column("rolled_back", Boolean, nullable=False, server_default=false()),
    instant("trained_at"),
    instant("live_at", nullable=True),
    Index(
        "uq_nlu_model_live",
        "unit_id",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
)
