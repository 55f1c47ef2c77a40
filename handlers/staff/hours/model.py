"""What did a commune say itself of its hours and days, and what would a wish change?

It lies over config.yml: hours, once said, stand in place of those of the file; days are
added, and a day said here beats the same day there. Pure; local days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from handlers.staff.hours.errors import (
    NothingToDoError,
    PastDayError,
    TooFarError,
)

LONGEST_WHY: Final = 80
MOST_AT_ONCE: Final = 31
FARTHEST: Final = timedelta(days=2 * 366)
ONE: Final = timedelta(days=1)
DAY: Final = "day:"
WEEK: Final = "week"


class Means(StrEnum):
    """What a day is by the commune's own word."""

    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day off, or a day worked although it would be one; ``why`` is for staff."""

    means: Means
    why: str = ""


@dataclass(frozen=True, slots=True)
class OwnHours:
    """What was said in the console; ``week`` None: the hours of config.yml hold.

    ``week`` has the shape of config.yml: {"t2-t6": ("07:30-11:30", …)}.
    """

    week: Mapping[str, tuple[str, ...]] | None = None
    days: Mapping[date, OwnDay] = field(default_factory=dict)

    def entries(self) -> dict[str, Any]:
        """Return what is stored."""
        found: dict[str, Any] = {
            f"{DAY}{day.isoformat()}": {"means": one.means.value, "why": one.why}
            for day, one in self.days.items()
        }
        if self.week is not None:
            found[WEEK] = {key: list(spans) for key, spans in self.week.items()}
        return found

    def of(self, means: Means) -> frozenset[date]:
        """Return the days that mean this."""
        return frozenset(day for day, one in self.days.items() if one.means is means)


def read(entries: Mapping[str, Any]) -> OwnHours:
    """Return what was stored (see ``OwnHours.entries``)."""
    week = entries.get(WEEK)
    return OwnHours(
        None if week is None else {key: tuple(spans) for key, spans in week.items()},
        {
            date.fromisoformat(key.removeprefix(DAY)): OwnDay(
                Means(value["means"]), str(value.get("why", ""))
            )
            for key, value in sorted(entries.items())
            if key.startswith(DAY)
        },
    )


@dataclass(frozen=True, slots=True)
class SetWeek:
    """The weekly hours are these from now on; None: those of config.yml again."""

    week: Mapping[str, tuple[str, ...]] | None


@dataclass(frozen=True, slots=True)
class SetDays:
    """These days in a row mean this; None: what they meant without us."""

    first: date
    last: date
    means: Means | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class GoBack:
    """Hours and coming days are as in an earlier version; days gone by stay."""

    version_id: str
    then: OwnHours


Wish = SetWeek | SetDays | GoBack


def wished(now: OwnHours, wish: Wish, today: date) -> OwnHours:
    """Return what would hold. Raises PastDayError, TooFarError, NothingToDoError."""
    found = _wished(now, wish, today)
    if found == now:
        raise NothingToDoError
    return found


def key_of(wish: Wish) -> str:
    """Return what a wish is about, for the list of versions and the log."""
    if isinstance(wish, SetWeek):
        return WEEK
    if isinstance(wish, GoBack):
        return f"back:{wish.version_id}"
    return f"{DAY}{wish.first.isoformat()}"


def _wished(now: OwnHours, wish: Wish, today: date) -> OwnHours:
    if isinstance(wish, SetWeek):
        return replace(now, week=wish.week)
    if isinstance(wish, GoBack):
        gone = {day: one for day, one in now.days.items() if day < today}
        coming = {day: one for day, one in wish.then.days.items() if day >= today}
        return OwnHours(wish.then.week, gone | coming)
    days = dict(now.days)
    for day in _row(wish, today):
        days.pop(day, None)
        if wish.means is not None:
            days[day] = OwnDay(wish.means, " ".join(wish.why.split())[:LONGEST_WHY])
    return replace(now, days=days)


def _row(wish: SetDays, today: date) -> Iterator[date]:
    if wish.first < today:
        raise PastDayError
    count = (wish.last - wish.first).days + 1
    if not 1 <= count <= MOST_AT_ONCE or wish.last > today + FARTHEST:
        raise TooFarError
    return (wish.first + ONE * number for number in range(count))
