"""How far are deadlines worked out under a calendar? Cases are taken by their id.

All functions work in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage.database import insert
from storage.tables import case_record, case_recount


@dataclass(frozen=True, slots=True)
class Place:
    """``after``: the last case that was looked at, "" for none, None for all of them.

    ``facts`` tells one calendar and law from another, "" for none so far.
    """

    facts: str = ""
    after: str | None = ""


def place(connection: Connection, unit_id: str, facts: str) -> Place:
    """Return how far a unit is under these facts; at the first case for new ones."""
    row = connection.execute(
        select(case_recount).where(case_recount.c.unit_id == unit_id)
    ).first()
    is_known = row is not None and row.facts == facts
    return Place(facts, row.after if row is not None and is_known else "")


def put(connection: Connection, unit_id: str, to: Place) -> None:
    """Remember how far a unit is."""
    values = {"facts": to.facts, "after": to.after}
    made = insert(connection, case_recount).values(unit_id=unit_id, **values)
    connection.execute(
        made.on_conflict_do_update(index_elements=["unit_id"], set_=values)
    )


def open_after(
    connection: Connection, unit_id: str, kinds: Sequence[str], after: str, limit: int
) -> list[str]:
    """Return the ids of open cases of these kinds after one, in order."""
    wanted = _open(unit_id, kinds, after)
    query = select(case_record.c.case_id).where(*wanted)
    query = query.order_by(case_record.c.case_id).limit(limit)
    return list(connection.execute(query).scalars())


def left(connection: Connection, unit_id: str, kinds: Sequence[str], at: Place) -> int:
    """Count the open cases that are still to be looked at."""
    if at.after is None:
        return 0
    query = select(func.count()).where(*_open(unit_id, kinds, at.after))
    return int(connection.execute(query).scalar_one())


def _open(
    unit_id: str, kinds: Sequence[str], after: str
) -> tuple[ColumnElement[bool], ...]:
    head = case_record.c
    return (
        head.unit_id == unit_id,
        head.closed_at.is_(None),
        head.kind.in_(list(kinds)),
        head.case_id > after,
    )
