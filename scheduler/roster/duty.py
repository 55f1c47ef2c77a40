"""Who is on duty at an instant, for a channel and a field?

The holder of the shift, else the deputy; the shift for exactly this duty before broader
ones; then anybody on duty on that channel; at last the standby chain. Never somebody on
leave or gone. There is always an answer or an explicit gap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from handlers.staff.roster.model import ANY, Shift
from scheduler.roster.book import Book
from scheduler.roster.times import end, part_at, parts_at


class How(StrEnum):
    """As what somebody answers."""

    HOLDER = "holder"
    DEPUTY = "deputy"
    STANDBY = "standby"


class Why(StrEnum):
    """Why nobody does: nothing is written down, or all who are named are away."""

    NO_SHIFT = "no_shift"
    ALL_AWAY = "all_away"


@dataclass(frozen=True, slots=True)
class Duty:
    """Who answers; ``shift`` is None for the standby chain. ``until``: local."""

    staff_id: str
    how: How
    shift: Shift | None
    until: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody answers before ``until`` (local) unless the roster changes."""

    why: Why
    until: datetime


def on_duty(
    book: Book, at: datetime, channel: str, field: str = ANY, *, is_open: bool
) -> Duty | Gap:
    """Return who answers; ``is_open``: the office is open at that instant (aware)."""
    until = end(*part_at(at))
    found = False
    for shift in shifts_for(book, at, channel, field, is_open=is_open):
        found = True
        able = book.first_able(shift.people, at)
        if able is not None:
            how = How.HOLDER if able == shift.holder else How.DEPUTY
            return Duty(able, how, shift, until)
    able = book.first_able(book.standby, at)
    if able is not None:
        return Duty(able, How.STANDBY, None, until)
    is_named = found or bool(book.standby)
    return Gap(Why.ALL_AWAY if is_named else Why.NO_SHIFT, until)


def shifts_for(
    book: Book, at: datetime, channel: str, field: str = ANY, *, is_open: bool
) -> Iterator[Shift]:
    """Yield the shifts that hold, the one that fits best first."""
    for when in parts_at(at, is_open=is_open):
        there = book.shifts.get(when)
        if there:
            yield from _by_fit(there, channel, field)


def _by_fit(
    there: Mapping[tuple[str, str], Shift], channel: str, field: str
) -> Iterator[Shift]:
    fits = dict.fromkeys(((channel, field), (ANY, field), (channel, ANY), (ANY, ANY)))
    yield from (there[key] for key in fits if key in there)
    for key in sorted(there):
        if key not in fits and key[0] in (channel, ANY):
            yield there[key]
