"""Who else looks at this now, through whichever process of the console?

A page says every so often that it is still open; that is a lease in the database, under
a keyed hash. In memory is only who saw a case a moment ago, so that a page which renews
itself is not proved as a new look, and nobody writes more often than needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from bot.console.house import House
from bot.console.live import Hub
from bot.console.visit import Visit
from storage import leases

HERE_MS = 60_000
AGAIN_MS = 15_000
"""A lease is written anew only after this time."""
PROVED_MS = 10 * 60_000

Place = tuple[str, str]
"""Unit and what is looked at."""


@dataclass(slots=True)
class Presence:
    """What this process remembers: times (UTC ms) by place and member."""

    _written: dict[tuple[Place, str], int] = field(default_factory=dict)
    _proved: dict[tuple[Place, str], int] = field(default_factory=dict)

    def is_written(self, place: Place, staff_id: str, now: int) -> bool:
        """Whether their lease is fresh; if not, it is from now on."""
        self._written = {k: t for k, t in self._written.items() if t > now - AGAIN_MS}
        known = (place, staff_id) in self._written
        self._written.setdefault((place, staff_id), now)
        return known

    def is_proved(self, place: Place, staff_id: str, now: int) -> bool:
        """Whether they saw it a moment ago; if not, from now on they did."""
        self._proved = {k: at for k, at in self._proved.items() if at > now - PROVED_MS}
        key = (place, staff_id)
        known = key in self._proved
        self._proved.setdefault(key, now)
        return known


_PROCESS: WeakKeyDictionary[Hub, Presence] = WeakKeyDictionary()


def presence(house: House) -> Presence:
    """Return the record of this process's console."""
    return _PROCESS.setdefault(house.hub, Presence())


async def others_at(at: Visit, ref: str) -> tuple[str, ...]:
    """Note that somebody looks at a case or talk; return the codes of the others."""
    now, unit_id, staff_id = at.house.clock.now_ms(), at.unit_id, at.staff_id
    name = at.gate.keys.mac("presence", ref)[:32]
    database = at.house.database

    def come(connection: Connection) -> None:
        leases.forget(connection, unit_id, now)
        leases.hold(connection, unit_id, name, staff_id, now + HERE_MS)

    if not presence(at.house).is_written((unit_id, ref), staff_id, now):
        await database.write(come)
    found = await database.read(lambda c: leases.holders(c, unit_id, name, now))
    return tuple(one for one in found if one != staff_id)
