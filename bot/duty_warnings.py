"""Who tells staff, days ahead, that the roster has a hole? A notice a day and fault.

Told once a local day, so that a notice that was seen and not acted upon comes again
tomorrow. A unit that never wrote a shift is left in peace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection

from bot.clock import Clock
from bot.config import Unit
from handlers.staff.roster.model import local_date
from handlers.staff.roster.view import load
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.warnings import DAYS, Problem, Watch, warnings
from storage import operations, roster
from storage.database import Database
from storage.ids import Ids
from storage.keys import UnitKeys

HOTLINE: Final = "hotline"
KINDS: Mapping[Problem, str] = MappingProxyType(
    {
        Problem.GAP: "roster_gap",
        Problem.STANDBY_ONLY: "roster_standby_only",
        Problem.GONE: "roster_gone",
        Problem.ON_LEAVE: "roster_on_leave",
        Problem.UNREACHABLE: "roster_unreachable",
    }
)
"""What is worth a notice; a missing deputy is seen in `thanthien roster warnings`."""


@dataclass(slots=True)
class DutyWarnings:
    """Looks at the roster of one unit; ``channels`` must be staffed in office hours."""

    unit_id: str
    keys: UnitKeys
    clock: Clock
    hours: WeeklyHours
    ids: Ids
    channels: tuple[str, ...]
    _told: date | None = field(default=None)

    async def tell(self, database: Database) -> int:
        """Write the notices of today, if they were not; return how many faults.

        Raises StorageUnavailableError; the next call then tries again.
        """
        day = local_date(self.clock.now())
        if day == self._told:
            return 0
        found = await database.read(self._faults)
        if found:
            await database.write(lambda c: self._write(c, found))
        self._told = day
        return sum(found.values())

    def _faults(self, connection: Connection) -> Counter[tuple[str, date]]:
        """Count the faults by kind of notice and day."""
        if not roster.is_used(connection, self.unit_id):
            return Counter()
        now = self.clock.now()
        one, day = timedelta(days=1), local_date(now)
        last = day + DAYS * one
        view = load(connection, self.unit_id, self.keys, day - one, last)
        watch = Watch(self.hours, self.channels, view.reachable)
        told = warnings(Book.of(view.plan, view.active), now, watch)
        known = (w for w in told if w.problem in KINDS)
        return Counter((KINDS[w.problem], w.slot.day) for w in known)

    def _write(self, connection: Connection, found: Counter[tuple[str, date]]) -> None:
        for (kind, day), number in sorted(found.items()):
            row = {
                "unit_id": self.unit_id,
                "notice_id": self.ids.new(),
                "kind": kind,
                "subject": day.isoformat(),
                "detail": str(number),
                "created_at": self.clock.now_ms(),
            }
            operations.add_notice_once(connection, row)


def watched(unit: Unit) -> tuple[str, ...]:
    """Return what must be staffed: the platforms in use, and the telephone (I.3.b)."""
    used = {"zalo": unit.channels.zalo, "facebook": unit.channels.facebook}
    return (*(name for name, found in used.items() if found), HOTLINE)
