"""How is a day written in a letter, and which ways of typing a day are understood?

Nghị định 30/2020/NĐ-CP, Phụ lục I: days below 10 and the months 1 and 2 take a zero.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from messages.letters.errors import BadDataError

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
_SHORT = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})")
_LONG = re.compile(
    r"(?:ngày\s+)?(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE
)
_DAY = re.compile(r"^ngày\s+", re.IGNORECASE)


def written(day: date) -> str:
    """Return a day as in "05 tháng 11 năm 2026", without the word "ngày"."""
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)  # noqa: PLR2004
    return f"{day.day:02} tháng {month} năm {day.year}"


def read(text: str, label: str) -> str:
    """Return how a letter writes a typed day.

    ISO, 05/11/2026 and "05 tháng 11 năm 2026" are understood; a day in words ("mùng 3
    tháng Giêng") stays as it was typed. Raises BadDataError for a day of figures that
    is in no calendar.
    """
    found = parsed(text, label)
    return written(found) if found else _DAY.sub("", text)


def parsed(text: str, label: str) -> date | None:
    """Return the day that figures mean, None for a day in words."""
    for pattern, order in ((_ISO, (1, 2, 3)), (_SHORT, (3, 2, 1)), (_LONG, (3, 2, 1))):
        match = pattern.fullmatch(text)
        if match:
            return _day(text, label, *(int(match[place]) for place in order))
    if not any(char.isalpha() for char in text):
        raise BadDataError(_not_a_day(text, label))
    return None


def _day(text: str, label: str, year: int, month: int, day: int) -> date:
    try:
        return datetime(year, month, day).date()  # noqa: DTZ001  a day has no zone
    except ValueError as error:
        raise BadDataError(_not_a_day(text, label)) from error


def _not_a_day(text: str, label: str) -> str:
    return f"{label} ({text}) không phải một ngày có thật"
