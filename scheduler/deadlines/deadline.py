"""By which day must it be done, and what must be done on the way?

Pure: the same rule, receipt and calendar give the same answer, so a changed calendar or
law is applied by asking again. A clock of the law counts from the calendar day of
receipt, even at night or on a Saturday; office hours matter only to promises in hours.
"""

from __future__ import annotations

from collections import Counter as Multiset
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from scheduler.calendar.coverage import span_coverage, swap_warning, year_warning
from scheduler.calendar.lunar import FIRST_YEAR, LAST_YEAR
from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines import pause as pauses_of
from scheduler.deadlines.count import Counter
from scheduler.deadlines.office_time import after_office_hours
from scheduler.deadlines.pause import Pause
from scheduler.deadlines.rule import Extension, Goal, Mode, Rule, Step, Term, Unit
from scheduler.deadlines.words import if_confirmed, notes_of, paused, working
from scheduler.errors import BadMomentError, NoExtensionError
from scheduler.moments import local_day, local_instant
from scheduler.office_hours import WeeklyHours

COUNTED: Final = frozenset({Unit.DAYS, Unit.WORKING_DAYS})


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due: to the end of ``date``, or by the instant ``at``.

    ``date`` is None while the case is suspended. ``working`` says in one Vietnamese
    line how it was counted.
    """

    goal: Goal
    name: str
    date: date | None
    at: datetime | None
    basis: str
    promise: bool
    working: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a rule's term (ends at 24:00, local) and its steps, by date.

    ``notes`` are Vietnamese sentences about what is a promise or is not confirmed.
    """

    rule: Rule
    received_at: date | datetime
    date: date | None
    at: datetime | None
    steps: tuple[Due, ...]
    notes: tuple[str, ...]


def deadline(
    rule: Rule,
    received_at: date | datetime,
    calendar: WorkCalendar,
    hours: WeeklyHours | None = None,
    extensions: Sequence[str] = (),
    pauses: Sequence[Pause] = (),
) -> Deadline:
    """Return the deadline of a receipt (a local date, or an aware instant).

    ``extensions`` are codes of the rule, one repeated for each time it was granted.
    Raises NoExtensionError, NoPauseError, NoWorkingDayError, and BadMomentError for a
    receipt outside 1900-2198.
    """
    if not FIRST_YEAR <= local_day(received_at).year < LAST_YEAR:
        raise BadMomentError(str(received_at))
    granted = _granted(rule, extensions)
    pauses_of.check(rule, pauses)
    clock = _Clock(received_at, Counter(calendar, tuple(pauses)), hours)
    steps = clock.steps(rule, granted)
    last = steps[-1]
    return Deadline(
        rule=rule,
        received_at=received_at,
        date=last.date,
        at=last.at,
        steps=tuple(sorted(steps, key=lambda due: due.date or date.max)),
        notes=(*notes_of(rule), *_unsure(clock, rule, granted, steps)),
    )


def _unsure(
    clock: _Clock, rule: Rule, granted: Sequence[Extension], steps: Sequence[Due]
) -> Iterator[str]:
    """Yield what could still move a date: a year without notice, an open swap."""
    if rule.last.term.unit is Unit.HOURS:
        return
    found = span_coverage(clock.calendar, clock.day, steps[-1].date or clock.day)
    yield from map(year_warning, found.years)
    for swap in found.swaps:
        supposed = clock.on(clock.calendar.assuming(swap)).steps(rule, granted)
        if [due.date for due in supposed] != [due.date for due in steps]:
            then = if_confirmed(supposed[-1].date, steps[-1].date)
            yield f"{swap_warning(swap)} {then}"


def _granted(rule: Rule, codes: Sequence[str]) -> tuple[Extension, ...]:
    """Return the extensions, totals first; one kind of each mode at most."""
    known = {extension.code: extension for extension in rule.extensions}
    for code, times in Multiset(codes).items():
        if code not in known or times > known[code].times:
            raise NoExtensionError(f"{rule.code}: {code}")
    modes = Multiset(known[code].mode for code in set(codes))
    if any(number > 1 for number in modes.values()):
        raise NoExtensionError(f"{rule.code}: {', '.join(codes)}")
    found = (known[code] for code in codes)
    return tuple(sorted(found, key=lambda one: one.mode is Mode.ADD))


@dataclass(frozen=True, slots=True)
class _Clock:
    """The terms of one receipt."""

    received_at: date | datetime
    counter: Counter
    hours: WeeklyHours | None

    @property
    def day(self) -> date:
        return local_day(self.received_at)

    @property
    def calendar(self) -> WorkCalendar:
        return self.counter.calendar

    def on(self, calendar: WorkCalendar) -> _Clock:
        """Return the same clock on another calendar."""
        return replace(self, counter=replace(self.counter, calendar=calendar))

    def steps(self, rule: Rule, granted: Sequence[Extension]) -> tuple[Due, ...]:
        """Return the steps on the way and, as the last, the term itself."""
        last = self.due(rule.last, granted, is_before=rule.is_before)
        return (*(self.due(step, ()) for step in rule.steps), last)

    def due(
        self, step: Step, granted: Sequence[Extension], *, is_before: bool = False
    ) -> Due:
        """Return when a step is due."""
        at = None
        if step.term.unit in COUNTED:
            day = self._back(step.term) if is_before else self._end(step.term, granted)
        elif step.term.unit is Unit.WEEKS:
            day = self.counter.week_end(self.day)
        else:
            at = self._instant(step.term)
            day = at.date() if at else self.calendar.roll(self.day)
        return Due(
            goal=step.goal,
            name=step.name,
            date=day,
            at=at,
            basis=step.basis,
            promise=step.promise,
            working=working(step.term, granted, self.day, is_before=is_before)
            + paused(self.counter.pauses),
        )

    def _end(self, term: Term, granted: Iterable[Extension]) -> date | None:
        """Count the term, then each extension from where the last count ended.

        The count goes on from the last day itself, also from one of rest: a term that
        is granted anew is never longer than its days.
        """
        terms = [term]
        for extension in granted:
            is_total = extension.mode is Mode.TOTAL
            terms = [extension.term] if is_total else [*terms, extension.term]
        end: date | None = self.day
        for one in terms:
            if end is not None:
                end = self.counter.end(end, one)
        return None if end is None else self.calendar.roll(end)

    def _back(self, term: Term) -> date:
        if term.unit is Unit.WORKING_DAYS:
            return self.calendar.add(self.day, -term.amount)
        return self.day - timedelta(days=term.amount)

    def _instant(self, term: Term) -> datetime | None:
        start, amount = local_instant(self.received_at), timedelta(hours=term.amount)
        if term.unit is Unit.HOURS:
            return start + amount
        return after_office_hours(self.hours, start, amount) if self.hours else None
