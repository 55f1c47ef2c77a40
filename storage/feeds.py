"""Which secret addresses of the calendar are open, and whose is each?

The secret itself is kept nowhere, only its SHA-256. Times are UTC milliseconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, select, update

from storage.tables import calendar_feed

Row = Mapping[str, Any]


def mark_of(secret: str) -> str:
    """Return what is kept of a secret (32 random bytes: no salt is needed)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def add(connection: Connection, row: Row) -> None:
    """Insert a feed."""
    connection.execute(insert(calendar_feed).values(dict(row)))


def of_staff(connection: Connection, unit_id: str, staff_id: str) -> Row | None:
    """Return the open feed of a member, None when there is none."""
    query = select(calendar_feed).where(
        calendar_feed.c.unit_id == unit_id,
        calendar_feed.c.staff_id == staff_id,
        calendar_feed.c.revoked_at.is_(None),
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def find(connection: Connection, secret: str) -> Row | None:
    """Return the open feed of a secret."""
    query = select(calendar_feed).where(
        calendar_feed.c.secret_mac == mark_of(secret),
        calendar_feed.c.revoked_at.is_(None),
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def revoke(connection: Connection, unit_id: str, staff_id: str, now: int) -> int:
    """Close every feed of a member; return how many were open."""
    done = connection.execute(
        update(calendar_feed)
        .where(
            calendar_feed.c.unit_id == unit_id,
            calendar_feed.c.staff_id == staff_id,
            calendar_feed.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    return done.rowcount
