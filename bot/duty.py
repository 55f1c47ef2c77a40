"""Who is on duty? Kept in memory, so that it costs nothing to ask.

The shifts of yesterday to the day after tomorrow are held; they are read again when
people or shifts changed, or when the day did. Implements handlers.ports.Roster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import Connection

from bot.clock import Clock
from handlers.ports import OnDuty
from handlers.staff.people.model import Member
from handlers.staff.roster.model import ANY, Plan, local_date
from handlers.staff.roster.view import load
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.duty import Duty, How, on_duty
from storage import staff
from storage.database import Database
from storage.keys import UnitKeys

BEFORE = timedelta(days=1)
"""Before morning the shift is still last night's."""
AHEAD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class _Held:
    head: int
    day: date | None
    book: Book
    members: Mapping[str, Member]


_NOTHING = _Held(-1, None, Book.of(Plan(), ()), MappingProxyType({}))


@dataclass(slots=True)
class DutyBoard:
    """The roster of one unit; ``refresh`` keeps it true."""

    unit_id: str
    keys: UnitKeys
    clock: Clock
    hours: WeeklyHours
    _held: _Held = field(default=_NOTHING)

    async def refresh(self, database: Database) -> bool:
        """Read what moved; returns whether anything did.

        Raises StorageUnavailableError; what was held then goes on holding.
        """
        day = local_date(self.clock.now())
        head = await database.read(lambda c: staff.head(c, self.unit_id))
        if (head, day) == (self._held.head, self._held.day):
            return False
        self._held = await database.read(lambda c: self._read(c, day))
        return True

    def on_duty(self, at: datetime, channel: str, field: str = "") -> OnDuty | None:
        """Return who answers at an instant (aware) near today; None: nobody."""
        found = self.duty(at, channel, field)
        return self._published(found) if found else None

    def duty(self, at: datetime, channel: str, field: str = "") -> Duty | None:
        """Return the same with the shift, for staff; None outside of what is held."""
        is_open = self.hours.is_open(at)
        found = on_duty(self._held.book, at, channel, field or ANY, is_open=is_open)
        is_near = self._is_held(local_date(at))
        return found if isinstance(found, Duty) and is_near else None

    def _is_held(self, day: date) -> bool:
        held = self._held.day
        return held is not None and held - BEFORE <= day <= held + AHEAD

    def _read(self, connection: Connection, day: date) -> _Held:
        head = staff.head(connection, self.unit_id)
        view = load(
            connection, self.unit_id, self.keys, day - BEFORE - BEFORE, day + AHEAD
        )
        members = {code: view.members[code] for code in view.active}
        book = Book.of(view.plan, view.active)
        return _Held(head, day, book, members)

    def _published(self, duty: Duty) -> OnDuty:
        person = self._held.members[duty.staff_id]
        profile, is_public = person.profile, person.is_public
        shift_phone = duty.shift.phone if duty.shift else ""
        return OnDuty(
            staff_id=duty.staff_id,
            name=profile.name if is_public else "",
            title=profile.title if is_public else "",
            phone=shift_phone or (profile.public_phone if is_public else ""),
            is_shift=duty.how is not How.STANDBY,
            until=duty.until,
        )
