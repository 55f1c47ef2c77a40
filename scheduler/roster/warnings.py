"""What is wrong with the roster of the coming days, while there is time to mend it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.staff.roster.model import ANY, Part, Shift, Slot, local_date
from scheduler.calendar.holidays import SATURDAY
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.duty import Duty, How, on_duty
from scheduler.roster.times import ORDER, begin, end

DAYS = 7
OFFICE = frozenset({Part.SANG, Part.CHIEU})
"""Looked at on weekdays while a unit has not published its hours."""


class Problem(StrEnum):
    """What is wrong, the worst first."""

    GAP = "gap"
    STANDBY_ONLY = "standby_only"
    GONE = "gone"
    ON_LEAVE = "on_leave"
    UNREACHABLE = "unreachable"
    NO_DEPUTY = "no_deputy"


@dataclass(frozen=True, slots=True)
class Warned:
    """One problem of one duty; ``staff_id`` is whose, "" when it is nobody's."""

    problem: Problem
    slot: Slot
    staff_id: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """What is asked of the roster.

    ``channels`` must be staffed while the office is open, ``always``: at any hour.
    ``reachable`` are those who can be alerted.
    """

    hours: WeeklyHours
    channels: tuple[str, ...]
    reachable: frozenset[str]
    days: int = DAYS
    always: bool = False


def warnings(book: Book, now: datetime, watch: Watch) -> tuple[Warned, ...]:
    """Return what is wrong from ``now`` (aware) on, by day; pure."""
    first = local_date(now)
    found: list[Warned] = []
    for number in range(watch.days):
        day = first + timedelta(days=number)
        for part in ORDER:
            if end(day, part) > now:
                found += _uncovered(book, day, part, watch)
                found += _of_shifts(book, day, part)
    found += _unreachable(book, first, watch)
    return tuple(sorted(found, key=_order))


def _order(one: Warned) -> tuple[date, int, str, str, int, str]:
    slot = one.slot
    place = list(Problem).index(one.problem)
    part = ORDER.index(slot.part)
    return (slot.day, part, slot.channel, slot.field, place, one.staff_id)


def _uncovered(book: Book, day: date, part: Part, watch: Watch) -> Iterator[Warned]:
    for channel in watch.channels:
        worst: set[Problem] = set()
        for at, is_open in _samples(day, part, watch):
            found = on_duty(book, at, channel, is_open=is_open)
            if not isinstance(found, Duty):
                worst.add(Problem.GAP)
            elif found.how is How.STANDBY:
                worst.add(Problem.STANDBY_ONLY)
        if worst:
            yield Warned(min(worst, key=list(Problem).index), Slot(day, part, channel))


def _samples(day: date, part: Part, watch: Watch) -> Iterator[tuple[datetime, bool]]:
    """Yield the instants at which a part must be staffed, and whether it is open."""
    starts, ends = begin(day, part), end(day, part)
    for span in watch.hours.spans(day):
        opening = datetime.combine(day, span.start, starts.tzinfo)
        closing = datetime.combine(day, span.end, starts.tzinfo)
        if max(opening, starts) < min(closing, ends):
            yield max(opening, starts), True
    is_unset = not any(watch.hours.week)
    if is_unset and part in OFFICE and day.weekday() < SATURDAY:
        yield starts, True
    if watch.always:
        yield from ((at, watch.hours.is_open(at)) for at in _turns(day, part))


def _turns(day: date, part: Part) -> Iterator[datetime]:
    """Yield the instants of a part at which somebody's leave may begin or end."""
    yield begin(day, part)
    midnight = datetime.combine(
        day + timedelta(days=1), datetime.min.time(), begin(day, part).tzinfo
    )
    if midnight < end(day, part):
        yield midnight


def _of_shifts(book: Book, day: date, part: Part) -> Iterator[Warned]:
    for shift in book.shifts.get((day, part), {}).values():
        if shift.deputy is None:
            yield Warned(Problem.NO_DEPUTY, shift.slot, shift.holder)
        for staff_id in shift.people:
            problem = _absence(book, staff_id, shift)
            if problem is not None:
                yield Warned(problem, shift.slot, staff_id)


def _absence(book: Book, staff_id: str, shift: Shift) -> Problem | None:
    if staff_id not in book.active:
        return Problem.GONE
    turns = _turns(shift.slot.day, shift.slot.part)
    is_away = any(book.is_away(staff_id, at) for at in turns)
    return Problem.ON_LEAVE if is_away else None


def _unreachable(book: Book, first: date, watch: Watch) -> Iterator[Warned]:
    """Yield whoever cannot be alerted once, with the first duty; standby counts."""
    last = first + timedelta(days=watch.days)
    told: set[str] = set()
    for when in sorted(book.shifts, key=lambda w: (w[0], ORDER.index(w[1]))):
        if first <= when[0] < last:
            for shift in book.shifts[when].values():
                lost = _lost(shift.people, book, watch.reachable | told)
                told |= set(lost)
                for staff_id in lost:
                    yield Warned(Problem.UNREACHABLE, shift.slot, staff_id)
    anytime = Slot(first, ORDER[0], ANY)
    for staff_id in _lost(book.standby, book, watch.reachable | told):
        yield Warned(Problem.UNREACHABLE, anytime, staff_id)
    for staff_id in book.standby:
        if staff_id not in book.active:
            yield Warned(Problem.GONE, anytime, staff_id)


def _lost(
    people: Collection[str], book: Book, fine: frozenset[str] | set[str]
) -> list[str]:
    return [one for one in people if one in book.active and one not in fine]
