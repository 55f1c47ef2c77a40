"""How far is the article of a greeting, and its broadcast? One row a greeting.

A change names the ``mark`` it saw. Times are UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import greeting_article

Row = Mapping[str, Any]


def get(
    connection: Connection, unit_id: str, greeting_id: str
) -> dict[str, Any] | None:
    """Return the row of a greeting's article."""
    query = select(greeting_article).where(*_is(unit_id, greeting_id))
    row = connection.execute(query).mappings().first()
    return dict(row) if row is not None else None


def add(connection: Connection, row: Row) -> bool:
    """Insert; False when there is one."""
    statement = insert(connection, greeting_article).values(dict(row))
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def change(
    connection: Connection, unit_id: str, greeting_id: str, seen: int, **values: Any
) -> None:
    """Write by compare-and-swap of ``mark``; raises ConflictError."""
    done = connection.execute(
        update(greeting_article)
        .where(*_is(unit_id, greeting_id), greeting_article.c.mark == seen)
        .values(mark=seen + 1, **values)
    )
    if done.rowcount != 1:
        raise ConflictError("greeting_article")


def _is(unit_id: str, greeting_id: str) -> tuple[Any, Any]:
    return (
        greeting_article.c.unit_id == unit_id,
        greeting_article.c.greeting_id == greeting_id,
    )
