"""When are people of the commune at their desks?

Weekly hours in Asia/Ho_Chi_Minh (a lunch break is the gap between two spans, a Saturday
morning a day of its own), without the days off of scheduler.calendar and without the
unit's own; rest days worked in place of others are added back. A swap that is decided
after a release is a setting, so both lists are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise

from scheduler.calendar.holidays import SATURDAY, Holidays
from scheduler.calendar.shipped import shipped
from scheduler.errors import BadDayError, BadSpanError
from scheduler.moments import LOCAL as LOCAL  # noqa: PLC0414  known by this name
from scheduler.moments import parse_date

SEARCH_DAYS = 60
"""No unit is closed for longer; Tết is nine days at most."""
_FIRST_DAY = date(2026, 1, 1)
_DAYS = ("t2", "t3", "t4", "t5", "t6", "t7", "cn")
_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_SPAN = re.compile(r"(\d{1,2})[:hg](\d{2})\s*[-–]\s*(\d{1,2})[:hg](\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time at the desk, local; ``end`` is the first minute away from it."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """The hours of one unit; implements handlers.ports.OfficeHours.

    ``week`` holds the spans of Monday to Sunday, each in order; ``holidays`` are those
    of the unit, None for those that ship with us.
    """

    week: tuple[tuple[Span, ...], ...] = ((),) * 7
    days_off: frozenset[date] = field(default_factory=frozenset)
    working_days: frozenset[date] = field(default_factory=frozenset)
    holidays: Holidays | None = field(default=None, compare=False)

    @classmethod
    def parse(
        cls,
        text_by_day: Mapping[str, Sequence[str]],
        *,
        days_off: Iterable[str | date] = (),
        working_days: Iterable[str | date] = (),
        holidays: Holidays | None = None,
    ) -> WeeklyHours:
        """Read {"t2-t6": ["07:30-11:30", …], "t7": […]}; empty means not set.

        Raises BadDayError, BadSpanError or BadDateError, each naming the text.
        """
        week: list[tuple[Span, ...]] = [()] * 7
        for key, texts in text_by_day.items():
            spans = _spans(key, texts)
            for number in _day_numbers(key):
                if week[number]:
                    raise BadDayError(key)
                week[number] = spans
        if any(week):
            is_public_holiday(_FIRST_DAY)  # loaded now, not while a citizen waits
        return cls(
            tuple(week),
            frozenset(map(parse_date, days_off)),
            frozenset(map(parse_date, working_days)),
            holidays,
        )

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is staffed at this instant (aware)."""
        local = at.astimezone(LOCAL)
        now = local.time()
        return any(span.start <= now < span.end for span in self.spans(local.date()))

    def next_opening(self, at: datetime) -> datetime:
        """Return the next local instant, from ``at`` on, at which the desk opens.

        When it never opens within ``SEARCH_DAYS``, the instant itself comes back.
        """
        local = at.astimezone(LOCAL)
        for number in range(SEARCH_DAYS + 1):
            day = local.date() + timedelta(days=number)
            for span in self.spans(day):
                opening = datetime.combine(day, span.start, LOCAL)
                if opening >= local:
                    return opening
        return local

    def describe(self) -> str:
        """Return the weekly hours in one Vietnamese phrase; "" when not set."""
        parts: list[str] = []
        for spans, days in groupby(range(7), key=lambda number: self.week[number]):
            numbers = list(days)
            if spans:
                hours = ", ".join(map(str, spans))
                parts.append(f"{_range_name(numbers)}: {hours}")
        return "; ".join(parts)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the spans of a date; a working Saturday has the hours of a weekday."""
        usual = self.week[day.weekday()]
        if day in self.days_off and day not in self.working_days:
            return ()
        known = self.holidays or shipped()
        if day in self.working_days or known.is_worked(day):
            return self._of_a_weekday() if day.weekday() >= SATURDAY else usual
        if not usual or known.day_off(day) is not None:
            return ()
        return usual

    def _of_a_weekday(self) -> tuple[Span, ...]:
        return next((spans for spans in self.week if spans), ())


def is_public_holiday(day: date) -> bool:
    """Whether the whole country is off: a holiday, a day in lieu, a swapped day."""
    return shipped().day_off(day) is not None


def _day_numbers(key: str) -> list[int]:
    """Return 0 (Monday) to 6 for "t2", "t2-t6" or "t2,t4"."""
    numbers: list[int] = []
    for part in key.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        start, end = _day(first, key), _day(last if dash else first, key)
        if end < start:
            raise BadDayError(key)
        numbers += range(start, end + 1)
    return numbers


def _day(name: str, key: str) -> int:
    try:
        return _DAYS.index(name)
    except ValueError:
        raise BadDayError(key) from None


def _spans(key: str, texts: Sequence[str]) -> tuple[Span, ...]:
    spans = tuple(sorted(_span(text) for text in texts))
    for before, after in pairwise(spans):
        if after.start < before.end:
            raise BadSpanError(f"{key}: {after}")
    return spans


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise BadSpanError(text)
    hour, minute, end_hour, end_minute = (int(number) for number in found.groups())
    try:
        span = Span(time(hour, minute), time(end_hour, end_minute))
    except ValueError:
        raise BadSpanError(text) from None
    if span.end <= span.start:
        raise BadSpanError(text)
    return span


def _range_name(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return _NAMES[numbers[0]]
    return f"{_NAMES[numbers[0]]} đến {_NAMES[numbers[-1]]}"
