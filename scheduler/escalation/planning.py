"""When is whom to be told about the clocks of a case? Pure.

``wanted`` says what the clocks ask for; ``moved`` compares it with what is stored. What
ran stays as it ran. A clock that stopped or rests asks for nothing, and an extension
moves what did not run yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.cases.case import Clock
from handlers.cases.moments import local_day, to_ms
from scheduler.escalation.chain import Chain, Step
from scheduler.escalation.work_time import WorkTime
from storage.escalation import StepState

Row = Mapping[str, Any]
Place = tuple[int, str]
"""The number of a clock in its case, and the name of a step."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One step as the clocks ask for it; ``term_at`` is the end of the term."""

    number: int
    rank: int
    goal: str
    step: Step
    due_at: datetime
    term_at: datetime

    @property
    def place(self) -> Place:
        """What of the case it is."""
        return self.number, self.step.name


@dataclass(frozen=True, slots=True)
class Moves:
    """Rows to add, and rows whose state, instant or term changes."""

    add: list[dict[str, Any]] = field(default_factory=list)
    move: list[dict[str, Any]] = field(default_factory=list)


def wanted(chain: Chain, clocks: Sequence[Clock], work: WorkTime) -> tuple[Wish, ...]:
    """Return the steps of the clocks that run, each clock's in the order of time."""
    return tuple(
        wish
        for number, clock in enumerate(clocks)
        if clock.is_running
        for wish in _of_clock(chain, number, clock, work)
    )


def _of_clock(
    chain: Chain, number: int, clock: Clock, work: WorkTime
) -> Iterator[Wish]:
    """A step that would come before the clock began tells nothing new."""
    if clock.at is None or clock.date is None:
        return
    latest = clock.started_at
    for rank, step in enumerate(chain.steps.get(clock.goal, ())):
        at = _instant(step, clock, work)
        if at <= clock.started_at and clock.at > clock.started_at:
            continue
        latest = max(latest, at)
        yield Wish(number, rank, clock.goal.value, step, latest, clock.at)


def _instant(step: Step, clock: Clock, work: WorkTime) -> datetime:
    assert clock.at is not None  # noqa: S101  _of_clock looked
    assert clock.date is not None  # noqa: S101
    if step.at_end and step.after_days:
        ended = local_day(work.snap(clock.at))
        return work.opening(work.add(ended, step.after_days))
    if step.after_days:
        return work.opening(work.add(clock.date, step.after_days))
    if step.at_end:
        return work.snap(clock.at)
    if step.on_day:
        return work.opening(work.roll_back(clock.date))
    found = []
    if step.left_permille:
        left = (clock.started_at, clock.at, clock.date, step.left_permille)
        found.append(work.with_left(*left))
    if step.before_days:
        last = work.roll_back(clock.date)
        found.append(work.opening(work.add(last, -step.before_days)))
    return min(found)


def moved(
    unit_id: str,
    case_id: str,
    stored: Sequence[Row],
    wishes: Iterable[Wish],
    now: datetime,
) -> Moves:
    """Return what must change so that the stored steps are what the clocks ask for."""
    found = Moves()
    newest = {(row["number"], row["step"]): row for row in stored}
    asked = {wish.place: wish for wish in wishes}
    for place, wish in asked.items():
        _reconcile(found, newest.get(place), wish, (unit_id, case_id), now)
    for place, row in newest.items():
        if place not in asked and row["state"] == StepState.DUE:
            found.move.append(dict(row) | {"state": StepState.MOOT.value})
    return found


def _reconcile(
    found: Moves, row: Row | None, wish: Wish, case: tuple[str, str], now: datetime
) -> None:
    fresh = _row(wish, *case)
    if row is None:
        found.add.append(fresh)
        return
    is_same = (row["term_at"], row["due_at"]) == (fresh["term_at"], fresh["due_at"])
    if row["state"] == StepState.RUN:
        is_later = fresh["term_at"] > row["term_at"] and wish.due_at > now
        if is_later:
            found.add.append(fresh | {"round": row["round"] + 1})
        return
    is_superseded = row["state"] == StepState.MOOT and row["run_at"] is not None
    if is_superseded and wish.due_at <= now:
        return  # a later step told for it
    if row["state"] == StepState.MOOT or not is_same:
        found.move.append(fresh | {"round": row["round"]})


def _row(wish: Wish, unit_id: str, case_id: str) -> dict[str, Any]:
    return {
        "unit_id": unit_id,
        "case_id": case_id,
        "number": wish.number,
        "step": wish.step.name,
        "round": 1,
        "rank": wish.rank,
        "goal": wish.goal,
        "rungs": ",".join(wish.step.rungs),
        "term_at": to_ms(wish.term_at),
        "due_at": to_ms(wish.due_at),
        "state": StepState.DUE.value,
        "run_at": None,
        "told": "",
    }
