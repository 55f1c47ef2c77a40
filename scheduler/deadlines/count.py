"""Which day is the last of a term? Bộ luật Dân sự 91/2015/QH13, Điều 147 and 148."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduler.calendar.working_days import WorkCalendar
from scheduler.deadlines.pause import Pause
from scheduler.deadlines.rule import Term, Unit
from scheduler.errors import NoWorkingDayError

ONE: Final = timedelta(days=1)
WEEK: Final = 7
LONGEST_DAYS: Final = 20 * 366
"""A term that has not ended after twenty years is a mistake in the data."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Counts days on one calendar, without those of the pauses."""

    calendar: WorkCalendar
    pauses: tuple[Pause, ...] = ()

    def end(self, start: date, term: Term) -> date | None:
        """Return the last day counted, which may be one of rest; the first is not.

        None while a pause that has not ended covers a day of the term. Raises
        NoWorkingDayError, NoLunarDateError.
        """
        left, day = term.amount, start
        while left:
            day += ONE
            if (day - start).days > LONGEST_DAYS:
                raise NoWorkingDayError(start.isoformat())
            if not self._is_paused(day):
                left -= term.unit is Unit.DAYS or self.calendar.is_working(day)
            elif self._is_stopped(day):
                return None
        return day

    def week_end(self, day: date) -> date:
        """Return the last working day of the first week that still has one.

        A week is Monday to Sunday; the days before ``day`` have passed.
        """
        first = self.calendar.roll(day)
        rest = range(WEEK - first.weekday())
        return max(
            one
            for one in (first + ONE * number for number in rest)
            if self.calendar.is_working(one)
        )

    def _is_paused(self, day: date) -> bool:
        return any(pause.covers(day) for pause in self.pauses)

    def _is_stopped(self, day: date) -> bool:
        return any(pause.end is None and pause.covers(day) for pause in self.pauses)
