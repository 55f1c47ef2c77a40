"""When is somebody at work to be told? Instants of one unit's working time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from scheduler.calendar.working_days import WorkCalendar
from scheduler.moments import LOCAL
from scheduler.office_hours import WeeklyHours

USUAL: Final = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
"""For a unit that has not said its hours: the usual ones of an office."""
MORNING: Final = time(7, 30)
LONG: Final = timedelta(days=3)
"""Longer terms are divided by working days, shorter ones by minutes at the desk."""


@dataclass(slots=True)
class WorkTime:
    """The calendar and the hours of one unit; remembers what it worked out."""

    calendar: WorkCalendar
    hours: WeeklyHours
    _openings: dict[date, datetime] = field(default_factory=dict)
    _counts: dict[tuple[date, date], int] = field(default_factory=dict)
    _adds: dict[tuple[date, int], date] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take the usual hours when none are set."""
        if not self.hours.describe():
            self.hours = WeeklyHours(
                USUAL.week, self.hours.days_off, self.hours.working_days
            )

    def snap(self, at: datetime) -> datetime:
        """Return the instant itself when the office is open, else the next opening."""
        if self.hours.is_open(at):
            return at.astimezone(UTC)
        return self.hours.next_opening(at).astimezone(UTC)

    def opening(self, day: date) -> datetime:
        """Return when work begins on a day, in UTC."""
        if day not in self._openings:
            spans = self.hours.spans(day)
            first = spans[0].start if spans else MORNING
            self._openings[day] = datetime.combine(day, first, LOCAL).astimezone(UTC)
        return self._openings[day]

    def roll_back(self, day: date) -> date:
        """Return the day, or the last working day before it."""
        return day if self.calendar.is_working(day) else self.add(day, -1)

    def add(self, day: date, number: int) -> date:
        """Return the n-th working day from a day (see WorkCalendar.add)."""
        key = (day, number)
        if key not in self._adds:
            self._adds[key] = self.calendar.add(day, number)
        return self._adds[key]

    def with_left(
        self, start: datetime, end: datetime, last: date, permille: int
    ) -> datetime:
        """Return when that share of the working time up to a term's end is left.

        ``last`` is the term's last day; for a long term whole days are left.
        """
        if end - start >= LONG:
            days = self._count(start.astimezone(LOCAL).date(), last)
            left = max(1, days * permille // 1000)
            return self.opening(self.add(self.roll_back(last), -left))
        spans = list(self._spans(start, end))
        wanted = sum(((b - a) for a, b in spans), timedelta()) * permille / 1000
        for begin, finish in reversed(spans):
            if finish - begin >= wanted:
                return (finish - wanted).astimezone(UTC)
            wanted -= finish - begin
        return start.astimezone(UTC)

    def _count(self, first: date, last: date) -> int:
        key = (first, last)
        if key not in self._counts:
            self._counts[key] = self.calendar.count(first, last)
        return self._counts[key]

    def _spans(
        self, start: datetime, end: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the times at the desk between two instants."""
        day, last = start.astimezone(LOCAL).date(), end.astimezone(LOCAL).date()
        while day <= last:
            for span in self.hours.spans(day):
                begin = max(datetime.combine(day, span.start, LOCAL), start)
                finish = min(datetime.combine(day, span.end, LOCAL), end)
                if begin < finish:
                    yield begin, finish
            day += timedelta(days=1)
