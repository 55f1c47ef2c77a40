"""Which letters are written, how far did each get, and who took each step?

Names and words are vault items of the person a letter is for; here are codes, times and
marks (HMACs) alone.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint

from storage.tables.base import instant, key, metadata, text, unit

STAFF_CODE = 40

letter = Table(
    "letter",
    metadata,
    unit(),
    key("letter_id"),
    text("kind", 40),
    text("state", 12),
    text("source", 12),
    text("source_ref", 48, nullable=True),
    Column("version", Integer, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("mark", Integer, nullable=False),
    text("person_id", 32, nullable=True),
    text("item_id", 32, nullable=True),
    text("occasion_mac", 64, nullable=True),
    text("subject_mac", 64, nullable=True),
    text("words", 40),
    Column("year", Integer, nullable=True),
    Column("number", Integer, nullable=True),
    instant("due_at", nullable=True),
    text("channel", 16, nullable=True),
    text("waits_for", 32, nullable=True),
    text("created_by", STAFF_CODE),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "occasion_mac"),
    UniqueConstraint("unit_id", "year", "number"),
    Index("ix_letter_state", "unit_id", "state", "due_at"),
    Index("ix_letter_person", "unit_id", "person_id"),
    Index("ix_letter_subject", "unit_id", "subject_mac"),
    Index("ix_letter_source", "unit_id", "source", "source_ref"),
)

letter_step = Table(
    "letter_step",
    metadata,
    unit(),
    key("letter_id"),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("act", 12),
    text("by", STAFF_CODE),
    Column("version", Integer, nullable=False),
    instant("at"),
)

letter_number = Table(
    "letter_number",
    metadata,
    unit(),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

letter_switch = Table(
    "letter_switch",
    metadata,
    unit(),
    Column("is_stopped", Boolean, nullable=False),
    text("by", STAFF_CODE),
    instant("at"),
)
