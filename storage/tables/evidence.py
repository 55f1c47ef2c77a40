"""Where is the proof? Append-only leaves; triggers refuse update and delete."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, Table

from storage.tables.base import instant, key, metadata, text, unit

evidence_entry = Table(
    "evidence_entry",
    metadata,
    unit(),
    key("entry_id"),
    instant("at"),
    text("tag", 60),
    text("subject", 48, nullable=True),
    Column("leaf", LargeBinary, nullable=False),
    Column("leaf_hash", LargeBinary, nullable=False),
    Index("ix_evidence_entry_at", "unit_id", "at"),
    Index("ix_evidence_entry_subject", "unit_id", "subject"),
)
