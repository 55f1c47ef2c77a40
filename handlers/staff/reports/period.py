"""Which days does a report cover? A month, a quarter or a year of the commune."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from handlers.cases.moments import LOCAL, local_day, to_ms
from handlers.staff.reports.errors import BadPeriodError

FIRST_YEAR, LAST_YEAR = 2020, 2100
MONTHS: Final = 12
QUARTER: Final = 3
_TEXT = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])))?", re.ASCII)
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """``months`` (1, 3 or 12) from the first day of ``month``, local time."""

    year: int
    month: int
    months: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2026-11", "2026-Q4" or "2026"; raises BadPeriodError."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise BadPeriodError
        year, month, quarter = int(found[1]), found[2], found[3]
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise BadPeriodError
        if quarter:
            return cls(year, (int(quarter) - 1) * QUARTER + 1, QUARTER)
        if month is None:
            return cls(year, 1, MONTHS)
        if not 1 <= int(month) <= MONTHS:
            raise BadPeriodError
        return cls(year, int(month), 1)

    @classmethod
    def month_of(cls, at: datetime) -> Period:
        """Return the month of an aware instant."""
        day = local_day(at)
        return cls(day.year, day.month, 1)

    @property
    def code(self) -> str:
        """What ``parse`` reads."""
        if self.months == MONTHS:
            return str(self.year)
        if self.months == QUARTER:
            return f"{self.year}-Q{self._quarter}"
        return f"{self.year}-{self.month:02d}"

    @property
    def name(self) -> str:
        """How people call it: "tháng 11/2026", "quý IV/2026", "năm 2026"."""
        if self.months == MONTHS:
            return f"năm {self.year}"
        if self.months == QUARTER:
            return f"quý {_ROMAN[self._quarter - 1]}/{self.year}"
        return f"tháng {self.month}/{self.year}"

    @property
    def title(self) -> str:
        """Its name at the beginning of a line."""
        return self.name[:1].upper() + self.name[1:]

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return _month_on(self.first, self.months) - timedelta(days=1)

    @property
    def since(self) -> int:
        """The instant it begins, UTC ms."""
        return _start(self.first)

    @property
    def until(self) -> int:
        """The instant it has ended, UTC ms."""
        return _start(_month_on(self.first, self.months))

    def moved(self, steps: int) -> Period:
        """Return a later (or earlier) period of the same length."""
        first = _month_on(self.first, steps * self.months)
        return Period(first.year, first.month, self.months)

    def single(self) -> tuple[Period, ...]:
        """Return its months."""
        firsts = (_month_on(self.first, step) for step in range(self.months))
        return tuple(Period(day.year, day.month, 1) for day in firsts)

    def widened(self, months: int) -> Period:
        """Return the month, quarter or year that its first day is in."""
        month = (self.month - 1) // months * months + 1
        return Period(self.year, month, months)

    @property
    def _quarter(self) -> int:
        return (self.month - 1) // QUARTER + 1


def week_start(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def start_ms(day: date) -> int:
    """Return when a local day begins, UTC ms."""
    return _start(day)


def _month_on(day: date, steps: int) -> date:
    months = day.year * MONTHS + day.month - 1 + steps
    return date(months // MONTHS, months % MONTHS + 1, 1)


def _start(day: date) -> int:
    return to_ms(datetime.combine(day, time(), LOCAL))
