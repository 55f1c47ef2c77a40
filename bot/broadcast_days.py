"""Which days does a unit greet, in the terms of its desk?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.cli.letters_office import office_of
from bot.config import Unit
from bot.own_calendar import facts_of
from handlers.staff.greetings.model import Day
from messages.greetings.compose import Subject
from messages.letters.office import Office
from scheduler.calendar.lunar import to_lunar
from scheduler.moments import LOCAL
from scheduler.occasions import plan
from scheduler.occasions.plan import Planned

WELCOMED: Final = frozenset({"giao_thua"})
"""Days of the old lunar year that welcome the new one."""


@dataclass(frozen=True, slots=True)
class UnitDays:
    """The calendar of one unit, and how it names itself."""

    office: Office
    own: tuple[Any, ...] = ()

    def coming(self, now: datetime) -> tuple[Day, ...]:
        """Return what should lie ready as a draft (now: aware)."""
        return tuple(day_of(one) for one in plan.coming(now, self.own))

    def find(self, code: str, now: datetime, days: int = 400) -> Day | None:
        """Return the next day of an occasion, of one made by hand only too."""
        today = now.astimezone(LOCAL).date()
        last = today + timedelta(days=days)
        found = plan.planned(today, last, self.own, with_off=True)
        return next((day_of(p) for p in found if p.code == code), None)

    def between(self, first: date, last: date) -> tuple[Planned, ...]:
        """Return the greetings of these local days."""
        return plan.planned(first, last, self.own)


def days_of(unit: Unit) -> UnitDays:
    """Return the days of a unit; raises BadDataError of its own file."""
    own: Iterable[Any] = facts_of(unit).get("occasions", ())
    return UnitDays(office_of(unit), tuple(own))


def day_of(one: Planned) -> Day:
    """Return a planned greeting as the desk knows it."""
    shift = timedelta(days=1) if one.code in WELCOMED else timedelta()
    subject = Subject(
        one.code,
        one.occasion.name,
        one.tone.value,
        one.day.year,
        to_lunar(one.day + shift).year,
    )
    return Day(
        subject,
        one.day.isoformat(),
        one.rule.reach.value,
        _ms(one.due_at),
        _ms(one.ends_at),
        one.rule.audience,
    )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
