"""Who else looks at this case now? Kept in memory: it is gone with the process.

A page says every so often that it is still open. The same record knows who saw a case a
moment ago, so that a page which renews itself is not proved as a new look each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from bot.console.house import House
from bot.console.live import Hub

HERE_MS = 60_000
PROVED_MS = 10 * 60_000

Place = tuple[str, str]
"""Unit and what is looked at."""


@dataclass(slots=True)
class Presence:
    """Times (UTC ms) by place and member."""

    _here: dict[Place, dict[str, int]] = field(default_factory=dict)
    _proved: dict[tuple[Place, str], int] = field(default_factory=dict)

    def comes(self, place: Place, staff_id: str, now: int) -> tuple[str, ...]:
        """Note that somebody is here; return the codes of the others."""
        found = self._here.setdefault(place, {})
        found[staff_id] = now
        for gone in [who for who, at in found.items() if at < now - HERE_MS]:
            del found[gone]
        return tuple(sorted(found.keys() - {staff_id}))

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
