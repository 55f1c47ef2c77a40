"""Is it a working day, which is the n-th from here, and how many lie between?

Working days of the law: Monday to Friday without days off, and rest days worked in
place of others. Office hours, and Saturday mornings, do not come in here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from scheduler.calendar.holidays import SATURDAY, DayOff, Holidays, Swap, Why
from scheduler.errors import NoWorkingDayError

SEARCH_DAYS = 60
"""No commune rests longer; Tết is nine days at most."""
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of one unit: the country's, and what a notice to it changed.

    ``own_working`` beats ``own_days_off``, and both beat the country's.
    """

    holidays: Holidays
    own_days_off: frozenset[date] = field(default_factory=frozenset)
    own_working: frozenset[date] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        """Whether a day counts as a working day; raises NoLunarDateError."""
        if day in self.own_working:
            return True
        if day in self.own_days_off:
            return False
        if self.holidays.is_worked(day):
            return True
        return day.weekday() < SATURDAY and self.holidays.day_off(day) is None

    def day_off(self, day: date) -> DayOff | None:
        """Return why a day is off; None for a worked day and for a usual weekend."""
        if self.is_working(day):
            return None
        if day in self.own_days_off:
            name = "Ngày nghỉ theo thông báo của xã"
            return DayOff(day, "nghi_rieng", name, Why.OWN, "cấu hình của đơn vị")
        return self.holidays.day_off(day)

    def assuming(self, swap: Swap) -> WorkCalendar:
        """Return the calendar as it would be if a swap were confirmed."""
        worked = frozenset() if swap.worked is None else frozenset({swap.worked})
        return replace(
            self,
            own_days_off=self.own_days_off | {swap.rest},
            own_working=self.own_working | worked,
        )

    def roll(self, day: date) -> date:
        """Return the day itself when it is worked, else the next that is."""
        return day if self.is_working(day) else self.add(day, 1)

    def add(self, day: date, number: int) -> date:
        """Return the ``number``-th working day after a day; before it when negative.

        The day itself does not count (Bộ luật Dân sự 91/2015/QH13 Điều 147), and zero
        returns it. Raises NoWorkingDayError, NoLunarDateError.
        """
        step = ONE if number >= 0 else -ONE
        for _ in range(abs(number)):
            day = self._next(day, step)
        return day

    def count(self, first: date, last: date) -> int:
        """Return how many working days lie after ``first``, up to and with ``last``.

        Negative when ``last`` is the earlier: the days from ``last`` before ``first``.
        """
        if last < first:
            span = (first - last).days
            return -sum(self.is_working(last + ONE * n) for n in range(span))
        span = (last - first).days
        return sum(self.is_working(first + ONE * n) for n in range(1, span + 1))

    def _next(self, day: date, step: timedelta) -> date:
        for number in range(1, SEARCH_DAYS + 1):
            found = day + step * number
            if self.is_working(found):
                return found
        raise NoWorkingDayError(day.isoformat())
