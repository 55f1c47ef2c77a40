"""What are figures counted from? The cases, answers, ratings, look-ups of a time.

Everything is read in one snapshot. A figure and the list behind it are made from the
same rows, so that they cannot differ.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.cases.case import Drafted, Ended, Goal
from handlers.cases.kind import shipped
from handlers.cases.moments import end_of, from_ms, local_day, to_ms
from handlers.model import Tag
from handlers.staff.letters.model import LetterState
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.reports.working import WorkingTime
from storage import reports
from storage.cases import NO_DUE

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Received:
    """A case as its head tells; times are UTC ms, ``due_at`` None while suspended."""

    case_id: str
    code: str
    kind: str
    state: str
    channel: str
    source: str
    owner: str
    at: int
    due_at: int | None
    closed_at: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """A term that was met or missed; ``minutes`` is the working time it took."""

    case: Received
    started_at: int
    at: int
    due_at: int | None
    is_in_time: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class Rated:
    """A score from 1 to 5; ``item_id`` holds the words, "" when there are none."""

    about: str
    kind: str
    channel: str
    counter: str
    code: str
    score: int
    at: int
    item_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A procedure that the assistant explained; nothing of who asked."""

    code: str
    at: int


@dataclass(frozen=True, slots=True)
class Book:
    """What happened between ``since`` and ``until`` (UTC ms), and what is open now.

    ``firsts`` are first answers ("we have it"). ``waiting`` are the cases whose draft
    answer waits for approval, ``letters`` how many letters do.
    """

    since: int
    until: int
    now: int
    received: tuple[Received, ...] = ()
    answered: tuple[Answered, ...] = ()
    firsts: tuple[Answered, ...] = ()
    open: tuple[Received, ...] = ()
    waiting: tuple[Received, ...] = ()
    ratings: tuple[Rated, ...] = ()
    looked_up: tuple[LookedUp, ...] = ()
    letters: int = 0

    @property
    def overdue(self) -> tuple[Received, ...]:
        """Open cases whose term is over now, the longest overdue first."""
        late = [one for one in self.open if one.due_at is not None]
        late = [one for one in late if (one.due_at or 0) <= self.now]
        return tuple(sorted(late, key=lambda one: (one.due_at or 0, one.case_id)))

    @property
    def due_today(self) -> tuple[Received, ...]:
        """Open cases whose term ends today and is not over yet."""
        end = to_ms(end_of(local_day(from_ms(self.now))))
        return tuple(
            one for one in self.open if one.due_at and self.now < one.due_at <= end
        )

    def between(self, since: int, until: int) -> Book:
        """Return the part of it that happened in a shorter time; what is open stays."""
        return Book(
            since,
            until,
            self.now,
            tuple(one for one in self.received if since <= one.at < until),
            tuple(one for one in self.answered if since <= one.at < until),
            tuple(one for one in self.firsts if since <= one.at < until),
            self.open,
            self.waiting,
            tuple(one for one in self.ratings if since <= one.at < until),
            tuple(one for one in self.looked_up if since <= one.at < until),
        )


def counted_kinds() -> tuple[str, ...]:
    """Return the kinds that figures speak of: all but what is sealed."""
    return shipped().listed(None)


async def load(desk: Desk, work: WorkingTime, since: int, until: int) -> Book:
    """Read what happened; raises StrangerError, NotAllowedError, StorageError."""
    now = desk.now_ms()

    def look(connection: Connection) -> Book:
        return _read(connection, desk.unit_id, work, Book(since, until, now))

    return await desk.look(Action.SEE_REPORTS, look)


def _read(connection: Connection, unit_id: str, work: WorkingTime, empty: Book) -> Book:
    kinds, since, until = counted_kinds(), empty.since, empty.until
    goals = (Goal.ANSWER.value, Goal.ACKNOWLEDGE.value)
    ended = reports.ended_clocks(connection, unit_id, kinds, goals, since, until)
    opened = reports.open_cases(connection, unit_id, kinds)
    shown = Tag.PROCEDURE_SHOWN.value
    return Book(
        since,
        until,
        empty.now,
        tuple(map(_case, reports.received(connection, unit_id, kinds, since, until))),
        _answered(ended, Goal.ANSWER, work),
        _answered(ended, Goal.ACKNOWLEDGE, work),
        tuple(map(_case, opened)),
        tuple(_case(row) for row in opened if _is_waiting(row["facts"])),
        tuple(
            _rated(row)
            for row in reports.ratings(connection, unit_id, since, until)
            if row["case_kind"] in (None, *kinds)
        ),
        tuple(
            LookedUp(str(json.loads(leaf)["data"].get("code", "")), at)
            for at, leaf in reports.leaves(connection, unit_id, shown, since, until)
        ),
        reports.letters_in(connection, unit_id, LetterState.CHECKED.value),
    )


def _case(row: Row) -> Received:
    return Received(
        row["case_id"],
        row["code"],
        row["kind"],
        row["state"],
        row["channel"],
        row["source"],
        row["owner"],
        row["received_at"],
        _due(row["due_at"]),
        row["closed_at"],
    )


def _answered(
    rows: Sequence[Row], goal: Goal, work: WorkingTime
) -> tuple[Answered, ...]:
    return tuple(
        Answered(
            _case(row),
            row["started_at"],
            row["stopped_at"],
            _due(row["clock_due_at"]),
            row["ended"] == Ended.IN_TIME.value,
            work.minutes(row["started_at"], row["stopped_at"]),
        )
        for row in rows
        if row["goal"] == goal.value
    )


def _rated(row: Row) -> Rated:
    return Rated(
        row["about"],
        row["kind"],
        row["channel"],
        row["counter"] or "",
        row["code"] or "",
        row["score"],
        row["at"],
        row["item_id"] or "",
        row["person_id"] or "",
    )


def _is_waiting(facts: bytes) -> bool:
    """A draft is kept as [entry, author, state] (see handlers.cases.rows)."""
    draft = json.loads(facts).get("draft")
    return bool(draft) and draft[2] == Drafted.WAITING.value


def _due(at: int) -> int | None:
    return None if at == NO_DUE else at
