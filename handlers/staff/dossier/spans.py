"""In which weeks, months or quarters of a time did something not happen?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.staff.reports.period import QUARTER, Period, week_start
from messages.criteria.model import Every

MOST_NAMED = 4
NAMES = {Every.WEEK: "tuần", Every.MONTH: "tháng", Every.QUARTER: "quý"}


@dataclass(frozen=True, slots=True)
class Span:
    """Some days in a row, both included, as people call them.

    ``is_over``: the whole of it is within the time.
    """

    name: str
    first: date
    last: date
    is_over: bool = True

    def has(self, day: date) -> bool:
        """Whether a day is one of them."""
        return self.first <= day <= self.last


def spans(every: Every, first: date, last: date) -> tuple[Span, ...]:
    """Return the spans of a time, those at its ends cut; ONCE: the whole."""
    if first > last:
        return ()
    if every is Every.ONCE:
        return (Span("cả kỳ", first, last),)
    return tuple(
        Span(one.name, max(one.first, first), min(one.last, last), one.last <= last)
        for one in _whole(every, first, last)
    )


def _whole(every: Every, first: date, last: date) -> Iterator[Span]:
    if every is Every.WEEK:
        day = week_start(first)
        while day <= last:
            end = day + timedelta(days=6)
            yield Span(f"tuần {day:%d/%m}–{end:%d/%m/%Y}", day, end)
            day += timedelta(days=7)
        return
    months = QUARTER if every is Every.QUARTER else 1
    period = Period(first.year, first.month, 1).widened(months)
    while period.first <= last:
        yield Span(period.name, period.first, period.last)
        period = period.moved(1)


def gaps(every: Every, first: date, last: date, days: Iterable[date]) -> list[Span]:
    """Return the spans without any of these days; one that still runs is no gap."""
    if every is Every.ONCE:
        return []
    found = set(days)
    return [
        span
        for span in spans(every, first, last)
        if span.is_over and not any(span.has(day) for day in found)
    ]


def told(missing: list[Span], every: Every) -> str:
    """Say which spans are empty: by name when they are few, by number when many."""
    if len(missing) <= MOST_NAMED:
        return f"chưa có ở {', '.join(span.name for span in missing)}"
    shown = ", ".join(span.name for span in missing[:2])
    return f"chưa có ở {len(missing)} {NAMES[every]} (như {shown}, …)"
