"""A commune on a real database: citizens who wrote, and a desk of staff."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.case_mail import CaseMail
from handlers.cases.apply import CaseServices
from handlers.cases.begin import Birth, opened
from handlers.cases.case import Case
from handlers.cases.clocks import started
from handlers.cases.code import CaseCode
from handlers.cases.kind import shipped
from handlers.cases.moments import local_day, to_ms
from handlers.cases.opening import Opening
from handlers.cases.rows import Sealer, rows_of
from handlers.ports import UnitProfile
from handlers.staff.cases.workroom import Room
from messages.words import ChatWords
from storage import cases, conversations, people
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import evidence_entry
from storage.vault import PersonVault, Vault
from tests.conftest import FakeClock
from tests.handlers.cases.office import Weekdays

UNIT = "thanh-ha"
WORDS = ChatWords()
REPORT = "đèn đường trước nhà văn hóa hỏng"


@dataclass(slots=True)
class Commune:
    """Staff at work, and what a test needs around them."""

    room: Room
    clock: FakeClock
    number: int = 0

    def as_(self, by: str, *roles: str) -> Room:
        """Return the room of somebody; without roles nothing is narrowed."""
        return replace(self.room, by=by, roles=frozenset(roles) or None)

    def with_holidays(self, days: Sequence[date]) -> Room:
        """Return the room under a changed calendar."""
        services = CaseServices(shipped(), Weekdays(days))
        return replace(self.room, services=services)

    async def citizen(self, name: str, channel: str = "facebook") -> PersonVault:
        """Let somebody write for the first time, now."""
        vault = self.room.vault.create(self.room.ids.new())
        shared = {"unit_id": UNIT, "person_id": vault.person_id}
        mac = self.room.vault.keys.mac(f"user:{channel}", name)
        now = self.clock.now_ms()
        identity = {
            "channel": channel,
            "id_mac": mac,
            "sealed_id": vault.seal({"id": name}, mac),
        }
        person = {"wrapped_key": vault.wrapped_key, "created_at": now}

        def work(connection: Connection) -> None:
            people.add_person(connection, shared | person, shared | identity)
            conversations.save(connection, _talk(vault, channel, now), 0)

        await self.room.database.write(work)
        return vault

    async def writes(self, vault: PersonVault, channel: str = "facebook") -> int:
        """Let a citizen write again; return how many messages that released."""
        now = self.clock.now_ms()
        key = (UNIT, vault.person_id, channel)

        def work(connection: Connection) -> int:
            row = conversations.load(connection, [key])[key]
            talk = row | {"last_inbound_at": now, "version": row["version"] + 1}
            conversations.save(connection, talk, row["version"])
            return len(cases.release(connection, *key, now))

        return await self.room.database.write(work)

    async def reports(
        self,
        vault: PersonVault,
        kind: str = "phan_anh",
        channel: str = "facebook",
        text: str = REPORT,
        **told: str,
    ) -> Case:
        """Let a citizen open a case."""
        self.number += 1
        at, found = self.clock.now(), shipped().get(kind)
        opening = Opening(
            kind=kind,
            code=str(CaseCode(found.letters, local_day(at), self.number)),
            text=text,
            received_at=at,
            clocks=started(found, at, self.room.services.deadlines),
            contact={"phone": "0912345678"} | told,
        )
        birth = Birth(UNIT, self.room.ids.new(), vault.person_id, channel)
        sealer = Sealer(self.room.ids, vault, self.room.vault.keys, to_ms(at))
        change = opened(opening, birth, at)
        rows = rows_of(change, sealer)
        await self.room.database.write(partial(_write, rows=rows))
        return change.case

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**time))

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return all rows of a table, by their keys."""
        found = await self.room.database.read(
            lambda c: [dict(row) for row in c.execute(select(table)).mappings()]
        )
        order = [column.name for column in table.primary_key]
        return sorted(found, key=lambda row: [row[name] for name in order])

    async def tags(self) -> list[str]:
        """Return what the log tells, in order."""
        return [row["tag"] for row in await self.rows(evidence_entry)]

    async def proofs(self, tag: str) -> list[dict[str, Any]]:
        """Return the data under a tag, in order."""
        rows = await self.rows(evidence_entry)
        return [json.loads(row["leaf"])["data"] for row in rows if row["tag"] == tag]


def make(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Commune:
    """Return a commune without any case yet."""
    room = Room(
        database=database,
        unit=UnitProfile(UNIT, "UBND xã Thanh Hà"),
        vault=Vault(UNIT, ring.unit(UNIT)),
        ids=ids,
        clock=clock,
        by="canbo01",
        services=CaseServices(shipped(), Weekdays()),
        words=WORDS,
        mail=CaseMail(),
    )
    return Commune(room, clock)


def _write(connection: Connection, rows: cases.CaseRows) -> None:
    cases.write(connection, rows)


def _talk(vault: PersonVault, channel: str, now: int) -> dict[str, Any]:
    key = f"talk:{vault.person_id}:{channel}"
    return {
        "unit_id": UNIT,
        "person_id": vault.person_id,
        "channel": channel,
        "version": 1,
        "sealed": vault.seal({"honorific": "bác"}, key),
        "opted_out": False,
        "muted_until": None,
        "last_inbound_at": now,
        "sent_since_inbound": 0,
        "updated_at": now,
    }
