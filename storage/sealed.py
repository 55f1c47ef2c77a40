"""What lies in the sealed queue, and how does it get in, to its readers, and out?

All functions work in the caller's transaction; what is sealed comes and goes sealed
(storage.keys.SealedKeys). Days are ISO, local; nothing finer is in the open.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database import insert
from storage.tables import sealed_entry, sealed_source

Row = dict[str, Any]

OPEN = "open"
CLOSED = "closed"
INSPECTED = "inspected"
"""Closed because it was handed on for inspection: Luật Tố cáo 25/2018 Điều 25."""


def add(connection: Connection, row: Mapping[str, Any]) -> None:
    """Insert an entry."""
    blank = {"state": OPEN, "closed_by": None, "closed_day": None}
    connection.execute(sealed_entry.insert(), blank | dict(row))


def add_sources(
    connection: Connection, unit_id: str, macs: Collection[str], day: str
) -> None:
    """Note events whose words may stand in no raw body, whenever it comes again."""
    rows = [{"unit_id": unit_id, "source_mac": m, "day": day} for m in sorted(macs)]
    if rows:
        statement = insert(connection, sealed_source).on_conflict_do_nothing()
        connection.execute(statement, rows)


def has_sources(connection: Connection, unit_id: str) -> bool:
    """Whether there is any such event (of the days that are kept)."""
    query = select(sealed_source.c.source_mac).where(sealed_source.c.unit_id == unit_id)
    return connection.execute(query.limit(1)).first() is not None


def known_sources(
    connection: Connection, unit_id: str, macs: Collection[str]
) -> frozenset[str]:
    """Return those of the macs that are such events."""
    query = select(sealed_source.c.source_mac).where(
        sealed_source.c.unit_id == unit_id, sealed_source.c.source_mac.in_(list(macs))
    )
    return frozenset(connection.execute(query).scalars())


def drop_sources(connection: Connection, before: str) -> None:
    """Forget events of days before that day: no raw body is that old."""
    connection.execute(delete(sealed_source).where(sealed_source.c.day < before))


def listed(
    connection: Connection, unit_id: str, states: Sequence[str], limit: int
) -> list[Row]:
    """Return entries without their words, newest day first."""
    shown = (
        sealed_entry.c.entry_id,
        sealed_entry.c.day,
        sealed_entry.c.state,
        sealed_entry.c.closed_by,
        sealed_entry.c.closed_day,
    )
    query = (
        select(*shown)
        .where(
            sealed_entry.c.unit_id == unit_id, sealed_entry.c.state.in_(list(states))
        )
        .order_by(sealed_entry.c.day.desc(), sealed_entry.c.entry_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def get(connection: Connection, unit_id: str, entry_id: str) -> Row | None:
    """Return one entry with its sealed words and contact."""
    query = select(sealed_entry).where(
        sealed_entry.c.unit_id == unit_id, sealed_entry.c.entry_id == entry_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def close(
    connection: Connection, unit_id: str, entry_id: str, state: str, by: str, day: str
) -> bool:
    """End an open entry; False when it is not open (any more)."""
    done = connection.execute(
        update(sealed_entry)
        .where(
            sealed_entry.c.unit_id == unit_id,
            sealed_entry.c.entry_id == entry_id,
            sealed_entry.c.state == OPEN,
        )
        .values(state=state, closed_by=by, closed_day=day)
    )
    return done.rowcount == 1


def forget(connection: Connection, unit_id: str, person_mac: str) -> int:
    """Delete a person's entries; return how many.

    What is under inspection stays, for that is the duty of the authority (Luật Tố cáo
    25/2018 Điều 25), but without anything that leads to the person.
    """
    mine = (
        sealed_entry.c.unit_id == unit_id,
        sealed_entry.c.person_mac == person_mac,
    )
    gone = connection.execute(
        delete(sealed_entry).where(*mine, sealed_entry.c.state != INSPECTED)
    ).rowcount
    connection.execute(
        update(sealed_entry).where(*mine).values(person_mac=None, contact=None)
    )
    return gone
