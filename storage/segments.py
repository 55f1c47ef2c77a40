"""Who is in which group, by whose word, and how many may be greeted so?

A tag without consent is not kept. Days are ISO, times UTC milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select

from storage.database import insert
from storage.tables import person_tag

Row = Mapping[str, Any]


def add(connection: Connection, rows: Sequence[Row]) -> int:
    """Insert tags; return how many were new."""
    statement = insert(connection, person_tag).on_conflict_do_nothing()
    return sum(connection.execute(statement, dict(row)).rowcount for row in rows)


def of_person(
    connection: Connection, unit_id: str, person_id: str
) -> list[dict[str, Any]]:
    """Return the tags of one person."""
    query = (
        select(person_tag)
        .where(person_tag.c.unit_id == unit_id, person_tag.c.person_id == person_id)
        .order_by(person_tag.c.tag)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def counts(connection: Connection, unit_id: str) -> dict[str, int]:
    """Return how many people each tag has."""
    query = (
        select(person_tag.c.tag, func.count())
        .where(person_tag.c.unit_id == unit_id)
        .group_by(person_tag.c.tag)
    )
    return {str(tag): int(number) for tag, number in connection.execute(query)}


def remove(connection: Connection, unit_id: str, person_id: str, tag: str) -> bool:
    """Take one tag from a person; False when there was none."""
    done = connection.execute(
        delete(person_tag).where(
            person_tag.c.unit_id == unit_id,
            person_tag.c.person_id == person_id,
            person_tag.c.tag == tag,
        )
    )
    return done.rowcount == 1


def clear(connection: Connection, unit_id: str, tag: str) -> int:
    """Take a tag from everybody; return how many had it."""
    done = connection.execute(
        delete(person_tag).where(
            person_tag.c.unit_id == unit_id, person_tag.c.tag == tag
        )
    )
    return done.rowcount


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Take every tag from a person."""
    connection.execute(
        delete(person_tag).where(
            person_tag.c.unit_id == unit_id, person_tag.c.person_id == person_id
        )
    )
