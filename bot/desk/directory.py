"""Who is behind a platform's id? Asked before each act of staff, so always fresh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Connection

from handlers.model import Channel
from handlers.staff.desk import Colleague, StaffDirectory
from handlers.staff.people.listing import members
from handlers.staff.people.model import Member, Route
from handlers.staff.permissions import Action, Role, may
from storage import staff
from storage.database import Database
from storage.keys import UnitKeys

OFFICERS = frozenset({Role.OFFICER.value})
ROUTES = {Route.TELEGRAM: Channel.TELEGRAM, Route.ZALO_BOT: Channel.ZALO_BOT}


class Directory(StaffDirectory, Protocol):
    """A directory that can look whether it is still true."""

    async def refresh(self, database: Database) -> None:
        """Read what changed; raises StorageUnavailableError."""
        ...


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of (platform, id) with the member's id, for the demo and for tests.

    ``people`` are all members; those who are only in the list are officers.
    """

    members: Mapping[tuple[Channel, str], str]
    people: tuple[Colleague, ...] = ()

    def member(self, platform: Channel, user_id: str) -> str | None:
        """Return the id of the member of staff, None for a stranger."""
        return self.members.get((platform, user_id))

    def addresses(self, platform: Channel) -> Sequence[str]:
        """Return the ids of all members on a platform."""
        return tuple(user for channel, user in self.members if channel is platform)

    def colleagues(self) -> Sequence[Colleague]:
        """Return everybody."""
        known = {one.code for one in self.people}
        others = dict.fromkeys(c for c in self.members.values() if c not in known)
        return (*self.people, *(Colleague(c, c, OFFICERS) for c in others))

    async def refresh(self, database: Database) -> None:
        """A list does not change."""
        del database


class StoredDirectory:
    """The people of a unit who may take talks over, as they are stored."""

    def __init__(self, unit_id: str, keys: UnitKeys) -> None:
        self._unit_id = unit_id
        self._keys = keys
        self._known = Listed({})
        self._version = -1

    def member(self, platform: Channel, user_id: str) -> str | None:
        """Return the code of an active member who may answer citizens."""
        return self._known.member(platform, user_id)

    def addresses(self, platform: Channel) -> Sequence[str]:
        """Return the ids of all of them on a platform."""
        return self._known.addresses(platform)

    def colleagues(self) -> Sequence[Colleague]:
        """Return all active members."""
        return self._known.people

    async def refresh(self, database: Database) -> None:
        """Read everybody again when somebody came, left or changed."""
        version = await database.read(lambda c: staff.head(c, self._unit_id))
        if version == self._version:
            return

        def work(connection: Connection) -> dict[str, Member]:
            return members(connection, self._unit_id, self._keys)

        self._known = _listed(await database.read(work))
        self._version = version


def _listed(found: Mapping[str, Member]) -> Listed:
    active = {code: one for code, one in found.items() if one.is_active}
    return Listed(
        {
            (channel, one.routes[route]): code
            for code, one in active.items()
            if may(one.roles, Action.TAKE_OVER_TALKS)
            for route, channel in ROUTES.items()
            if route in one.routes
        },
        tuple(
            Colleague(code, one.profile.name, frozenset(map(str, one.roles)))
            for code, one in active.items()
        ),
    )
