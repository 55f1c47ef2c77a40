"""What did denouncers write, under a key that nothing else is sealed with?

No row leads to a person without that key: ids are random, times are days, and the
person and the events are HMACs under a key of their own (Luật 25/2018 Điều 56).
"""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from storage.tables.base import key, metadata, sealed, text, unit

sealed_entry = Table(
    "sealed_entry",
    metadata,
    unit(),
    key("entry_id"),
    text("person_mac", 32, nullable=True),
    text("day", 10),
    text("state", 12),
    text("closed_by", 40, nullable=True),
    text("closed_day", 10, nullable=True),
    sealed("sealed"),
    Column("contact", LargeBinary, nullable=True),
    Index("ix_sealed_entry_person", "unit_id", "person_mac"),
    Index("ix_sealed_entry_state", "unit_id", "state", "day"),
    sqlite_with_rowid=False,
)

sealed_source = Table(
    "sealed_source",
    metadata,
    unit(),
    key("source_mac"),
    text("day", 10),
    sqlite_with_rowid=False,
)
