"""What came in and is not yet handled? Raw bodies, their events, and the lanes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.tables.base import instant, key, metadata, sealed, text, unit

inbox_body = Table(
    "inbox_body",
    metadata,
    unit(),
    key("body_id"),
    text("channel", 16),
    text("day", 10),
    sealed("sealed"),
    instant("received_at"),
)

_PENDING = sql("state = 'received'")
_FAILED = sql("state = 'failed'")

inbox_event = Table(
    "inbox_event",
    metadata,
    unit(),
    key("event_id"),
    text("body_id", 32),
    Column("body_index", Integer, nullable=False),
    text("channel", 16),
    text("dedupe", 32),
    text("lane", 32),
    text("state", 12),
    Column("attempts", Integer, nullable=False),
    instant("available_at"),
    instant("platform_at"),
    instant("received_at"),
    text("error", 120, nullable=True),
    UniqueConstraint("unit_id", "channel", "dedupe"),
    Index(
        "ix_inbox_event_pending",
        "unit_id",
        "lane",
        "platform_at",
        "event_id",
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    ),
    Index(
        "ix_inbox_event_failed",
        "received_at",
        sqlite_where=_FAILED,
        postgresql_where=_FAILED,
    ),
    Index("ix_inbox_event_body", "unit_id", "body_id"),
    sqlite_with_rowid=False,
)

_HELD = sql("owner IS NOT NULL")
_READY = sql("ready_at IS NOT NULL")

lane = Table(
    "lane",
    metadata,
    unit(),
    key("lane"),
    instant("ready_at", nullable=True),
    text("owner", 40, nullable=True),
    instant("lease_until", nullable=True),
    Index("ix_lane_held", "owner", sqlite_where=_HELD, postgresql_where=_HELD),
    Index("ix_lane_ready", "ready_at", sqlite_where=_READY, postgresql_where=_READY),
    sqlite_with_rowid=False,
)
