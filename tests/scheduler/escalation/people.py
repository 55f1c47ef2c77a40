"""A commune with a whole ladder of people, and cases that grow late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile, Route
from handlers.staff.permissions import Role
from messages.words import ChatWords
from scheduler.calendar import shipped
from scheduler.calendar.working_days import WorkCalendar
from scheduler.escalation.audit import Auditor
from scheduler.escalation.office import Office
from scheduler.escalation.sweep import Sweep
from scheduler.escalation.work_time import WorkTime
from scheduler.office_hours import WeeklyHours
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import case_escalation, notice
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import UNIT, Commune
from tests.handlers.staff.cases.commune import make as make_commune

HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
CALENDAR = WorkCalendar(shipped.shipped())
WORDS = ChatWords()
LADDER = {
    "canbo01": ("Công chức văn phòng", Role.OFFICER),
    "chanhvp": ("Chánh Văn phòng HĐND và UBND", Role.HEAD),
    "phoct": ("Phó Chủ tịch UBND", Role.LEADER),
    "chutich": ("Chủ tịch UBND", Role.LEADER),
}


class Words:
    """Our sentences with the unit's name."""

    def say(self, key: str, **values: object) -> str:
        """Return a sentence."""
        return WORDS.say(key, xa="UBND xã Thanh Hà", **values)


def office_of(ring: KeyRing, channels: Sequence[str] = ("facebook",)) -> Office:
    """Return the office of the commune."""
    work = WorkTime(CALENDAR, HOURS)
    return Office(UNIT, ring.unit(UNIT), work, Words(), tuple(channels))


@dataclass(slots=True)
class Ladder:
    """The commune, its office, its desk of people, and the sweep."""

    commune: Commune
    office: Office
    desk: Desk
    sweep: Sweep
    auditor: Auditor

    @property
    def database(self) -> Database:
        """The database of the commune."""
        return self.commune.room.database

    async def hires(self, code: str, title: str, role: Role) -> None:
        """Let somebody begin."""
        profile, routes = Profile(f"Họ tên {code}", title), {Route.PHONE: "0911111111"}
        await add(self.desk, NewMember(code, profile, frozenset({role}), routes))

    async def steps(self, state: str = "") -> list[dict[str, Any]]:
        """Return the steps of all cases, by due time."""
        rows = await self.commune.rows(case_escalation)
        found = [row for row in rows if not state or row["state"] == state]
        return sorted(found, key=lambda row: (row["due_at"], row["rank"]))

    async def told(self) -> list[tuple[str, str]]:
        """Return (kind, addressee) of the notices of the clock, as they came."""
        rows = [row for row in await self.commune.rows(notice) if row["addressee"]]
        rows.sort(key=lambda row: (row["created_at"], row["kind"], row["addressee"]))
        return [(row["kind"], row["addressee"]) for row in rows]


async def make_ladder(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> Ladder:
    """Return the commune with everybody on the ladder."""
    commune = make_commune(database, ring, ids, clock)
    made = Ladder(
        commune,
        office_of(ring),
        Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms),
        Sweep(database, clock, ids),
        Auditor(database, clock, ids),
    )
    for code, (title, role) in LADDER.items():
        await made.hires(code, title, role)
    return made
