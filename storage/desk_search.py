"""Where do words stand that staff search for? Tokens are keyed hashes, never words.

All functions work in the caller's transaction. What is new is found by the ids of vault
items, which begin with their time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert, is_postgres
from storage.tables import (
    case_history,
    case_record,
    desk_search,
    desk_search_mark,
    person,
    vault_item,
)

CASE, TALK = "case", "talk"
WORDS = "citizen:message:received"
WROTE = "staff:message:written"
STEP = "case"
KINDS = (WORDS, WROTE, STEP)
"""The kinds of vault items whose words can be searched for."""
NEWEST = 20_000
"""How many places of the rarest word are looked at."""
BY_COUNT = 2_000

Row = dict[str, Any]


def put(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add places of words; what is there already stays."""
    found = [dict(row) for row in rows]
    if found:
        connection.execute(
            insert(connection, desk_search).on_conflict_do_nothing(), found
        )


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Drop all places of a person's words."""
    connection.execute(
        delete(desk_search).where(
            desk_search.c.unit_id == unit_id, desk_search.c.person_id == person_id
        )
    )


def clear(connection: Connection, unit_id: str) -> None:
    """Forget a unit's words, so that they are read again from the first."""
    for table in (desk_search, desk_search_mark):
        connection.execute(delete(table).where(table.c.unit_id == unit_id))


def mark(connection: Connection, unit_id: str) -> str:
    """Return the vault item up to which words are known, "" for none."""
    query = select(desk_search_mark.c.item_id).where(
        desk_search_mark.c.unit_id == unit_id
    )
    return str(connection.execute(query).scalar() or "")


def set_mark(connection: Connection, unit_id: str, item_id: str) -> None:
    """Remember up to where words are known."""
    made = insert(connection, desk_search_mark).values(unit_id=unit_id, item_id=item_id)
    connection.execute(
        made.on_conflict_do_update(
            index_elements=["unit_id"], set_={"item_id": item_id}
        )
    )


def fresh(connection: Connection, unit_id: str, after: str, limit: int) -> list[Row]:
    """Return items with words after an id, oldest first, with their person's key.

    They are locked on PostgreSQL: what is deleted meanwhile must not be put in.
    """
    query = (
        select(vault_item, person.c.wrapped_key)
        .join(
            person,
            (person.c.unit_id == vault_item.c.unit_id)
            & (person.c.person_id == vault_item.c.person_id),
        )
        .where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id > after,
            vault_item.c.kind.in_(KINDS),
        )
        .order_by(vault_item.c.item_id)
        .limit(limit)
    )
    if is_postgres(connection):
        query = query.with_for_update(read=True, of=vault_item)
    return [dict(row) for row in connection.execute(query).mappings()]


def has_fresh(connection: Connection, unit_id: str, after: str) -> bool:
    """Whether there is anything to read after an id."""
    query = (
        select(vault_item.c.item_id)
        .where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id > after,
            vault_item.c.kind.in_(KINDS),
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def cases_of(
    connection: Connection, unit_id: str, items: Sequence[Row]
) -> dict[str, tuple[str, str]]:
    """Return item -> (case id, code) for the words of steps of cases."""
    whose = {row["person_id"] for row in items if row["kind"] == STEP}
    if not whose:
        return {}
    query = (
        select(case_history.c.item_id, case_record.c.case_id, case_record.c.code)
        .join(
            case_record,
            (case_record.c.unit_id == case_history.c.unit_id)
            & (case_record.c.case_id == case_history.c.case_id),
        )
        .where(
            case_record.c.unit_id == unit_id,
            case_record.c.person_id.in_(whose),
            case_history.c.item_id.in_([row["item_id"] for row in items]),
        )
    )
    return {row.item_id: (row.case_id, row.code) for row in connection.execute(query)}


def found(
    connection: Connection,
    unit_id: str,
    kind: str,
    tokens: Sequence[str],
    limit: int,
    before: str = "",
) -> list[str]:
    """Return the ids of what holds all these words, newest first.

    ``before`` is the last one seen. Words are looked up from the rarest on.
    """
    if not tokens:
        return []
    rare, *others = sorted(tokens, key=lambda t: _count(connection, unit_id, kind, t))
    query = select(desk_search.c.ref).where(*_places(unit_id, kind, rare))
    if before:
        query = query.where(desk_search.c.ref < before)
    if floor := _floor(connection, query):
        query = query.where(desk_search.c.ref >= floor)
    for other in others:
        place = desk_search.alias()
        query = query.where(
            select(place.c.ref)
            .where(
                place.c.unit_id == unit_id,
                place.c.token == other,
                place.c.kind == kind,
                place.c.ref == desk_search.c.ref,
            )
            .exists()
        )
    rows = connection.execute(query.order_by(desk_search.c.ref.desc()).limit(limit))
    return list(rows.scalars())


def _floor(connection: Connection, query: Select[tuple[str]]) -> str:
    """Return the oldest place that is still looked at, "" for all of them."""
    newest = query.order_by(desk_search.c.ref.desc()).offset(NEWEST).limit(1)
    return str(connection.execute(newest).scalar() or "")


def _count(connection: Connection, unit_id: str, kind: str, token: str) -> int:
    """How often a word stands, as far as it matters."""
    values = {"b_unit": unit_id, "b_kind": kind, "b_token": token}
    return int(connection.execute(COUNT, values).scalar_one())


def _places(unit_id: str, kind: str, token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        desk_search.c.unit_id == unit_id,
        desk_search.c.token == token,
        desk_search.c.kind == kind,
    )


COUNT = select(func.count()).select_from(
    select(desk_search.c.ref)
    .where(
        desk_search.c.unit_id == bindparam("b_unit"),
        desk_search.c.token == bindparam("b_token"),
        desk_search.c.kind == bindparam("b_kind"),
    )
    .limit(BY_COUNT)
    .subquery()
)
