"""Which cases are there to do, and which of their clocks have run out? By index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage.tables import case_clock, case_record


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases a list shows; empty fields do not narrow it.

    ``due_before`` is UTC ms. ``kinds`` are those that the reader may see.
    """

    kinds: tuple[str, ...]
    state: str = ""
    kind: str = ""
    owner: str = ""
    due_before: int | None = None
    is_waiting: bool = False
    with_closed: bool = False


def listed(
    connection: Connection,
    unit_id: str,
    wanted: Wanted,
    limit: int = 50,
    after: tuple[int, str] | None = None,
) -> list[dict[str, Any]]:
    """Return heads by due time; ``after`` is (due_at, case_id) of the last one seen."""
    head = case_record.c
    where = [head.unit_id == unit_id, *_narrowed(wanted)]
    if after is not None:
        due_at, case_id = after
        where.append(
            (head.due_at > due_at)
            | ((head.due_at == due_at) & (head.case_id > case_id))
        )
    query = select(case_record).where(*where)
    ordered = query.order_by(head.due_at, head.case_id).limit(limit)
    return [dict(row) for row in connection.execute(ordered).mappings()]


def counted(
    connection: Connection, unit_id: str, kinds: Sequence[str]
) -> dict[str, int]:
    """Count open cases by state."""
    query = (
        select(case_record.c.state, func.count())
        .where(
            case_record.c.unit_id == unit_id,
            case_record.c.closed_at.is_(None),
            case_record.c.kind.in_(list(kinds)),
        )
        .group_by(case_record.c.state)
    )
    return {state: number for state, number in connection.execute(query)}  # noqa: C416  rows are not pairs to mypy


def running(
    connection: Connection, unit_id: str, before: int, limit: int = 1000
) -> list[dict[str, Any]]:
    """Return the running clocks due before an instant (UTC ms), most urgent first."""
    query = (
        select(case_clock)
        .where(
            case_clock.c.unit_id == unit_id,
            case_clock.c.stopped_at.is_(None),
            case_clock.c.due_at < before,
        )
        .order_by(case_clock.c.due_at, case_clock.c.case_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    head = case_record.c
    where: list[ColumnElement[bool]] = [head.kind.in_(wanted.kinds)]
    if wanted.kind:
        where.append(head.kind == wanted.kind)
    if wanted.state:
        where.append(head.state == wanted.state)
    if wanted.owner:
        where.append(head.owner == wanted.owner)
    if wanted.due_before is not None:
        where.append(head.due_at < wanted.due_before)
    if wanted.is_waiting:
        where.append(head.is_waiting)
    if not wanted.with_closed:
        where.append(head.closed_at.is_(None))
    return where
