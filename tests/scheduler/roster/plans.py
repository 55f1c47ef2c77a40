"""Small rosters, written as people would say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from handlers.staff.roster.model import ANY, LOCAL, Leave, Part, Plan, Shift, Slot
from scheduler.roster.book import Book

MONDAY = date(2026, 11, 30)
TUESDAY = date(2026, 12, 1)
SUNDAY = date(2026, 12, 6)
EVERYBODY = ("an", "binh", "cuc", "dung")


def at(day: date, clock: str) -> datetime:
    """Return a local instant of a day; the clock is written like 07:30."""
    hour, minute = clock.split(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LOCAL)


def shift(
    day: date,
    part: Part,
    holder: str,
    deputy: str | None = None,
    *,
    on: str = ANY,
    about: str = ANY,
    phone: str = "",
) -> Shift:
    """Return a shift."""
    return Shift(Slot(day, part, on, about), holder, deputy, phone)


def book(
    *shifts: Shift,
    leave: Iterable[Leave] = (),
    standby: Iterable[str] = (),
    active: Iterable[str] = EVERYBODY,
) -> Book:
    """Lay out a roster."""
    return Book.of(Plan(shifts, tuple(leave), tuple(standby)), active)
