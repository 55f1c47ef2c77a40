"""Who works on cases, in which commune, with what? One value for every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.cases.actions import STAFF, Actor
from handlers.cases.apply import CaseServices
from handlers.cases.errors import BadOwnerError
from handlers.ports import UnitProfile, Words
from handlers.staff.cases.ports import Mail
from handlers.staff.people.model import CODE
from storage.database import Database
from storage.ids import Ids
from storage.vault import Vault


class Clock(Protocol):
    """The present, aware UTC, and the same in milliseconds."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...


@dataclass(frozen=True, slots=True)
class Room:
    """One unit's cases and the member of staff at work: a code, never a name.

    ``roles`` None: who works at the command line of the installation; what they may
    see is not narrowed here.
    """

    database: Database
    unit: UnitProfile
    vault: Vault
    ids: Ids
    clock: Clock
    by: str
    services: CaseServices
    words: Words
    mail: Mail
    roles: frozenset[str] | None = None

    def __post_init__(self) -> None:
        """Refuse anything that the log must not hold."""
        if not CODE.fullmatch(self.by):
            raise BadOwnerError(self.by[:40])

    @property
    def unit_id(self) -> str:
        """The commune."""
        return self.unit.unit_id

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        return self.clock.now_ms()

    @property
    def actor(self) -> Actor:
        """Whoever works, as the history keeps it."""
        return Actor(self.by, STAFF, self.roles)
