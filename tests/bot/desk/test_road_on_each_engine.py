"""Does an act of staff become one transaction on SQLite and on PostgreSQL alike?"""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.client import TelegramClient
from bot.config_channels import Telegram
from bot.desk.directory import Listed
from bot.desk.plan import Plan
from bot.desk.sources import Sources
from bot.desk.telegram import TelegramAdapter
from bot.desk.ticket import UnitDesk
from bot.runtime import UnitRuntime
from handlers.model import Channel
from handlers.ports import Services, UnitProfile
from handlers.staff.desk import Act, StaffInbound, Tap
from messages.words import ChatWords
from storage import desk, inbox
from storage.database import Database
from storage.desk import State
from storage.errors import ConflictError
from storage.ids import Ids
from storage.inbox import Delivery, StoredEvent
from storage.keys import KeyRing
from storage.tables import conversation, evidence_entry, handover, outbox
from storage.vault import Vault
from tests.conftest import FakeClock
from tests.storage.test_desk import Someone

UNIT = "u1"
NOTHING: Any = None


class Holder:
    """Services with words and a name only."""

    aheads = ()
    services = Services(
        unit=UnitProfile(UNIT, "xã Thanh Hà"),
        clock=NOTHING,
        reader=NOTHING,
        catalogue=NOTHING,
        hours=NOTHING,
        words=ChatWords(),
    )


@pytest.fixture
async def unit_desk(ring: KeyRing) -> Any:
    """A unit with a group; nothing is sent in these tests."""
    section = Telegram(bot_token="7001:x", chat_id="-1001", secret_token="s")
    async with aiohttp.ClientSession() as session:
        client = TelegramClient(session, "http://127.0.0.1:9", "7001:x", "-1001")
        adapters = {Channel.TELEGRAM: TelegramAdapter(section, client)}
        unit = UnitRuntime(UNIT, Vault(UNIT, ring.unit(UNIT)), Holder(), adapters)
        yield UnitDesk(unit, Listed({(Channel.TELEGRAM, "42"): "mai"}))


async def event(database: Database, ids: Ids, number: int) -> dict[str, Any]:
    """Store an event of the group and claim its lane; return it."""
    stored = StoredEvent(ids.new(), 0, f"{number:032x}", f"{number:032x}", 1000)
    body = ids.new()
    delivery = Delivery(
        UNIT, "telegram", body, "2026-11-23", b"x" * 40, 1000, (stored,)
    )
    await database.write(lambda c: inbox.store(c, [delivery]))
    (ref,) = await database.write(
        lambda c: inbox.claim(c, owner="p1", now=2000, lease_until=9000, limit=9)
    )
    return ref.events[0]


async def test_taking_is_one_transaction_and_only_one_takes(
    database: Database, unit_desk: UnitDesk, ring: KeyRing, ids: Ids, clock: FakeClock
) -> None:
    """State, talk, posts and evidence together; the slower one changes nothing."""
    someone = Someone(ring, ids)
    await database.write(someone.settle)
    await database.write(
        lambda c: desk.move(c, UNIT, someone.ref, State.WAITING, State.POSTED)
    )
    sources = Sources(database, clock, ids)
    plans = []
    for number in range(2):
        told = await event(database, ids, number)
        plan = Plan(sources, unit_desk, told)
        tap = Tap(Act.TAKE, someone.ref)
        said = StaffInbound(
            Channel.TELEGRAM, "42", "-1001:7", clock.now(), tap=tap, query_id="q"
        )
        await plan.make(said)
        plans.append(plan)
    await database.write(lambda c: plans[0].write(c, "p1", 9000, release=True))
    with pytest.raises(ConflictError):
        await database.write(lambda c: plans[1].write(c, "p1", 9000, release=True))

    def rows(table: Any) -> Any:
        return database.read(
            lambda c: [dict(row) for row in c.execute(table.select()).mappings()]
        )

    (matter,) = await rows(handover)
    (talk,) = await rows(conversation)
    (entry,) = await rows(evidence_entry)
    (post,) = await rows(outbox)
    assert matter["state"] == "taken"
    assert talk["muted_until"] == clock.now_ms() + 8 * 3_600_000
    assert (talk["version"], entry["tag"]) == (2, "staff:conversation:taken")
    assert (post["channel"], post["kind"]) == ("telegram", "staff")
