"""What do the people who run it need? Day keys, notices, security counts."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from storage.tables.base import instant, key, metadata, text, unit

day_key = Table(
    "day_key",
    metadata,
    unit(),
    key("day", 10),
    Column("wrapped_key", LargeBinary, nullable=False),
    instant("created_at"),
)

notice = Table(
    "notice",
    metadata,
    unit(),
    key("notice_id"),
    text("kind", 40),
    text("subject", 64),
    text("detail", 200),
    instant("created_at"),
    instant("seen_at", nullable=True),
    text("addressee", 40, nullable=True),
    text("words", 2000, nullable=True),
    Index("ix_notice_open", "unit_id", "seen_at", "created_at"),
)

security_event = Table(
    "security_event",
    metadata,
    unit(),
    key("kind", 40),
    key("hour", 13),
    Column("count", Integer, nullable=False),
)
