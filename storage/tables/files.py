"""Which files did citizens send, and how far did each get?

The address, the name and the hash lie in the vault; a row knows codes, sizes, times.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, text, unit

_WANTED = sql("state = 'wanted'")

received_file = Table(
    "received_file",
    metadata,
    unit(),
    key("file_id"),
    text("person_id", 32),
    text("item_id", 32),
    text("event_id", 32),
    Column("position", Integer, nullable=False),
    text("channel", 16),
    text("kind", 12),
    text("state", 12),
    Column("attempts", Integer, nullable=False),
    instant("available_at"),
    text("owner", 40, nullable=True),
    Column("size", BigInteger, nullable=True),
    text("content_mac", 32, nullable=True),
    text("media_type", 80, nullable=True),
    text("reason", 64, nullable=True),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "event_id", "position"),
    Index(
        "ix_received_file_wanted",
        "available_at",
        sqlite_where=_WANTED,
        postgresql_where=_WANTED,
    ),
    Index("ix_received_file_person", "unit_id", "person_id", "file_id"),
    Index("ix_received_file_content", "unit_id", "content_mac"),
)
