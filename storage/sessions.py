"""Which sessions of the console are open? Known by a keyed hash, never by the token.

Times are UTC milliseconds. ``ends_at`` is the end whatever happens; how long somebody
may be idle is the caller's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.tables import console_session

Row = Mapping[str, Any]


def begin(connection: Connection, row: Row) -> None:
    """Keep a new session."""
    connection.execute(console_session.insert(), dict(row))


def find(
    connection: Connection, unit_id: str, mac: str, now: int, idle_since: int
) -> dict[str, Any] | None:
    """Return a session that is neither over nor idle since before that instant."""
    query = select(console_session).where(
        console_session.c.unit_id == unit_id,
        console_session.c.session_mac == mac,
        console_session.c.ends_at > now,
        console_session.c.seen_at > idle_since,
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def of_person(
    connection: Connection, unit_id: str, staff_id: str, now: int, idle_since: int
) -> list[dict[str, Any]]:
    """Return the open sessions of somebody, the latest used first."""
    query = (
        select(console_session)
        .where(
            console_session.c.unit_id == unit_id,
            console_session.c.staff_id == staff_id,
            console_session.c.ends_at > now,
            console_session.c.seen_at > idle_since,
        )
        .order_by(console_session.c.seen_at.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def see(connection: Connection, unit_id: str, mac: str, now: int) -> None:
    """Note that a session was used."""
    connection.execute(
        update(console_session)
        .where(
            console_session.c.unit_id == unit_id,
            console_session.c.session_mac == mac,
        )
        .values(seen_at=now)
    )


def end(connection: Connection, unit_id: str, mac: str) -> bool:
    """Delete a session; False when there is none."""
    done = connection.execute(
        delete(console_session).where(
            console_session.c.unit_id == unit_id,
            console_session.c.session_mac == mac,
        )
    )
    return done.rowcount == 1


def end_all(
    connection: Connection, unit_id: str, staff_id: str, *, but: str = ""
) -> int:
    """Delete the sessions of somebody but one; return how many went."""
    return connection.execute(
        delete(console_session).where(
            console_session.c.unit_id == unit_id,
            console_session.c.staff_id == staff_id,
            console_session.c.session_mac != but,
        )
    ).rowcount


def sweep(connection: Connection, unit_id: str, now: int, idle_since: int) -> int:
    """Delete what is over or idle; return how many went."""
    return connection.execute(
        delete(console_session).where(
            console_session.c.unit_id == unit_id,
            (console_session.c.ends_at <= now)
            | (console_session.c.seen_at <= idle_since),
        )
    ).rowcount
