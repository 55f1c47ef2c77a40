"""How does a member get a secret address of the calendar, and how is it closed?"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action, may
from storage import feeds, staff

BYTES: Final = 32


async def open_feed(desk: Desk) -> str:
    """Close the member's old address, return the secret of a new one; told once."""
    secret = secrets.token_urlsafe(BYTES)

    def work(connection: Connection) -> str:
        now, feed_id = desk.now_ms(), desk.ids.new()
        feeds.revoke(connection, desk.unit_id, desk.by, now)
        row = {
            "unit_id": desk.unit_id,
            "feed_id": feed_id,
            "staff_id": desk.by,
            "secret_mac": feeds.mark_of(secret),
            "created_at": now,
            "revoked_at": None,
        }
        feeds.add(connection, row)
        desk.prove(connection, Tag.FEED_OPENED, feed_id)
        return secret

    return await desk.change(Action.SEE_LETTERS, work)


async def close_feed(desk: Desk) -> int:
    """Close the member's address; return how many were open."""

    def work(connection: Connection) -> int:
        closed = feeds.revoke(connection, desk.unit_id, desk.by, desk.now_ms())
        desk.prove(connection, Tag.FEED_CLOSED, desk.by, closed=closed)
        return closed

    return await desk.change(Action.SEE_LETTERS, work)


async def has_feed(desk: Desk) -> bool:
    """Whether the member has an open address."""
    return await desk.look(
        Action.SEE_LETTERS,
        lambda c: feeds.of_staff(c, desk.unit_id, desk.by) is not None,
    )


def reader(connection: Connection, secret: str) -> Mapping[str, Any] | None:
    """Return the feed of a secret whose member may still see letters; else None."""
    found = feeds.find(connection, secret)
    if found is None:
        return None
    roles = staff.roles_of(connection, found["unit_id"], found["staff_id"])
    return found if may(roles, Action.SEE_LETTERS) else None
