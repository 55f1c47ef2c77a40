"""How much working time lies between two instants? Minutes at the desk only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Protocol

from handlers.cases.moments import LOCAL, from_ms, local_day

MOST_DAYS = 800
"""Further back nobody counts: two years of one case."""
HOUR = 60


class Span(Protocol):
    """A time at the desk, local."""

    @property
    def start(self) -> time:
        """Its first minute."""
        ...

    @property
    def end(self) -> time:
        """The first minute after it."""
        ...


class Week(Protocol):
    """The hours of a unit (see scheduler.office_hours.WeeklyHours)."""

    def spans(self, day: date) -> Sequence[Span]:
        """Return the times at the desk of a date."""
        ...


class WorkingTime:
    """Counts minutes on the calendar of one unit; remembers the days it looked at."""

    def __init__(self, week: Week) -> None:
        self._week = week
        self._days: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    def minutes(self, since: int, until: int) -> int:
        """Return whole minutes of working time between two instants (UTC ms)."""
        begin, end = from_ms(since), from_ms(until)
        day, last = local_day(begin), local_day(end)
        day = max(day, last - timedelta(days=MOST_DAYS))
        total = timedelta()
        while day <= last:
            for start, finish in self._spans(day):
                total += max(timedelta(), min(finish, end) - max(start, begin))
            day += timedelta(days=1)
        return int(total.total_seconds()) // 60

    def _spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        if day not in self._days:
            self._days[day] = tuple(
                (
                    datetime.combine(day, span.start, LOCAL),
                    datetime.combine(day, span.end, LOCAL),
                )
                for span in self._week.spans(day)
            )
        return self._days[day]


def told(minutes: int | None) -> str:
    """Say working time: "45 phút", "3 giờ 20 phút", "26 giờ"; "—" for none."""
    if minutes is None:
        return "—"
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return f"{rest} phút"
    return f"{hours} giờ {rest} phút" if rest and hours < 10 else f"{hours} giờ"  # noqa: PLR2004  beyond a day minutes say nothing
