"""What do we want to send, and how far did it get?"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint, false
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, text, unit

_ACTIVE = sql("state IN ('planned', 'claimed', 'sending', 'retry')")
_OURS = sql("kind IN ('letter', 'greeting', 'template')")

outbox = Table(
    "outbox",
    metadata,
    unit(),
    key("row_id"),
    text("channel", 16),
    text("person_id", 32),
    text("item_id", 32),
    text("kind", 12),
    Column("priority", Integer, nullable=False),
    Column("human", Boolean, nullable=False, server_default=false()),
    text("cause", 48),
    Column("position", Integer, nullable=False),
    text("state", 12),
    Column("attempt", Integer, nullable=False),
    instant("available_at"),
    text("owner", 40, nullable=True),
    instant("lease_until", nullable=True),
    text("message_mac", 32, nullable=True),
    text("code", 64, nullable=True),
    text("resend_of", 32, nullable=True),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "cause", "position"),
    UniqueConstraint("unit_id", "resend_of"),
    Index(
        "ix_outbox_active",
        "channel",
        "priority",
        "row_id",
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
    Index(
        "ix_outbox_lane",
        "unit_id",
        "person_id",
        "channel",
        "row_id",
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
    Index("ix_outbox_message", "unit_id", "message_mac"),
    Index("ix_outbox_item", "unit_id", "item_id"),
    Index("ix_outbox_updated", "unit_id", "state", "updated_at"),
    Index(
        "ix_outbox_started",
        "unit_id",
        "person_id",
        "created_at",
        sqlite_where=_OURS,
        postgresql_where=_OURS,
    ),
)
