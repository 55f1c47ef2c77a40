"""Which lessons wait for a person, which were approved, and how often is what used?

A candidate's masked words are a vault item of the person they came from; an approved
example belongs to nobody and is sealed under the unit's key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert, insert_for
from storage.tables import (
    lesson_candidate,
    lesson_example,
    person,
    usage_count,
    vault_item,
)

Record = Mapping[str, Any]


def add_candidates(connection: Connection, rows: Sequence[Record]) -> None:
    """Insert candidates; their words are vault items of the same transaction."""
    if rows:
        bulk(connection, ADD_CANDIDATES, rows)


def candidates(
    connection: Connection, unit_id: str, limit: int
) -> list[dict[str, Any]]:
    """Return the newest candidates with sealed words and the key to open them."""
    query = _with_words(unit_id).order_by(lesson_candidate.c.lesson_id.desc())
    rows = connection.execute(query.limit(limit)).mappings()
    return [dict(row) for row in rows]


def candidate(
    connection: Connection, unit_id: str, lesson_id: str
) -> dict[str, Any] | None:
    """Return one candidate with its sealed words, None when it is gone."""
    query = _with_words(unit_id).where(lesson_candidate.c.lesson_id == lesson_id)
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def drop_candidates(
    connection: Connection, unit_id: str, lesson_ids: Sequence[str]
) -> int:
    """Delete candidates that were decided, words and all; return how many."""
    mine = (
        lesson_candidate.c.unit_id == unit_id,
        lesson_candidate.c.lesson_id.in_(list(lesson_ids)),
    )
    return _drop(connection, unit_id, mine)


def drop_of_person(connection: Connection, unit_id: str, person_id: str) -> int:
    """Delete all candidates of a person who does not agree any more."""
    mine = (
        lesson_candidate.c.unit_id == unit_id,
        lesson_candidate.c.person_id == person_id,
    )
    return _drop(connection, unit_id, mine)


def drop_older(connection: Connection, unit_id: str, before: int) -> int:
    """Delete candidates that nobody looked at; ``before`` is UTC ms."""
    old = (
        lesson_candidate.c.unit_id == unit_id,
        lesson_candidate.c.created_at < before,
    )
    return _drop(connection, unit_id, old)


def add_example(connection: Connection, row: Record) -> bool:
    """Insert an approved example; False when the same sentence was approved before."""
    statement = insert(connection, lesson_example).values(dict(row))
    done = connection.execute(statement.on_conflict_do_nothing())
    return done.rowcount == 1


def examples(connection: Connection, unit_id: str) -> list[dict[str, Any]]:
    """Return all approved examples, oldest first."""
    query = (
        select(lesson_example)
        .where(lesson_example.c.unit_id == unit_id)
        .order_by(lesson_example.c.example_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def drop_example(connection: Connection, unit_id: str, example_id: str) -> bool:
    """Withdraw an approved example; whether it was there."""
    gone = connection.execute(
        delete(lesson_example).where(
            lesson_example.c.unit_id == unit_id,
            lesson_example.c.example_id == example_id,
        )
    )
    return gone.rowcount == 1


def count_use(connection: Connection, rows: Sequence[Record]) -> None:
    """Add to the counts: unit, day (local), code, sign, slot, count.

    A slot is a small number that differs between citizens, so that workers on
    PostgreSQL seldom wait for one another at a procedure that everybody asks for.
    """
    statement = COUNT_USE[connection.dialect.name]
    for row in sorted(rows, key=lambda one: (one["code"], one["sign"])):
        connection.execute(statement, dict(row))


def usage(
    connection: Connection, unit_id: str, since: str
) -> list[tuple[str, str, str, int]]:
    """Return (day, code, sign, count) from a day on (ISO, local)."""
    counted = usage_count.c
    query = (
        select(counted.day, counted.code, counted.sign, func.sum(counted.count))
        .where(counted.unit_id == unit_id, counted.day >= since)
        .group_by(counted.day, counted.code, counted.sign)
    )
    return [
        (day, code, sign, int(total))
        for day, code, sign, total in connection.execute(query)
    ]


def drop_usage(connection: Connection, unit_id: str, before: str) -> None:
    """Delete counts of days before that day (ISO, local)."""
    connection.execute(
        delete(usage_count).where(
            usage_count.c.unit_id == unit_id, usage_count.c.day < before
        )
    )


def _with_words(unit_id: str) -> Select[Any]:
    """Candidates whose person was not erased, with their words."""
    return (
        select(lesson_candidate, vault_item.c.sealed, person.c.wrapped_key)
        .join(
            vault_item,
            (vault_item.c.unit_id == lesson_candidate.c.unit_id)
            & (vault_item.c.item_id == lesson_candidate.c.item_id),
        )
        .join(
            person,
            (person.c.unit_id == lesson_candidate.c.unit_id)
            & (person.c.person_id == lesson_candidate.c.person_id),
        )
        .where(lesson_candidate.c.unit_id == unit_id, person.c.wrapped_key.is_not(None))
    )


def _drop(connection: Connection, unit_id: str, which: Sequence[Any]) -> int:
    items = select(lesson_candidate.c.item_id).where(*which)
    connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id, vault_item.c.item_id.in_(items)
        )
    )
    return connection.execute(delete(lesson_candidate).where(*which)).rowcount


def _count_use(dialect: str) -> sqlite.Insert | postgresql.Insert:
    statement = insert_for(dialect, usage_count)
    return statement.on_conflict_do_update(
        index_elements=["unit_id", "day", "code", "sign", "slot"],
        set_={"count": usage_count.c.count + statement.excluded.count},
    )


COUNT_USE = {dialect: _count_use(dialect) for dialect in DIALECTS}
ADD_CANDIDATES = Bulk(
    lesson_candidate.insert(),
    (
        "unit_id",
        "lesson_id",
        "person_id",
        "item_id",
        "label",
        "source",
        "is_right",
        "created_at",
    ),
)
