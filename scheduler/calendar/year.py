"""Which feasts and commemorations does a year hold, and on which days?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from scheduler import resources
from scheduler.calendar.feast import Feast
from scheduler.calendar.lunar import FIRST_YEAR, LAST_YEAR
from scheduler.errors import BadDataError, BadYearError

KEYS: Final = frozenset(
    {"code", "name", "solar", "lunar", "day_off", "tone", "source", "note"}
    | {"verified", "since"}
)


class Tone(StrEnum):
    """How a greeting of the day may sound (DOMAIN.md 3.4)."""

    CONGRATULATE = "chuc_mung"
    COMMEMORATE = "ky_niem"
    THANK = "tri_an"
    MOURN = "tuong_niem"
    INFORM = "tuyen_truyen"


@dataclass(frozen=True, slots=True)
class Observance:
    """A feast as the data file knows it, for every year from ``since`` on."""

    code: str
    name: str
    feast: Feast
    day_off: bool
    tone: Tone
    since: int
    verified: bool
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """A feast on its day; ``day_off`` when the law makes it a day off."""

    date: date
    observance: Observance

    @property
    def code(self) -> str:
        """The feast's code, the same every year."""
        return self.observance.code

    @property
    def name(self) -> str:
        """Its Vietnamese name."""
        return self.observance.name

    @property
    def day_off(self) -> bool:
        """Whether the law makes it a day off."""
        return self.observance.day_off


def occasions(year: int, own: Iterable[Any] = ()) -> tuple[Occasion, ...]:
    """Return the occasions of a solar year, in the order of their days.

    ``own`` are records of a commune, of the same shape; one with the code of a shipped
    record replaces it. Raises BadYearError, BadDataError.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadYearError(str(year))
    found = [
        Occasion(day, observance)
        for observance in _observances(own).values()
        if year >= observance.since
        for day in observance.feast.days_in(year)
    ]
    return tuple(sorted(found, key=lambda one: one.date))


def _observances(own: Iterable[Any]) -> Mapping[str, Observance]:
    shipped = resources.load("occasions")
    found = [
        _observance(record)
        for record in resources.records([*shipped, *own], "occasions", KEYS)
    ]
    return {observance.code: observance for observance in found}


def _observance(record: Any) -> Observance:
    where = f"occasions {record.get('code')}"
    try:
        return Observance(
            code=str(record["code"]),
            name=str(record["name"]),
            feast=Feast.parse(record, where),
            day_off=record.get("day_off") is True,
            tone=Tone(record.get("tone", Tone.COMMEMORATE)),
            since=int(record.get("since", 0)),
            verified=record.get("verified", True) is True,
            source=str(record.get("source", "")),
            note=str(record.get("note", "")),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadDataError(where) from error
