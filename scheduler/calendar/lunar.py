"""Which day of the Vietnamese lunar calendar is it, and the other way round?

The rules (published by Hồ Ngọc Đức): a month begins on the day of the new moon, a day
being one of UTC+7; the winter solstice lies in month 11; where thirteen months lie
between two months 11, the first of them without a principal term of the sun is leap.
The rules of today are applied to every year from 1900 to 2199. Before 1968 the calendar
printed in Viet Nam was not always computed for UTC+7, so old printed dates may differ.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from scheduler.calendar.sky import MONTH, new_moon, sun_longitude
from scheduler.errors import NoLunarDateError

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
MIDNIGHT: Final = 1721424.5 - 7 / 24
"""The Julian day (UT) at which day 0 of ``date.toordinal`` would begin in UTC+7."""
TWELVE: Final = 12
SOLSTICE_MONTH: Final = 11
SOLSTICE: Final = 9
"""The twelve principal terms counted from the spring equinox: 9 is at 270 degrees."""


@dataclass(frozen=True, slots=True, order=True)
class LunarDate:
    """A day of the lunar calendar; ``year`` is the solar year in which it began."""

    year: int
    month: int
    day: int
    leap: bool = False

    def __str__(self) -> str:
        return f"{self.day}/{self.month}{' nhuận' if self.leap else ''}/{self.year}"


@dataclass(frozen=True, slots=True)
class LunarMonth:
    """One month: its first day, and how long it is (29 or 30 days)."""

    start: date
    length: int
    year: int
    month: int
    leap: bool


def to_lunar(day: date) -> LunarDate:
    """Return the lunar date of a day.

    Raises NoLunarDateError outside 1900-2199.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoLunarDateError(day.isoformat())
    months = _months(day.year)
    if day >= months[-1].start + timedelta(days=months[-1].length):
        months = _months(day.year + 1)
    found = months[bisect_right(months, day, key=lambda month: month.start) - 1]
    number = (day - found.start).days + 1
    return LunarDate(found.year, found.month, number, found.leap)


def to_solar(lunar: LunarDate) -> date:
    """Return the day of a lunar date.

    Raises NoLunarDateError for a month, leap month or day that year does not have, and
    outside 1900-2199.
    """
    found = lunar_month(lunar.year, lunar.month, leap=lunar.leap)
    if not 1 <= lunar.day <= found.length:
        raise NoLunarDateError(str(lunar))
    day = found.start + timedelta(days=lunar.day - 1)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoLunarDateError(str(lunar))
    return day


def lunar_month(year: int, month: int, *, leap: bool = False) -> LunarMonth:
    """Return a month of a lunar year; raises NoLunarDateError where there is none."""
    if FIRST_YEAR - 1 <= year <= LAST_YEAR:
        late = month >= SOLSTICE_MONTH
        for found in _months(year + 1 if late else year):
            if (found.year, found.month, found.leap) == (year, month, leap):
                return found
    raise NoLunarDateError(str(LunarDate(year, month, 1, leap)))


@lru_cache(maxsize=128)
def _months(year: int) -> tuple[LunarMonth, ...]:
    """Return the months from month 11 of ``year - 1`` to month 10 of ``year``."""
    first, last = _solstice_moon(year - 1), _solstice_moon(year)
    starts = [_day_of_moon(number) for number in range(first, last + 1)]
    leap = _leap_place(starts) if len(starts) - 1 > TWELVE else None
    months = []
    for place, (start, end) in enumerate(pairwise(starts)):
        passed = place - (leap is not None and place >= leap)
        number = (SOLSTICE_MONTH - 1 + passed) % TWELVE + 1
        begun = year - 1 if number >= SOLSTICE_MONTH else year
        day = date.fromordinal(start)
        months.append(LunarMonth(day, end - start, begun, number, place == leap))
    return tuple(months)


def _leap_place(starts: list[int]) -> int:
    """Return the first month that the sun leaves in the term it entered it with."""
    terms = [_term(start) for start in starts]
    return next(i for i, (now, then) in enumerate(pairwise(terms)) if now == then)


def _solstice_moon(year: int) -> int:
    """Return the number of the new moon that begins month 11 of a year."""
    eve = date(year, 12, 31).toordinal()
    number = round((eve - date(2000, 1, 6).toordinal()) / MONTH) + 1
    while _day_of_moon(number) > eve or _term(_day_of_moon(number)) >= SOLSTICE:
        number -= 1
    return number


def _term(ordinal: int) -> int:
    """Return which twelfth of its way the sun is in as a day (UTC+7) begins."""
    return int(sun_longitude(ordinal + MIDNIGHT) // 30)


@lru_cache(maxsize=4096)
def _day_of_moon(number: int) -> int:
    return int((new_moon(number) - MIDNIGHT) // 1)
