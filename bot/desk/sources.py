"""Where does a decision about a matter get its facts?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.case_rooms import room_within
from bot.clock import Clock
from bot.codec import load_conversation
from bot.desk.staff_files import StaffFiles
from bot.desk.ticket import Matter, UnitDesk, matter
from handlers.model import Consent, Conversation
from handlers.staff.cases.file import CaseFile, load
from handlers.staff.cases.workroom import Room
from handlers.staff.choices import short_code
from handlers.staff.desk import StaffInbound
from handlers.staff.desk_list.discretion import kept_back
from handlers.staff.permissions import Role
from storage import cases, conversations, desk
from storage.database import Database
from storage.errors import ErasedError
from storage.ids import Ids
from storage.vault import PersonVault

Row = dict[str, Any]
READERS = frozenset({Role.OFFICER.value})
"""As whom a staff group reads: everybody who serves is in it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known about the matter that is meant.

    ``is_quiet``: none of the citizen's words leave for a staff channel.
    """

    matter: Matter
    talk: Conversation
    talk_row: Mapping[str, Any] | None
    is_quiet: bool = False


class Sources:
    """Reads what one unit or another knows."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        ids: Ids,
        files: StaffFiles | None = None,
    ) -> None:
        self.database = database
        self.files = files
        self.clock = clock
        self.ids = ids

    async def load(self, unit_desk: UnitDesk, ref: str) -> Loaded | None:
        """Return the matter with its citizen's talk; None when it is gone."""
        unit_id = unit_desk.unit.unit_id

        def work(c: Connection) -> tuple[Row | None, Mapping[str, Any] | None, bool]:
            row = desk.find(c, unit_id, ref)
            if row is None:
                return None, None, True
            key = (unit_id, row["person_id"], row["channel"])
            said = (row["person_id"], row["opened_at"])
            # What was asked may stand in the message before.
            is_kept = self._is_kept(c, unit_desk, said, back=2)
            return row, conversations.load(c, [key]).get(key), is_kept

        row, talk_row, is_kept = await self.database.read(work)
        if row is None:
            return None
        try:
            found = matter(unit_desk, row)
        except ErasedError:
            return None
        talk = Conversation()
        if talk_row is not None:
            name = f"talk:{found.person_id}:{row['channel']}"
            talk = load_conversation(found.vault.open(talk_row["sealed"], name))
        # Who declined the notice did not agree to words on another platform.
        is_declined = talk.consent is Consent.DECLINED
        if is_declined or is_kept:
            hidden = replace(found.ticket, summary="", may_show_files=False)
            found = replace(found, ticket=hidden)
        return Loaded(found, talk, talk_row, is_declined)

    async def is_kept(self, unit_desk: UnitDesk, person_id: str, at: int) -> bool:
        """Whether what somebody said at an instant (UTC ms) is kept from officers."""
        said = (person_id, at)
        return await self.database.read(lambda c: self._is_kept(c, unit_desk, said))

    def _is_kept(
        self, c: Connection, unit_desk: UnitDesk, said: tuple[str, int], back: int = 1
    ) -> bool:
        where = (unit_desk.unit, self.database, self.ids, self.clock)
        room = room_within(*where, "desk", READERS)
        return bool(kept_back(room, c, [said], back))

    async def case_file(self, room: Room, ref: str) -> CaseFile | None:
        """Return the case of that id, None when there is none; raises NotYoursError."""

        def work(c: Connection) -> CaseFile | None:
            if cases.get(c, room.unit_id, ref) is None:
                return None
            return load(c, room, ref)

        try:
            return await self.database.read(work)
        except ErasedError:
            return None

    async def open_codes(self, unit_desk: UnitDesk) -> list[tuple[str, str]]:
        """Return (code, id) of the matters that staff may mean."""
        unit_id = unit_desk.unit.unit_id
        found = await self.database.read(lambda c: desk.open_matters(c, unit_id))
        return [(code or short_code(ref), ref) for ref, code in found]

    async def ref_of_topic(self, unit_desk: UnitDesk, said: StaffInbound) -> str:
        """Return the matter whose topic somebody wrote in; "" for none."""
        unit = unit_desk.unit
        mac = unit.vault.keys.mac(f"user:{said.channel}", said.topic)
        row = await self.database.read(
            lambda c: desk.identity_of(c, unit.unit_id, said.channel.value, mac)
        )
        if row is None:
            return ""
        try:
            vault = unit.vault.unwrap(row["person_id"], row["wrapped_key"])
        except ErasedError:
            return ""
        return str(vault.open(row["sealed_id"], mac).get("ref", ""))

    async def room(self, unit_desk: UnitDesk) -> PersonVault:
        """Return the vault of what is said to staff about nobody."""
        return await room(self.database, unit_desk, self.clock.now_ms())


async def room(database: Database, unit_desk: UnitDesk, now: int) -> PersonVault:
    """Return the vault of what is said to staff about nobody, made when missing."""
    unit = unit_desk.unit
    person_id = unit.vault.keys.mac("desk", "room")
    wrapped = await database.read(lambda c: desk.room(c, unit.unit_id, person_id))
    if wrapped is None:
        made = unit.vault.create(person_id)
        row = {
            "unit_id": unit.unit_id,
            "person_id": person_id,
            "wrapped_key": made.wrapped_key,
            "created_at": now,
        }
        wrapped = await database.write(lambda c: desk.make_room(c, row))
    return unit.vault.unwrap(person_id, wrapped)
