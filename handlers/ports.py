"""What do the use cases need from the outside, and in which words?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from messages.procedure import Procedure
from nlu.model import Memory, Understanding


class Clock(Protocol):
    """The time, injected so that tests never sleep."""

    def now(self) -> datetime:
        """Return the present instant, aware, UTC."""
        ...


class Catalogue(Protocol):
    """The procedures one unit answers about."""

    def get(self, code: str) -> Procedure | None:
        """Return the procedure with that code or one of its twin codes."""
        ...


class OfficeHours(Protocol):
    """When are people of the commune at their desks?"""

    def is_open(self, at: datetime) -> bool:
        """Whether the desk is staffed at this instant (aware)."""
        ...

    def next_opening(self, at: datetime) -> datetime:
        """The next instant, local time of the commune, at which it opens."""
        ...

    def describe(self) -> str:
        """The weekly hours in one Vietnamese phrase; empty when not set."""
        ...


class Reader(Protocol):
    """Reads a text in the light of what was said before (see nlu.ports)."""

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading."""
        ...


@dataclass(frozen=True, slots=True)
class Phone:
    """A published number of the commune."""

    label: str
    number: str


@dataclass(frozen=True, slots=True)
class UnitProfile:
    """The commune as citizens know it; empty fields are said to be unconfirmed."""

    unit_id: str
    name: str
    full_name: str = ""
    place: str = ""
    portal_url: str = "https://dichvucong.gov.vn"
    public_url: str = ""
    phones: tuple[Phone, ...] = ()
    reception: str = ""
    retention: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """What a citizen handler is given; nothing else is reachable from it."""

    unit: UnitProfile
    clock: Clock
    reader: Reader
    catalogue: Catalogue
    hours: OfficeHours
    words: Words


class Words(Protocol):
    """The commune's sentences, rendered from templates that staff can edit."""

    def say(self, key: str, **values: object) -> str:
        """Return the sentence with that key, filled with the values."""
        ...

    def title(self, key: str) -> str:
        """Return the short label of a button."""
        ...


__all__: Sequence[str] = (
    "Catalogue",
    "Clock",
    "OfficeHours",
    "Phone",
    "Reader",
    "Services",
    "UnitProfile",
    "Words",
)
