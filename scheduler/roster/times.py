"""Which part of which day of duty is an instant, and when does a part begin and end?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from handlers.staff.roster.model import LOCAL, PART_BEGINS, Part

ORDER: Final = tuple(Part)
_DAY: Final = timedelta(days=1)


def begin(day: date, part: Part) -> datetime:
    """Return the first local instant of a part."""
    return datetime.combine(day, PART_BEGINS[part], LOCAL)


def end(day: date, part: Part) -> datetime:
    """Return the first local instant after a part."""
    place = ORDER.index(part) + 1
    if place < len(ORDER):
        return begin(day, ORDER[place])
    return begin(day + _DAY, ORDER[0])


def part_at(at: datetime) -> tuple[date, Part]:
    """Return the day of duty and its part; before morning it is still last night."""
    local = at.astimezone(LOCAL)
    for part in reversed(ORDER):
        if local.time() >= PART_BEGINS[part]:
            return local.date(), part
    return local.date() - _DAY, Part.NGOAI_GIO


def parts_at(at: datetime, *, is_open: bool) -> tuple[tuple[date, Part], ...]:
    """Return the parts whose shifts hold at an instant, the nearest first.

    While the office is closed by day, "ngoài giờ" of that day holds too.
    """
    day, part = part_at(at)
    if is_open or part is Part.NGOAI_GIO:
        return ((day, part),)
    return ((day, part), (day, Part.NGOAI_GIO))
