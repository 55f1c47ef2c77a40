"""Where is the proof? Append-only leaves; triggers refuse update and delete.

``evidence_waiting`` names the entries that have no place in the log yet;
``evidence_position`` gives each its place, once. Tiles, heads and checkpoints can be
made again from these, but for the signatures.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
)

from storage.tables.base import instant, key, metadata, sealed, text, unit

ORIGIN = 200

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

evidence_waiting = Table(
    "evidence_waiting",
    metadata,
    unit(),
    key("entry_id"),
    sqlite_with_rowid=False,
)

evidence_position = Table(
    "evidence_position",
    metadata,
    unit(),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    text("entry_id", 32),
    UniqueConstraint("unit_id", "entry_id", name="uq_evidence_position_entry"),
    sqlite_with_rowid=False,
)

evidence_tile = Table(
    "evidence_tile",
    metadata,
    unit(),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)

evidence_head = Table(
    "evidence_head",
    metadata,
    unit(),
    text("origin", ORIGIN),
    Column("size", BigInteger, nullable=False),
    Column("signed", BigInteger, nullable=False),
    Column("stamps", BigInteger, nullable=False),
    text("owner", 48, nullable=True),
    instant("lease_until", nullable=True),
)

evidence_key = Table(
    "evidence_key",
    metadata,
    unit(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("public_key", LargeBinary, nullable=False),
    sealed("sealed_seed"),
    Column("from_size", BigInteger, nullable=False),
    instant("created_at"),
)

evidence_checkpoint = Table(
    "evidence_checkpoint",
    metadata,
    unit(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    text("day", 10),
    Column("note", LargeBinary, nullable=False),
    Column("is_kept", Boolean, nullable=False),
    instant("at"),
    text("mark", 32),
    Index("ix_evidence_checkpoint_day", "unit_id", "day"),
)

evidence_stamp = Table(
    "evidence_stamp",
    metadata,
    unit(),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("token", LargeBinary, nullable=False),
    instant("at"),
    text("mark", 32),
)
