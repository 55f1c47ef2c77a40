"""What do the use cases need from the outside, and in which words?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from handlers.cases.blind import BlindDesk, Undated
from handlers.cases.kind import Kinds, shipped
from handlers.cases.nearby import NearbyCases, NothingNearby
from handlers.cases.ports import CaseDesk, Deadlines, Due
from handlers.citizen.intake import forms as intake_forms
from handlers.citizen.intake.forms import Forms
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
class CityChannel:
    """Where the city takes reports too: an address to open, or a number to call."""

    label: str
    url: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who answers now, as far as it is published.

    ``name`` and ``title`` are "" when the person did not agree to be named; ``phone``
    is a published number or "". ``is_shift`` False: no shift names them, they answer
    for want of one. ``staff_id`` is for staff and the log. ``until`` is local.
    """

    staff_id: str
    name: str
    title: str
    phone: str
    is_shift: bool
    until: datetime


class Roster(Protocol):
    """Who is on duty? Asked of memory, so that it costs nothing to ask."""

    def on_duty(self, at: datetime, channel: str, field: str = "") -> OnDuty | None:
        """Return who answers at an instant (aware); None is an explicit gap.

        ``channel`` is a platform or "hotline"; ``field`` "" means any.
        """
        ...


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
    hamlets: tuple[str, ...] = ()
    city_channels: tuple[CityChannel, ...] = ()
    thanks_comments: bool = False
    has_hosted_ai: bool = False


@dataclass(frozen=True, slots=True)
class Services:
    """What a citizen handler is given; nothing else is reachable from it.

    ``cases`` is replaced for each message: it is the desk of that citizen.
    """

    unit: UnitProfile
    clock: Clock
    reader: Reader
    catalogue: Catalogue
    hours: OfficeHours
    words: Words
    kinds: Kinds = field(default_factory=shipped)
    deadlines: Deadlines = field(default_factory=Undated)
    cases: CaseDesk = field(default_factory=BlindDesk)
    roster: Roster | None = None
    forms: Forms = field(default_factory=intake_forms.shipped)
    nearby: NearbyCases = field(default_factory=NothingNearby)


class Words(Protocol):
    """The commune's sentences, rendered from templates that staff can edit."""

    def say(self, key: str, **values: object) -> str:
        """Return the sentence with that key, filled with the values."""
        ...

    def title(self, key: str) -> str:
        """Return the short label of a button."""
        ...

    def knows(self, key: str) -> bool:
        """Whether there is a sentence with that key."""
        ...

    def version(self, key: str) -> str:
        """Return which wording of a sentence is in force, 12 hex digits."""
        ...


__all__: Sequence[str] = (
    "CaseDesk",
    "Catalogue",
    "CityChannel",
    "Clock",
    "Deadlines",
    "Due",
    "NearbyCases",
    "OfficeHours",
    "OnDuty",
    "Phone",
    "Reader",
    "Roster",
    "Services",
    "UnitProfile",
    "Words",
)
