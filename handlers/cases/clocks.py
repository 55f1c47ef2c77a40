"""Which clocks run for a case, and when does each stop?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from handlers.cases.case import Case, Clock, Ended, Goal, Pause
from handlers.cases.kind import CaseKind, ClockRule
from handlers.cases.moments import local_day
from handlers.cases.ports import Deadlines

ALL = frozenset(Goal)
NOTHING: frozenset[Goal] = frozenset()


def started(
    kind: CaseKind, at: datetime, deadlines: Deadlines, goals: Iterable[Goal] = ALL
) -> tuple[Clock, ...]:
    """Return the clocks of a kind, counted from ``at``; raises DeadlineRefusedError."""
    wanted = frozenset(goals)
    return tuple(_one(c, at, deadlines) for c in kind.clocks if c.goal in wanted)


def _one(rule: ClockRule, at: datetime, deadlines: Deadlines) -> Clock:
    due = deadlines.due(rule.rule, at, goal=rule.step)
    return Clock(rule.goal, rule.rule, due.is_law, at, due.date, due.at)


def stopped(
    clocks: Iterable[Clock],
    at: datetime,
    done: frozenset[Goal] = NOTHING,
    void: frozenset[Goal] = NOTHING,
) -> tuple[Clock, ...]:
    """Return the clocks, those of the goals ended: reached, or not needed any more."""
    return tuple(_stop(clock, at, done, void) for clock in clocks)


def _stop(
    clock: Clock, at: datetime, done: frozenset[Goal], void: frozenset[Goal]
) -> Clock:
    if not clock.is_running or clock.goal not in done | void:
        return clock
    ended = Ended.VOID if clock.goal in void else Ended.IN_TIME
    if ended is Ended.IN_TIME and clock.is_overdue(at):
        ended = Ended.OVERDUE
    return replace(clock, stopped_at=at, ended=ended)


def counted_again(
    case: Case, kind: CaseKind, deadlines: Deadlines
) -> tuple[Clock, ...]:
    """Return the clocks with the terms of those that run worked out anew."""
    return tuple(
        _again(clock, case, kind, deadlines) if clock.is_running else clock
        for clock in case.clocks
    )


def _again(clock: Clock, case: Case, kind: CaseKind, deadlines: Deadlines) -> Clock:
    is_answer = clock.goal is Goal.ANSWER
    due = deadlines.due(
        clock.rule,
        clock.started_at,
        [one.code for one in case.extensions if is_answer and one.rule == clock.rule],
        [one for one in case.pauses if is_answer and one.rule == clock.rule],
        _step(kind, clock),
    )
    return replace(clock, is_law=due.is_law, date=due.date, at=due.at)


def _step(kind: CaseKind, clock: Clock) -> str:
    steps: Mapping[tuple[Goal, str], str] = {
        (one.goal, one.rule): one.step for one in kind.clocks
    }
    return steps.get((clock.goal, clock.rule), "")


def reclassified(
    case: Case, kind: CaseKind, at: datetime, deadlines: Deadlines
) -> tuple[Clock, ...]:
    """Return the clocks of another kind, counted from the day of receipt.

    A reopened case counts from the day of reopening. What was reached stays reached;
    what ran under the old kind is void, so that the trail shows both.
    """
    running = [c for c in case.clocks if c.is_running and c.goal is Goal.ANSWER]
    since = running[-1].started_at if running else case.received_at
    kept = stopped(case.clocks, at, void=ALL)
    reached = {c.goal for c in kept if c.ended in (Ended.IN_TIME, Ended.OVERDUE)}
    fresh = started(kind, since, deadlines, ALL - (reached - {Goal.ANSWER}))
    return (*kept, *fresh)


def ended_pauses(case: Case, at: datetime) -> tuple[Pause, ...]:
    """Return the suspensions, an open one ended on the local day of an instant."""
    day = local_day(at)
    return tuple(replace(p, end=day) if p.end is None else p for p in case.pauses)
