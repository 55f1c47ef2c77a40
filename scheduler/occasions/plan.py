"""Which greetings fall between two days, each with its instants? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from scheduler.calendar.year import Occasion, Tone, occasions
from scheduler.moments import LOCAL
from scheduler.occasions.rule import Reach, Rule, rule_of

AHEAD_DAYS = 7
"""A draft lies ready so many days before its day."""
LATE_FOR = timedelta(hours=3)
"""What could not begin within this time of its hour asks a person first."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A greeting to come: its occasion and its rule."""

    occasion: Occasion
    rule: Rule

    @property
    def code(self) -> str:
        """The occasion's code."""
        return self.occasion.code

    @property
    def day(self) -> date:
        """The local day."""
        return self.occasion.date

    @property
    def tone(self) -> Tone:
        """How it may sound."""
        return self.occasion.observance.tone

    @property
    def due_at(self) -> datetime:
        """When it goes out (aware, local)."""
        return datetime.combine(self.day, self.rule.at, LOCAL)

    @property
    def ends_at(self) -> datetime:
        """After this instant (aware, local) no send begins."""
        return datetime.combine(self.day, self.rule.until, LOCAL)


def planned(
    first: date, last: date, own: Iterable[Any] = (), *, with_off: bool = False
) -> tuple[Planned, ...]:
    """Return the greetings of these local days, both included, in order.

    ``own`` are a commune's records of occasions; ``with_off`` adds those that are only
    made by hand. Raises BadYearError, BadDataError.
    """
    own = tuple(own)
    found = _between(first, last, own)
    kept = (one for one in found if with_off or one.rule.reach is not Reach.OFF)
    return tuple(sorted(kept, key=lambda one: (one.due_at, one.code)))


def coming(
    now: datetime, own: Iterable[Any] = (), ahead: int = AHEAD_DAYS
) -> tuple[Planned, ...]:
    """Return what should lie ready as a draft at an instant (aware).

    A day whose last hour has gone is no longer drafted.
    """
    today = now.astimezone(LOCAL).date()
    found = planned(today, today + timedelta(days=ahead), own)
    return tuple(one for one in found if one.ends_at > now)


def one_of(code: str, day: date, own: Iterable[Any] = ()) -> Planned | None:
    """Return the greeting of one occasion on a day, also one made by hand only."""
    found = planned(day, day, own, with_off=True)
    return next((one for one in found if one.code == code), None)


def _between(first: date, last: date, own: tuple[Any, ...]) -> Iterator[Planned]:
    for year in range(first.year, last.year + 1):
        for one in occasions(year, own):
            if first <= one.date <= last:
                yield Planned(one, rule_of(one.code))
