"""Which days are off by law, by the yearly notice and by swaps, and which are worked?

Bộ luật Lao động 45/2019/QH14 Điều 112 names the days; Điều 111 khoản 3 gives the next
working day for one that falls on the weekly rest; the five days of Tết, the second day
of 2/9 and the swaps are fixed each year by a notice. A year without its notice is
worked out by rule and is not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from scheduler.calendar.feast import Feast

SATURDAY = 5
NATIONAL_DAY = "quoc_khanh"
ONE = timedelta(days=1)


class Why(StrEnum):
    """Why nobody works on a weekday."""

    HOLIDAY = "holiday"
    IN_LIEU = "in_lieu"
    SWAPPED = "swapped"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class PaidDay:
    """A paid holiday of the law: ``days`` of them from the year ``since`` on."""

    code: str
    name: str
    feast: Feast
    days: int
    since: int
    basis: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was announced for one year; ``dates`` by code of the paid day."""

    year: int
    decision: str
    confirmed: bool
    dates: Mapping[str, tuple[date, ...]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Swap:
    """A working day given free for a rest day that is worked (None: none is)."""

    rest: date
    worked: date | None
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which nobody works, although the week says so."""

    day: date
    code: str
    name: str
    why: Why
    source: str


@dataclass(slots=True)
class Holidays:
    """The days off of any year from 1900 to 2199; years are worked out once."""

    paid: tuple[PaidDay, ...]
    notices: Mapping[int, Notice]
    swaps: tuple[Swap, ...]
    in_lieu_basis: str = ""
    _years: dict[int, Mapping[date, DayOff]] = field(default_factory=dict, repr=False)

    def day_off(self, day: date) -> DayOff | None:
        """Return why a day is off; None for a usual day, weekend or not."""
        return self.year(day.year).get(day)

    def is_worked(self, day: date) -> bool:
        """Whether a day of rest is worked in place of another day."""
        return any(swap.worked == day for swap in self.swaps if swap.confirmed)

    def year(self, year: int) -> Mapping[date, DayOff]:
        """Return the days off of a year, in order; raises NoLunarDateError."""
        if year not in self._years:
            self._years[year] = dict(sorted(self._work_out(year).items()))
        return self._years[year]

    def worked_days(self, year: int) -> tuple[date, ...]:
        """Return the days of rest that are worked in a year, in order."""
        worked = (swap.worked for swap in self.swaps if swap.confirmed)
        return tuple(sorted(day for day in worked if day and day.year == year))

    def is_confirmed(self, year: int) -> bool:
        """Whether the notice of that year is known."""
        return year in self.notices and self.notices[year].confirmed

    def pending(self, first: date, last: date) -> tuple[Swap, ...]:
        """Return swaps that nobody has confirmed and that touch a span of days."""
        return tuple(
            swap
            for swap in self.swaps
            if not swap.confirmed
            and any(first <= day <= last for day in (swap.rest, swap.worked) if day)
        )

    def _work_out(self, year: int) -> dict[date, DayOff]:
        found = {off.day: off for off in self._paid_days(year)}
        for off in sorted(found.values(), key=lambda one: one.day):
            if off.day.weekday() >= SATURDAY:
                lieu = _next_usual(off.day, found)
                name = f"Nghỉ bù {off.name}"
                basis = self.in_lieu_basis
                found[lieu] = DayOff(lieu, off.code, name, Why.IN_LIEU, basis)
        found |= {off.day: off for off in self._swapped(year) if off.day not in found}
        return {day: off for day, off in found.items() if day.year == year}

    def _paid_days(self, year: int) -> Iterator[DayOff]:
        for paid in self.paid:
            if year >= paid.since:
                for day in self._dates(paid, year):
                    yield DayOff(day, paid.code, paid.name, Why.HOLIDAY, paid.basis)

    def _dates(self, paid: PaidDay, year: int) -> Iterable[date]:
        notice = self.notices.get(year)
        if notice and paid.code in notice.dates:
            return notice.dates[paid.code]
        return usual_dates(paid, year)

    def _swapped(self, year: int) -> Iterator[DayOff]:
        for swap in self.swaps:
            if swap.confirmed and swap.rest.year == year:
                name = "Nghỉ hoán đổi"
                yield DayOff(swap.rest, "hoan_doi", name, Why.SWAPPED, swap.source)


def usual_dates(paid: PaidDay, year: int) -> tuple[date, ...]:
    """Return the days of a holiday where no notice says otherwise.

    Tết: the last day of the old year and the first four of the new. 2/9: the working
    day beside it that touches a weekend, else the day before. Raises NoLunarDateError.
    """
    first = paid.feast.on(year)
    if paid.days == 1:
        return (first,)
    if paid.code == NATIONAL_DAY:
        return tuple(sorted((first, _beside(first))))
    return tuple(first + ONE * number for number in range(-1, paid.days - 1))


def _beside(day: date) -> date:
    """Return the second day off beside 2/9."""
    working = [one for one in (day - ONE, day + ONE) if one.weekday() < SATURDAY]
    touching = [one for one in working if one.weekday() in (0, SATURDAY - 1)]
    return (touching or working)[0]


def _next_usual(day: date, taken: Mapping[date, DayOff]) -> date:
    """Return the first weekday after a day that is not off already."""
    day += ONE
    while day.weekday() >= SATURDAY or day in taken:
        day += ONE
    return day
