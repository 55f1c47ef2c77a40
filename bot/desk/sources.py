"""Where does a decision about a matter get its facts?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from bot.clock import Clock
from bot.codec import load_conversation
from bot.desk.staff_files import StaffFiles
from bot.desk.ticket import Matter, UnitDesk, matter
from handlers.model import Consent, Conversation
from handlers.staff.cases.file import CaseFile, load
from handlers.staff.cases.workroom import Room
from handlers.staff.choices import short_code
from handlers.staff.desk import StaffInbound
from storage import cases, conversations, desk
from storage.database import Database
from storage.errors import ErasedError
from storage.ids import Ids
from storage.vault import PersonVault

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known about the matter that is meant."""

    matter: Matter
    talk: Conversation
    talk_row: Mapping[str, Any] | None


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

        def work(c: Connection) -> tuple[Row | None, Mapping[str, Any] | None]:
            row = desk.find(c, unit_id, ref)
            if row is None:
                return None, None
            key = (unit_id, row["person_id"], row["channel"])
            return row, conversations.load(c, [key]).get(key)

        row, talk_row = await self.database.read(work)
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
        if talk.consent is Consent.DECLINED:
            # Who declined the notice did not agree to words on another platform.
            hidden = replace(found.ticket, summary="", may_show_files=False)
            found = replace(found, ticket=hidden)
        return Loaded(found, talk, talk_row)

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
