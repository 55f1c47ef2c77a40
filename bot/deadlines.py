"""When is a step of a case due, on the calendar of one unit?

Implements handlers.cases.ports.Deadlines over scheduler.deadlines. A term in days ends
when its last local day does; one in hours at its instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.config import Unit
from bot.own_calendar import holidays_of, terms_of
from handlers.cases.case import Pause
from handlers.cases.errors import DeadlineRefusedError
from handlers.cases.kind import promises
from handlers.cases.moments import end_of
from handlers.cases.ports import Due
from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines import book, deadline, pause
from scheduler.deadlines.book import RuleBook
from scheduler.deadlines.rule import Goal
from scheduler.errors import SchedulerError
from scheduler.moments import local_day, parse_date
from scheduler.office_hours import WeeklyHours


class UnitDeadlines:
    """The rules of the law and the commune's promises on one calendar."""

    def __init__(
        self, calendar: WorkCalendar, hours: WeeklyHours, rules: RuleBook | None = None
    ) -> None:
        self._calendar = calendar
        self._hours = hours if hours.describe() else None
        self._rules = rules or book.read(promises())

    def due(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str] = (),
        pauses: Sequence[Pause] = (),
        goal: str = "",
    ) -> Due:
        """Return when a step of a rule is due; raises DeadlineRefusedError."""
        try:
            found = self._steps(rule, received_at, extensions, pauses)
        except SchedulerError as error:
            raise DeadlineRefusedError(str(error), error.hint) from error
        wanted = Goal(goal) if goal else found.rule.last.goal
        step = next((one for one in found.steps if one.goal is wanted), None)
        if step is None:
            raise DeadlineRefusedError(f"{rule}: {goal}")
        return Due(step.date, _instant(step), is_law=not step.promise)

    def _steps(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str],
        pauses: Sequence[Pause],
    ) -> deadline.Deadline:
        chosen = self._rules.rule(rule, local_day(received_at))
        stops = [pause.Pause(one.start, one.end, one.reason) for one in pauses]
        return deadline.deadline(
            chosen, received_at, self._calendar, self._hours, extensions, stops
        )


def _instant(step: deadline.Due) -> datetime | None:
    if step.at is not None:
        return step.at.astimezone(UTC)
    return end_of(step.date) if step.date is not None else None


def deadlines_of(unit: Unit, hours: WeeklyHours) -> UnitDeadlines:
    """Return the deadlines of a configured unit."""
    rules = book.read([*promises(), *terms_of(unit)])
    return UnitDeadlines(calendar_of(unit), hours, rules)


def calendar_of(unit: Unit) -> WorkCalendar:
    """Return the working days of a configured unit."""
    return WorkCalendar(
        holidays_of(unit),
        frozenset(map(parse_date, unit.days_off)),
        frozenset(map(parse_date, unit.working_days)),
    )
