"""How are many people who may be greeted made, and their campaign planned in one go?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.broadcast_keeper import AtClock
from bot.broadcast_people import Campaign
from bot.clock import Clock
from bot.codec import dump_conversation
from bot.installation import Installation
from handlers.model import Consent, Conversation
from handlers.staff.greetings import acts
from handlers.staff.greetings.model import Day
from handlers.staff.people.desk import Desk
from messages.greetings.compose import Subject
from messages.letters.office import Office
from storage import greetings
from storage.tables import conversation, identity, person
from storage.vault import Vault
from tests.bot.kill_harness import UNIT

CHUNK = 2_000
HOUR_MS = 3_600_000
OFFICE = Office("xã Thanh Hà", "Ủy ban nhân dân xã Thanh Hà")


@dataclass(frozen=True, slots=True)
class Village:
    """A unit of an opened installation, whose people are all on Zalo."""

    opened: Installation
    clock: Clock

    @property
    def vault(self) -> Vault:
        """A vault of its own: what it remembers does not help the service."""
        return Vault(UNIT, self.opened.ring.unit(UNIT))

    async def people(self, number: int) -> None:
        """Add so many people who wrote just now and agreed."""
        vault = self.vault
        for begin in range(0, number, CHUNK):
            size = min(CHUNK, number - begin)
            await self.opened.database.write(partial(self._add, vault, size))

    async def approved(self) -> str:
        """Draft and approve a greeting to everybody that is due now."""
        opened, now = self.opened, self.clock.now_ms()
        keys = opened.ring.unit(UNIT)
        desk = Desk(opened.database, UNIT, keys, opened.ids, self.clock.now_ms)
        subject = Subject("hoi_lang", "Hội làng", "chuc_mung", 2026, 2026)
        day = Day(subject, "2026-01-01", "people", now, now + 12 * HOUR_MS)
        name = await acts.make(desk, day, OFFICE)
        await acts.approve(desk, name, 1)
        return name

    async def planned(self, name: str) -> float:
        """Plan the whole campaign at once; return the seconds that it took."""
        campaign = Campaign(self.vault, frozenset({"zalo", "facebook"}))
        at = AtClock(UNIT, self.opened.ids, self.clock)
        database, began = self.opened.database, time.perf_counter()
        while not (row := await database.read(lambda c: _get(c, name)))["is_counted"]:
            await database.write(partial(_feed, campaign, at, row))
        return time.perf_counter() - began

    def _add(self, vault: Vault, number: int, connection: Connection) -> None:
        rows = [self._one(vault) for _ in range(number)]
        parts = zip(*rows, strict=True)
        for table, part in zip((person, identity, conversation), parts, strict=True):
            connection.execute(table.insert(), list(part))

    def _one(self, vault: Vault) -> tuple[dict[str, Any], ...]:
        name, now = self.opened.ids.new(), self.clock.now_ms()
        own = vault.create(name)
        mac = vault.keys.mac("user:zalo", name)
        shared = {"unit_id": UNIT, "person_id": name}
        kept = dump_conversation(Conversation(consent=Consent.GIVEN))
        sealed_id = own.seal({"id": str(int(name, 16) % 10**18)}, mac)
        talk = {
            "channel": "zalo",
            "version": 1,
            "sealed": own.seal(kept, f"talk:{name}:zalo"),
            "last_inbound_at": now,
            "sent_since_inbound": 0,
            "updated_at": now,
        }
        return (
            {**shared, "wrapped_key": own.wrapped_key, "created_at": now},
            {**shared, "channel": "zalo", "id_mac": mac, "sealed_id": sealed_id},
            {**shared, **talk},
        )


def _feed(
    campaign: Campaign, at: AtClock, row: dict[str, Any], connection: Connection
) -> None:
    campaign.feed(connection, at, row)


def _get(connection: Connection, name: str) -> dict[str, Any]:
    row = greetings.get(connection, UNIT, name)
    assert row is not None
    return row
