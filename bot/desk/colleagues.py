"""To whom can a case be passed: a member, or whoever is on duty for a field?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.desk.ticket import UnitDesk
from handlers.staff.desk import FIELD, MEMBER, Act, Choice, Colleague
from handlers.staff.handover.casework import CaseAt, Refusal
from handlers.staff.permissions import Action, may
from handlers.staff.roster.model import ANY, local_date
from storage import roster
from storage.database import Database

MOST = 20
"""Buttons under one question; a larger office uses the console."""
LONGEST_CODE = 20
"""A button carries 64 bytes, most of them the name of the matter."""
FIELD_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Colleagues:
    """The people and fields of one unit at an instant (aware, UTC)."""

    database: Database
    unit_desk: UnitDesk
    now: datetime

    async def choices(self, at: CaseAt) -> Sequence[Choice]:
        """Return a button for each member who may have the case, and each field."""
        people = [
            Choice(Act.FORWARD, MEMBER + one.code, one.name)
            for one in self._able(at)
            if len(one.code) <= LONGEST_CODE and one.code != at.case.owner
        ]
        words = self.unit_desk.unit.services.words
        fields = [
            Choice(
                Act.FORWARD,
                FIELD + _digest(name),
                words.say("desk.field_on_duty", field=name),
            )
            for name in await self._fields()
        ]
        return [*fields, *people][:MOST]

    async def chosen(self, at: CaseAt, detail: str) -> str | Refusal:
        """Return the code of who is meant, or why nobody is."""
        if detail.startswith(FIELD):
            return await self._on_duty(at, detail.removeprefix(FIELD))
        code = detail.removeprefix(MEMBER)
        able = {one.code for one in self._able(at)}
        return code if code in able else Refusal("no_such_colleague")

    def _able(self, at: CaseAt) -> list[Colleague]:
        everybody = self.unit_desk.directory.colleagues()
        return [
            one
            for one in everybody
            if may(one.roles, Action.WORK_CASES) and at.kind.may_be_seen_by(one.roles)
        ]

    async def _on_duty(self, at: CaseAt, digest: str) -> str | Refusal:
        named = [name for name in await self._fields() if _digest(name) == digest]
        board = self.unit_desk.unit.services.roster
        if not named or board is None:
            return Refusal("nobody_on_duty")
        found = board.on_duty(self.now, at.case.channel, named[0])
        able = {one.code for one in self._able(at)}
        if found is None or found.staff_id not in able:
            return Refusal("nobody_on_duty")
        return found.staff_id

    async def _fields(self) -> list[str]:
        """Return the fields with a shift of their own, yesterday's night included."""
        day = local_date(self.now)
        first, last = (day - timedelta(days=1)).isoformat(), day.isoformat()
        unit_id = self.unit_desk.unit.unit_id

        def work(connection: Connection) -> list[str]:
            found = roster.shifts(connection, unit_id, first, last)
            return sorted({row["field"] for row in found} - {ANY})

        return await self.database.read(work)


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:FIELD_DIGITS]
