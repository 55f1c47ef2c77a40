"""Do open pages hear what moved, from this process and from others?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from bot.console.live import Hub
from handlers.model import Tag
from handlers.staff.people.desk import Desk as StaffDesk
from handlers.staff.permissions import Role
from storage import sessions
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.bot.console.support import UNIT, Desk
from tests.bot.support import eventually
from tests.conftest import FakeClock

SOON = 5.0


async def _next(topics: AsyncGenerator[str]) -> str:
    return await asyncio.wait_for(anext(topics), SOON)


async def test_what_this_process_tells_is_heard_by_its_unit_alone(
    database: Database, clock: FakeClock
) -> None:
    """At once, each topic once however often it moved; no other commune hears it."""
    hub = Hub(database, clock.now_ms, poll_seconds=60)
    one, two = hub.topics(UNIT), hub.topics("other")
    waiting = [asyncio.ensure_future(_next(topics)) for topics in (one, two)]
    await eventually(lambda: hub._ears[UNIT] and hub._ears["other"])
    hub.tell(UNIT, "case")
    assert await waiting[0] == "case"
    for topic in ("message", "case", "message"):
        hub.tell(UNIT, topic)

    assert [await _next(one), await _next(one)] == ["message", "case"]
    assert not waiting[1].done()
    await hub.close()
    assert await waiting[1] == ""


async def test_what_others_write_is_heard_from_the_log(
    database: Database, clock: FakeClock, ring: KeyRing, ids: Ids
) -> None:
    """Whoever changes something writes evidence; its subject is the topic."""
    hub = Hub(database, clock.now_ms, poll_seconds=0.01)
    topics = hub.topics(UNIT)
    waiting = asyncio.ensure_future(_next(topics))
    staff = StaffDesk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms)
    for _ in range(200):
        await database.write(lambda c: staff.prove(c, Tag.STAFF_ADDED, "a"))
        await asyncio.sleep(0.01)
        if waiting.done():
            break

    assert await waiting == "member"
    await hub.close()


async def test_a_page_streams_until_its_session_ends(desk: Desk) -> None:
    """Events carry topics and nothing else; a session that is gone hears no more."""
    browser = await desk.as_role(Role.OFFICER)
    async with browser.http.get(f"{desk.base}/console/live") as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert await answer.content.readline() == b"retry: 3000\n"
        await answer.content.readline()
        desk.house.hub.tell(UNIT, "case")
        told = [await answer.content.readline() for _ in range(3)]
        assert told == [b"event: topic\n", b"data: case\n", b"\n"]
        gate = desk.gate
        await gate.database.write(lambda c: sessions.end_all(c, UNIT, "officer"))
        desk.house.hub.tell(UNIT, "case")

        assert await answer.content.read() == b""
