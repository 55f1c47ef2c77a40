"""What does the roster of some days say, and who are the people in it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection

from handlers.staff.people.desk import Desk
from handlers.staff.people.listing import members
from handlers.staff.people.model import Member
from handlers.staff.permissions import Action
from handlers.staff.roster.model import Plan, local_date
from handlers.staff.roster.rows import leave_of, shift_of
from storage import roster
from storage.keys import UnitKeys


@dataclass(frozen=True, slots=True)
class View:
    """A plan with everybody of the unit, those who left too."""

    plan: Plan
    members: Mapping[str, Member]

    @property
    def active(self) -> frozenset[str]:
        """The codes of those who work for the unit."""
        return frozenset(c for c, one in self.members.items() if one.is_active)

    @property
    def reachable(self) -> frozenset[str]:
        """The codes of those who can be alerted."""
        return frozenset(c for c, one in self.members.items() if one.is_reachable)

    def name(self, staff_id: str) -> str:
        """Return somebody's name for staff; the code when there is none."""
        found = self.members.get(staff_id)
        return found.profile.name if found else staff_id


async def seen(desk: Desk, first: date, last: date) -> View:
    """Return the roster of these days (both included).

    Raises StrangerError, NotAllowedError, StorageUnavailableError.
    """
    return await desk.look(
        Action.SEE_ROSTER, lambda c: load(c, desk.unit_id, desk.keys, first, last)
    )


def load(
    connection: Connection, unit_id: str, keys: UnitKeys, first: date, last: date
) -> View:
    """Return the same from inside a transaction."""
    rows = roster.shifts(connection, unit_id, first.isoformat(), last.isoformat())
    away = roster.leave(connection, unit_id, first.isoformat())
    plan = Plan(
        tuple(shift_of(keys, row) for row in rows),
        tuple(one for one in map(leave_of, away) if one.first <= last),
        roster.standby(connection, unit_id),
    )
    return View(plan, members(connection, unit_id, keys))


def today(desk: Desk) -> date:
    """Return the day of now in the commune."""
    return local_date(datetime.fromtimestamp(desk.now_ms() / 1000, tz=UTC))
