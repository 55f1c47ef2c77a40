"""Which platform tokens do we hold, and was a refresh cut in half?"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table

from storage.tables.base import instant, key, metadata, sealed, text, unit

token = Table(
    "token",
    metadata,
    unit(),
    key("channel", 16),
    sealed("sealed"),
    text("seed_mac", 32),
    instant("access_expires_at"),
    instant("refresh_issued_at"),
    Column("version", Integer, nullable=False),
    instant("updated_at"),
)

token_intent = Table(
    "token_intent",
    metadata,
    unit(),
    key("channel", 16),
    text("owner", 40),
    text("seed_mac", 32),
    instant("started_at"),
)
