"""Who holds a place or a work for a while, whichever process they came through?

Times are UTC ms. A lease that ran out counts as gone, and is dropped by the next one
of its name.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert
from storage.tables import console_lease

ONLY = "one"
"""The holder of what only one may hold."""


def hold(
    connection: Connection, unit_id: str, name: str, holder: str, until: int
) -> None:
    """Hold a place until an instant, beside others."""
    row = {"unit_id": unit_id, "name": name, "holder": holder, "until": until}
    made = insert(connection, console_lease).values(row)
    key = ["unit_id", "name", "holder"]
    connection.execute(
        made.on_conflict_do_update(index_elements=key, set_={"until": until})
    )


def take(connection: Connection, unit_id: str, name: str, now: int, until: int) -> bool:
    """Hold what only one may hold; whether nobody held it."""
    _forget(connection, unit_id, name, now)
    row = {"unit_id": unit_id, "name": name, "holder": ONLY, "until": until}
    made = insert(connection, console_lease).values(row).on_conflict_do_nothing()
    return connection.execute(made).rowcount == 1


def holders(
    connection: Connection, unit_id: str, name: str, now: int
) -> tuple[str, ...]:
    """Return who holds it now, in order."""
    query = select(console_lease.c.holder).where(
        *_named(unit_id, name), console_lease.c.until > now
    )
    found = connection.execute(query.order_by(console_lease.c.holder))
    return tuple(found.scalars())


def forget(connection: Connection, unit_id: str, now: int) -> None:
    """Drop all that ran out in a unit."""
    connection.execute(
        delete(console_lease).where(
            console_lease.c.unit_id == unit_id, console_lease.c.until <= now
        )
    )


def drop(connection: Connection, unit_id: str, name: str, holder: str = ONLY) -> None:
    """Let go."""
    connection.execute(
        delete(console_lease).where(
            *_named(unit_id, name), console_lease.c.holder == holder
        )
    )


def _forget(connection: Connection, unit_id: str, name: str, now: int) -> None:
    connection.execute(
        delete(console_lease).where(
            *_named(unit_id, name), console_lease.c.until <= now
        )
    )


def _named(unit_id: str, name: str) -> tuple[ColumnElement[Any], ...]:
    return (console_lease.c.unit_id == unit_id, console_lease.c.name == name)
