"""By which ways do letters come, get approved and get delivered beside the console?

Codes, times and keyed hashes alone; what was said of somebody is a sealed item.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint

from storage.tables.base import instant, key, metadata, sealed, text, unit

STAFF_CODE = 40

api_token = Table(
    "api_token",
    metadata,
    unit(),
    key("name", 24),
    text("token_mac"),
    text("created_by", STAFF_CODE),
    instant("created_at"),
    instant("ended_at", nullable=True),
    UniqueConstraint("unit_id", "token_mac"),
)

occasion = Table(
    "occasion",
    metadata,
    unit(),
    key("occasion_id"),
    text("event", 24),
    text("state", 12),
    text("result", 24),
    text("source", 32),
    text("key_mac"),
    text("body_mac"),
    text("person_id", 32, nullable=True),
    text("item_id", 32, nullable=True),
    text("occasion_mac", 64, nullable=True),
    text("subject_mac", 64, nullable=True),
    text("letter_id", 32, nullable=True),
    text("waits_for", 32, nullable=True),
    instant("created_at"),
    instant("updated_at"),
    UniqueConstraint("unit_id", "key_mac"),
    Index("ix_occasion_state", "unit_id", "state", "created_at"),
    Index("ix_occasion_person", "unit_id", "person_id"),
    Index("ix_occasion_subject", "unit_id", "subject_mac"),
    Index("ix_occasion_mac", "unit_id", "occasion_mac"),
)

letter_code = Table(
    "letter_code",
    metadata,
    unit(),
    key("letter_id"),
    key("staff_id", STAFF_CODE),
    text("code_mac"),
    Column("mark", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    instant("expires_at"),
    instant("used_at", nullable=True),
)

letter_receipt = Table(
    "letter_receipt",
    metadata,
    unit(),
    key("letter_id"),
    text("person_id", 32),
    text("item_id", 32),
    text("file_id", 32, nullable=True),
    text("by", STAFF_CODE),
    instant("at"),
    Index("ix_letter_receipt_person", "unit_id", "person_id"),
)

letter_signature = Table(
    "letter_signature",
    metadata,
    unit(),
    key("letter_id"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    text("person_id", 32),
    text("file_id", 32, nullable=True),
    text("form_file_id", 32, nullable=True),
    text("level", 8),
    text("reason", 32, nullable=True),
    text("by", STAFF_CODE),
    instant("at"),
    Index("ix_letter_signature_person", "unit_id", "person_id"),
)

letter_own_kind = Table(
    "letter_own_kind",
    metadata,
    unit(),
    key("code", 40),
    Column("version", Integer, primary_key=True, autoincrement=False),
    sealed("sealed"),
    Column("is_offered", Boolean, nullable=False),
    text("by", STAFF_CODE),
    instant("at"),
)
