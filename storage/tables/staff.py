"""Who works for a unit? A code, roles, and everything personal sealed.

The same code in two units is one person who serves both; each unit keeps its own
sealed copy under its own keys. A password hash joins ``staff_member`` later.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, false

from storage.tables.base import instant, key, metadata, sealed, text, unit

STAFF_CODE = 40
"""Characters of the code a person of the commune is known by."""

staff_member = Table(
    "staff_member",
    metadata,
    unit(),
    key("staff_id", STAFF_CODE),
    text("state", 8),
    sealed("sealed"),
    Column("is_public", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
    instant("added_at"),
    instant("changed_at"),
    instant("left_at", nullable=True),
    Index("ix_staff_member_id", "staff_id"),
)

staff_role = Table(
    "staff_role",
    metadata,
    unit(),
    key("staff_id", STAFF_CODE),
    key("role", 16),
    instant("granted_at"),
    text("granted_by", STAFF_CODE),
)

staff_route = Table(
    "staff_route",
    metadata,
    unit(),
    key("staff_id", STAFF_CODE),
    key("kind", 12),
    text("address_mac", 32),
    sealed("sealed"),
    Index("uq_staff_route_address", "unit_id", "kind", "address_mac", unique=True),
)

staff_head = Table(
    "staff_head",
    metadata,
    unit(),
    Column("version", Integer, nullable=False),
    instant("changed_at"),
)
