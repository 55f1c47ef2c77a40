"""What has a unit spent on a language model? Figures by day, of nobody."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table

from storage.tables.base import key, metadata, unit

ai_spending = Table(
    "ai_spending",
    metadata,
    unit(),
    key("day", 10),
    Column("calls", Integer, nullable=False),
    Column("tokens", BigInteger, nullable=False),
)
