"""Who does the work of which tick of the clock? Whoever inserts its row.

A row is claimed by insertion, so of several processes one gets it; its lease ends when
the process dies, and another takes it up. A tick that passed while nobody looked is
listed: skipped, or asked about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from storage.database import insert
from storage.errors import LeaseLostError
from storage.tables import schedule_fire
from storage.tables.base import is_one_of

Row = Mapping[str, Any]


class FireState(StrEnum):
    """Where a fire stands; ``ASKED`` waits for a person, ``CLAIMED`` is at work."""

    CLAIMED = "claimed"
    ASKED = "asked"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


ENDED = (FireState.DONE, FireState.SKIPPED, FireState.FAILED)


@dataclass(frozen=True, slots=True)
class Fire:
    """One tick for one unit; ``occurrence`` is a UTC minute (2026-11-25T00:30Z).

    ``attempt`` counts from 1; whoever holds that attempt may finish it.
    """

    unit_id: str
    schedule: str
    occurrence: str
    attempt: int = 1


def claim(
    connection: Connection, fires: Sequence[Fire], owner: str, until: int, now: int
) -> list[Fire]:
    """Insert rows; return those that were not there: they are ours. Times: UTC ms."""
    if not fires:
        return []
    rows = [
        _row(fire, FireState.CLAIMED, now) | {"owner": owner, "lease_until": until}
        for fire in fires
    ]
    statement = insert(connection, schedule_fire).values(rows)
    made = connection.execute(
        statement.on_conflict_do_nothing().returning(
            schedule_fire.c.unit_id,
            schedule_fire.c.schedule,
            schedule_fire.c.occurrence,
        )
    )
    ours = {tuple(row) for row in made}
    return [f for f in fires if (f.unit_id, f.schedule, f.occurrence) in ours]


def note(
    connection: Connection, fire: Fire, state: FireState, missed: int, now: int
) -> bool:
    """List a tick that passed, standing for so many; False when it is listed."""
    row = _row(fire, state, now) | {"missed": missed, "attempt": 0}
    row["done_at"] = now if state in ENDED else None
    statement = insert(connection, schedule_fire).values(row)
    return connection.execute(statement.on_conflict_do_nothing()).rowcount == 1


def abandoned(
    connection: Connection, units: Sequence[str], now: int, *, everything: bool = False
) -> list[Fire]:
    """Return fires whose lease ended; ``everything``: nobody else can hold one."""
    fire = schedule_fire.c
    query = select(fire.unit_id, fire.schedule, fire.occurrence, fire.attempt).where(
        fire.unit_id.in_(list(units)), is_one_of(fire.state, FireState.CLAIMED)
    )
    if not everything:
        query = query.where(fire.lease_until <= now)
    return [Fire(*row) for row in connection.execute(query.order_by(fire.occurrence))]


def take_up(connection: Connection, fire: Fire, owner: str, until: int) -> Fire | None:
    """Take an abandoned fire; None when somebody else did."""
    again = Fire(fire.unit_id, fire.schedule, fire.occurrence, fire.attempt + 1)
    values = {"owner": owner, "lease_until": until, "attempt": again.attempt}
    return again if _moved(connection, fire, values) else None


def finish(
    connection: Connection,
    fire: Fire,
    now: int,
    detail: str = "",
    state: FireState = FireState.DONE,
) -> None:
    """End a fire; raises LeaseLostError when it is no longer ours."""
    values = {"state": state.value, "done_at": now, "detail": detail[:80]}
    if not _moved(connection, fire, values | {"lease_until": None}):
        raise LeaseLostError(fire.schedule)


def decide(connection: Connection, fire: Fire, now: int, *, run: bool) -> bool:
    """Run or skip a missed fire that waits for a person; False when none does."""
    values: dict[str, Any] = {"state": FireState.SKIPPED.value, "done_at": now}
    if run:
        values = {"state": FireState.CLAIMED.value, "lease_until": 0}
    changed = connection.execute(
        update(schedule_fire)
        .where(*_is(fire), is_one_of(schedule_fire.c.state, FireState.ASKED))
        .values(values)
    )
    return changed.rowcount == 1


def newest(
    connection: Connection, unit_id: str, schedule: str, state: FireState | None = None
) -> dict[str, Any] | None:
    """Return the newest fire of a schedule, in any state or in one."""
    query = select(schedule_fire).where(
        schedule_fire.c.unit_id == unit_id, schedule_fire.c.schedule == schedule
    )
    if state is not None:
        query = query.where(schedule_fire.c.state == state)
    query = query.order_by(schedule_fire.c.occurrence.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def listed(
    connection: Connection,
    unit_id: str,
    states: Sequence[FireState] = (),
    schedule: str = "",
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return fires of a unit, newest first."""
    query = select(schedule_fire).where(schedule_fire.c.unit_id == unit_id)
    if states:
        query = query.where(schedule_fire.c.state.in_([s.value for s in states]))
    if schedule:
        query = query.where(schedule_fire.c.schedule == schedule)
    newest_first = (schedule_fire.c.claimed_at.desc(), schedule_fire.c.schedule)
    found = connection.execute(query.order_by(*newest_first).limit(limit)).mappings()
    return [dict(row) for row in found]


def forget(
    connection: Connection, unit_id: str, before: int, keep: Sequence[str] = ()
) -> int:
    """Delete ended fires older than UTC ms, but the newest of each schedule."""
    fire = schedule_fire.c
    last = (
        select(fire.schedule, func.max(fire.occurrence).label("occurrence"))
        .where(fire.unit_id == unit_id)
        .group_by(fire.schedule)
        .subquery()
    )
    is_last = select(last.c.schedule).where(
        last.c.schedule == fire.schedule, last.c.occurrence == fire.occurrence
    )
    return connection.execute(
        delete(schedule_fire).where(
            fire.unit_id == unit_id,
            fire.done_at < before,
            fire.schedule.not_in(list(keep)),
            ~is_last.exists(),
        )
    ).rowcount


def _row(fire: Fire, state: FireState, now: int) -> dict[str, Any]:
    return {
        "unit_id": fire.unit_id,
        "schedule": fire.schedule,
        "occurrence": fire.occurrence,
        "state": state.value,
        "owner": None,
        "lease_until": None,
        "attempt": fire.attempt,
        "missed": 0,
        "detail": "",
        "claimed_at": now,
        "done_at": None,
    }


def _moved(connection: Connection, fire: Fire, values: Row) -> bool:
    changed = connection.execute(
        update(schedule_fire)
        .where(
            *_is(fire),
            is_one_of(schedule_fire.c.state, FireState.CLAIMED),
            schedule_fire.c.attempt == fire.attempt,
        )
        .values(dict(values))
    )
    return changed.rowcount == 1


def _is(fire: Fire) -> tuple[Any, Any, Any]:
    return (
        schedule_fire.c.unit_id == fire.unit_id,
        schedule_fire.c.schedule == fire.schedule,
        schedule_fire.c.occurrence == fire.occurrence,
    )
