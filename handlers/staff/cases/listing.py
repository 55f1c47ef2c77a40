"""Which cases are there to do? Heads only: no words are opened for a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.cases.case import Case, State
from handlers.cases.errors import CaseError
from handlers.cases.moments import end_of, local_day, to_ms
from handlers.cases.rows import case_of
from handlers.staff.cases.workroom import Room
from storage import case_lists, cases
from storage.case_lists import Wanted

MOST = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list is narrowed to; ``due_in_days`` 0 is what is due today or overdue."""

    state: str = ""
    kind: str = ""
    owner: str = ""
    due_in_days: int | None = None
    is_overdue: bool = False
    is_waiting: bool = False
    with_closed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list, with the time by which its next step is due."""

    case: Case
    due_at: datetime | None
    is_overdue: bool


async def listed(room: Room, wanted: Filter, limit: int = 50) -> list[Line]:
    """Return cases by due time, the most urgent first; sealed kinds never.

    Raises UnknownKindError, CaseError for an unknown state.
    """
    narrowed = _wanted(room, wanted)
    size = max(1, min(limit, MOST))

    def work(connection: Connection) -> list[Case]:
        rows = case_lists.listed(connection, room.unit_id, narrowed, size)
        clocks = cases.clocks(connection, room.unit_id, [r["case_id"] for r in rows])
        return [case_of(row, clocks.get(row["case_id"], ())) for row in rows]

    now = room.clock.now()
    return [_line(case, now) for case in await room.database.read(work)]


def _wanted(room: Room, wanted: Filter) -> Wanted:
    if wanted.kind:
        room.services.kinds.get(wanted.kind)
    if wanted.state and wanted.state not in set(State):
        raise CaseError(wanted.state, f"Các trạng thái: {', '.join(State)}.")
    return Wanted(
        kinds=room.services.kinds.listed(room.roles),
        state=wanted.state,
        kind=wanted.kind,
        owner=wanted.owner,
        due_before=_before(wanted, room.clock.now()),
        is_waiting=wanted.is_waiting,
        with_closed=wanted.with_closed or wanted.state in (State.CLOSED, State.GUIDED),
    )


def _before(wanted: Filter, now: datetime) -> int | None:
    if wanted.is_overdue:
        return to_ms(now)
    if wanted.due_in_days is None:
        return None
    return to_ms(end_of(local_day(now) + timedelta(days=wanted.due_in_days))) + 1


def _line(case: Case, now: datetime) -> Line:
    due = case.due
    return Line(case, due.at if due else None, due is not None and due.is_overdue(now))
