"""What does a filled form of the calendar wish, and what is put into it again?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.console.visit import Visit
from handlers.staff.hours import acts
from handlers.staff.hours.errors import BadDayError, UnfitHoursError
from handlers.staff.hours.model import (
    LONGEST_WHY,
    GoBack,
    Means,
    SetDays,
    SetWeek,
    Wish,
)
from scheduler.errors import BadDateError
from scheduler.moments import parse_date

DAYS = ("t2", "t3", "t4", "t5", "t6", "t7", "cn")
DO = ("week", "file", "days", "back")
FIELDS = ("do", "seen", "first", "last", "means", "why", "version", *DAYS)
LONGEST = 80
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+và\s+")


async def typed(at: Visit) -> dict[str, str]:
    """Return the fields of the form as they were filled in."""
    found = {name: (await at.text(name, LONGEST)).strip() for name in FIELDS}
    return found | {"why": found["why"][:LONGEST_WHY]}


async def wish_of(at: Visit, told: Mapping[str, str]) -> Wish:
    """Return what the form wishes; raises HoursError with the sentence."""
    if told["do"] == "week":
        return SetWeek(_week(told))
    if told["do"] == "file":
        return SetWeek(None)
    if told["do"] == "back":
        then = await acts.version(at.desk, told["version"])
        return GoBack(told["version"], then)
    first = _day(told["first"])
    last = _day(told["last"]) if told["last"] else first
    means = told["means"]
    return SetDays(
        first, last, Means(means) if means in set(Means) else None, told["why"]
    )


def _week(told: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found = {}
    for day in DAYS:
        spans = tuple(part for part in _BETWEEN.split(told[day]) if part)
        if spans:
            found[day] = spans
    if not found:
        raise UnfitHoursError("Chưa có giờ làm việc của ngày nào.")
    return found


def _day(text: str) -> date:
    try:
        return parse_date(text)
    except BadDateError as error:
        raise BadDayError from error
