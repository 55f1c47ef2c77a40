"""Do we know the days off of the next two months for sure?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.calendar.holidays import Swap
from scheduler.calendar.working_days import WorkCalendar

AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is not sure between two days; both ends belong to the span."""

    first: date
    last: date
    years: tuple[int, ...] = ()
    swaps: tuple[Swap, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every day of the span stands on a notice."""
        return not self.years and not self.swaps

    def warnings(self) -> tuple[str, ...]:
        """Return a Vietnamese sentence for each thing that is not sure."""
        return (*map(year_warning, self.years), *map(swap_warning, self.swaps))


def coverage(calendar: WorkCalendar, today: date, days: int = AHEAD_DAYS) -> Coverage:
    """Return what is not sure about a day and the ``days`` after it."""
    return span_coverage(calendar, today, today + timedelta(days=days))


def span_coverage(calendar: WorkCalendar, first: date, last: date) -> Coverage:
    """Return what is not sure from ``first`` to ``last``, in either order."""
    first, last = sorted((first, last))
    holidays = calendar.holidays
    years = range(first.year, last.year + 1)
    unsure = tuple(year for year in years if not holidays.is_confirmed(year))
    own = calendar.own_days_off | calendar.own_working
    swaps = tuple(s for s in holidays.pending(first, last) if s.rest not in own)
    return Coverage(first, last, unsure, swaps)


def year_warning(year: int) -> str:
    """Return the sentence about a year without its notice."""
    return (
        f"Chưa có thông báo nghỉ lễ năm {year}: các ngày nghỉ của năm này đang tính"
        " theo luật, chưa xác nhận."
    )


def swap_warning(swap: Swap) -> str:
    """Return the sentence about a swap that nobody confirmed."""
    worked = f", làm bù ngày {swap.worked:%d/%m/%Y}" if swap.worked else ""
    return (
        f"Chưa xác nhận việc nghỉ ngày {swap.rest:%d/%m/%Y}{worked}"
        f" ({swap.source}): đang tính như chưa hoán đổi."
    )
