"""Where does personal data live? Only here, sealed under the person's own key."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, false

from storage.tables.base import instant, key, metadata, sealed, text, unit

person = Table(
    "person",
    metadata,
    unit(),
    key("person_id"),
    Column("wrapped_key", LargeBinary, nullable=True),
    instant("created_at"),
    instant("erased_at", nullable=True),
)

identity = Table(
    "identity",
    metadata,
    unit(),
    key("channel", 16),
    key("id_mac"),
    text("person_id", 32),
    sealed("sealed_id"),
    Index("ix_identity_person", "unit_id", "person_id"),
)

vault_item = Table(
    "vault_item",
    metadata,
    unit(),
    key("item_id"),
    text("person_id", 32),
    text("kind", 24),
    sealed("sealed"),
    instant("created_at"),
    Index("ix_vault_item_person", "unit_id", "person_id", "created_at"),
)

conversation = Table(
    "conversation",
    metadata,
    unit(),
    key("person_id"),
    key("channel", 16),
    Column("version", Integer, nullable=False),
    sealed("sealed"),
    Column("opted_out", Boolean, nullable=False, server_default=false()),
    instant("muted_until", nullable=True),
    instant("last_inbound_at"),
    Column("sent_since_inbound", Integer, nullable=False, server_default="0"),
    instant("updated_at"),
    Index("ix_conversation_recent", "unit_id", "last_inbound_at", "person_id"),
)

handover = Table(
    "handover",
    metadata,
    unit(),
    key("handover_id"),
    text("person_id", 32),
    text("channel", 16),
    text("reason", 40),
    text("item_id", 32),
    text("state", 16),
    instant("due_at"),
    instant("opened_at"),
    Index("ix_handover_state", "unit_id", "state", "due_at"),
)
