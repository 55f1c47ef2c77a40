"""Which occasions are greeted, how far did each get, and who was written to?

The words of a greeting are public and stand in the open; who got it is a random id, and
the row of the outbox says what became of it.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, text, unit

greeting = Table(
    "greeting",
    metadata,
    unit(),
    key("greeting_id"),
    text("occasion", 40),
    text("day", 10),
    text("tone", 16),
    text("reach", 8),
    text("audience", 80, server_default=sql("''")),
    text("state", 12),
    Column("version", Integer, nullable=False),
    Column("approved", Integer, nullable=False),
    Column("mark", Integer, nullable=False),
    Column("words", Text, nullable=False),
    instant("due_at"),
    instant("ends_at"),
    text("created_by", 40),
    text("approved_by", 40, nullable=True),
    text("page_state", 12),
    text("page_ref", 80, nullable=True),
    text("cursor", 32),
    Column("is_counted", Boolean, nullable=False),
    instant("begun_at", nullable=True),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "occasion", "day"),
    Index("ix_greeting_state", "unit_id", "state", "due_at"),
)

greeting_person = Table(
    "greeting_person",
    metadata,
    unit(),
    key("greeting_id"),
    key("person_id"),
    text("row_id", 32, nullable=True),
    text("why", 24),
    instant("at"),
    Index("ix_greeting_person_person", "unit_id", "person_id"),
)
