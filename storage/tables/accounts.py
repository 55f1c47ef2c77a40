"""How does a person of the commune get into the console? Hashes, seals and times.

Passwords lie as argon2id, tokens and recovery codes as keyed hashes, the secret of a
second factor sealed under the unit's key. No address and no typed name is kept.
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
    false,
)

from storage.tables.base import instant, key, metadata, text, unit
from storage.tables.staff import STAFF_CODE

console_account = Table(
    "console_account",
    metadata,
    unit(),
    key("staff_id", STAFF_CODE),
    text("password_hash", 160, nullable=True),
    Column("must_change", Boolean, nullable=False, server_default=false()),
    Column("blocked", Boolean, nullable=False, server_default=false()),
    Column("factor", LargeBinary, nullable=True),
    Column("factor_step", BigInteger, nullable=False, server_default="0"),
    Column("version", Integer, nullable=False),
    instant("changed_at"),
)

console_recovery = Table(
    "console_recovery",
    metadata,
    unit(),
    key("staff_id", STAFF_CODE),
    key("code_mac"),
)

console_link = Table(
    "console_link",
    metadata,
    unit(),
    key("token_mac"),
    text("staff_id", STAFF_CODE),
    text("purpose", 12),
    text("made_by", STAFF_CODE),
    instant("made_at"),
    instant("expires_at"),
    Index("ix_console_link_staff", "unit_id", "staff_id"),
)

console_session = Table(
    "console_session",
    metadata,
    unit(),
    key("session_mac"),
    text("staff_id", STAFF_CODE),
    text("stage", 8),
    text("device", 60),
    instant("begun_at"),
    instant("seen_at"),
    instant("ends_at"),
    Index("ix_console_session_staff", "unit_id", "staff_id"),
)

console_attempt = Table(
    "console_attempt",
    metadata,
    unit(),
    key("kind", 8),
    key("subject_mac"),
    Column("failures", Integer, nullable=False),
    instant("failed_at"),
    instant("open_at"),
)
