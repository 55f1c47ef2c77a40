"""On which day of a year does a solar or a lunar feast fall?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from scheduler.calendar.lunar import LunarDate, lunar_month, to_solar
from scheduler.errors import BadDataError, NoLunarDateError

_DAY_MONTH: Final = re.compile(r"(\d{2})/(\d{2})")
LAST_DAY: Final = "last"


@dataclass(frozen=True, slots=True)
class Feast:
    """A day and month; ``is_last`` is the last day of the lunar year."""

    day: int
    month: int
    is_lunar: bool = False
    is_last: bool = False

    def on(self, year: int) -> date:
        """Return its first day in a solar year; raises NoLunarDateError without one."""
        for day in self.days_in(year):
            return day
        raise NoLunarDateError(f"{self.day}/{self.month}/{year}")

    def days_in(self, year: int) -> tuple[date, ...]:
        """Return its days in a solar year: one, or none or two for lunar months 11, 12.

        Lunar months are never the leap ones. Raises NoLunarDateError outside 1900-2199.
        """
        if not self.is_lunar:
            return (date(year, self.month, self.day),)
        if self.is_last:
            return (to_solar(LunarDate(year, 1, 1)) - timedelta(days=1),)
        begun = (year - 1, year) if self.month > 10 else (year,)  # noqa: PLR2004
        months = (lunar_month(one, self.month) for one in begun)
        days = (month.start + timedelta(days=self.day - 1) for month in months)
        return tuple(day for day in days if day.year == year)

    @classmethod
    def parse(cls, record: Any, where: str) -> Feast:
        """Read ``solar: "24/11"``, ``lunar: "10/03"`` or ``lunar: last``."""
        lunar, solar = record.get("lunar"), record.get("solar")
        if lunar == LAST_DAY and solar is None:
            return cls(0, 12, is_lunar=True, is_last=True)
        found = _DAY_MONTH.fullmatch(str(lunar or solar))
        if found is None or (lunar and solar):
            raise BadDataError(where)
        day, month = int(found[1]), int(found[2])
        if not _is_possible(day, month, is_lunar=bool(lunar)):
            raise BadDataError(where)
        return cls(day, month, is_lunar=bool(lunar))


def _is_possible(day: int, month: int, *, is_lunar: bool) -> bool:
    """Whether every year has that day (so no 29/02, no 30 of a lunar month)."""
    if is_lunar:
        return 1 <= month <= 12 and 1 <= day <= 29  # noqa: PLR2004
    try:
        date(2025, month, day)
    except ValueError:
        return False
    return True
