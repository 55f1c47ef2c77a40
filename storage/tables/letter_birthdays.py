"""Whose birthday may the commune wish well? Sealed; day and person are keyed hashes."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint

from storage.tables.base import instant, key, metadata, text, unit
from storage.tables.letters import STAFF_CODE

letter_birthday = Table(
    "letter_birthday",
    metadata,
    unit(),
    key("birthday_id"),
    text("person_id", 32),
    text("item_id", 32),
    text("day_mac"),
    text("who_mac"),
    text("source", 12),
    text("created_by", STAFF_CODE),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "who_mac"),
    Index("ix_letter_birthday_day", "unit_id", "day_mac"),
    Index("ix_letter_birthday_person", "unit_id", "person_id"),
)
