"""Does a greeting become one article and one broadcast, whatever is lost on the way?"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from bot.broadcast_article import Publishing
from bot.broadcast_roads import OaArticles
from bot.channels.zalo.client import ZaloClient
from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import FaultRule, SandboxConfig, ZaloAccount
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from handlers.staff.greetings import acts
from scheduler.moments import LOCAL
from storage import articles
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from tests.bot.broadcast.support import UNIT, Commune, commune
from tests.conftest import FakeClock

TET, CODE, TOKEN = date(2027, 2, 6), "tet_nguyen_dan", "a-living-token"
ONCE = FaultRule(next_calls=1)


@dataclass(slots=True)
class HeldToken:
    """A token that never ends."""

    async def access(self) -> str | None:
        """Return it."""
        return TOKEN

    def reject(self, token: str) -> None:
        """The sandbox refuses it nowhere in these tests."""
        raise AssertionError(token)


@dataclass(slots=True)
class Oa:
    """A commune whose OA is the sandbox's."""

    here: Commune
    sandbox: Sandbox
    road: OaArticles
    name: str

    async def step(self, seconds: float = 2.0) -> bool:
        """Let time go by and take the next step; False when it has ended."""
        row = await self.here.row(CODE)
        is_open = await Publishing(
            self.here.database, self.here.keeper._units[UNIT].at, self.road
        ).go_on(dict(row))
        self.here.clock.advance(timedelta(seconds=seconds))
        return is_open

    async def state(self) -> Any:
        """Return how far the article is."""
        row = await self.here.database.read(lambda c: articles.get(c, UNIT, self.name))
        return row and row["state"]

    @property
    def broadcasts(self) -> list[int]:
        """How often each article that stands was sent."""
        return [len(one.sent_ms) for one in self.sandbox.wall.articles]


@pytest.fixture
async def oa(
    sqlite_database: SqliteDatabase, ring: KeyRing, clock: FakeClock
) -> AsyncIterator[Oa]:
    """An approved greeting of Tết at its hour, and an OA."""
    here = commune(sqlite_database, ring, clock)
    here.at(TET - timedelta(days=3), 8)
    await here.round()
    name = str((await here.row(CODE))["greeting_id"])
    await acts.approve(here.desk, name, 1)
    here.at(TET, 7, 30)
    account = replace(ZaloAccount(), access_token=TOKEN)
    app = create_sandbox(SandboxConfig(zalo=account, echoes=False), clock)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        client = ZaloClient(session, str(server.make_url("")))
        road = OaArticles(client, HeldToken(), "UBND xã", "https://xa.example/bia.jpg")
        yield Oa(here, app[SANDBOX], road, name)


async def test_an_article_is_made_and_sent_once(oa: Oa) -> None:
    """Made, read back, sent; the words are those that were approved."""
    while await oa.step():
        pass

    assert await oa.state() == "sent"
    assert oa.broadcasts == [1]
    words = json.loads(str((await oa.here.row(CODE))["words"]))
    assert words["portal"].startswith(oa.sandbox.wall.articles[0].title)


async def test_a_lost_making_is_found_in_the_list(oa: Oa) -> None:
    """The article stands although no answer came: it is sent, not made again."""
    oa.sandbox.faults.set("accept_then_drop", ONCE)
    await oa.step()
    assert await oa.state() == "creating"
    oa.here.clock.advance(timedelta(seconds=61))
    while await oa.step():
        pass

    assert await oa.state() == "sent"
    assert oa.broadcasts == [1]


async def test_a_lost_broadcast_is_never_sent_again(oa: Oa) -> None:
    """Nobody can read a broadcast back: it ends unknown, once, and staff are told."""
    for _ in range(2):
        await oa.step()
    oa.sandbox.faults.set("accept_then_drop", ONCE)
    while await oa.step(61):
        pass

    assert await oa.state() == "unknown"
    assert oa.broadcasts == [1]


async def test_a_process_that_died_in_a_broadcast_leaves_it_unknown(oa: Oa) -> None:
    """What stands as sending for a minute is not sent again."""
    for _ in range(2):
        await oa.step()
    row = await oa.here.database.read(lambda c: articles.get(c, UNIT, oa.name))
    assert row is not None
    await oa.here.database.write(
        lambda c: articles.change(c, UNIT, oa.name, row["mark"], state="sending")
    )
    oa.here.clock.advance(timedelta(seconds=61))
    await oa.step()

    assert await oa.state() == "unknown"
    assert oa.broadcasts == [0]


async def test_nothing_is_broadcast_at_night_and_the_end_refuses_it(oa: Oa) -> None:
    """Ready at night it waits; when the greeting ends it is refused with the reason."""
    for _ in range(2):
        await oa.step()
    oa.here.clock.set(datetime.combine(TET, time(22, 5), LOCAL).astimezone(UTC))
    await oa.step()
    assert await oa.state() == "ready"
    row = dict(await oa.here.row(CODE))
    at = oa.here.keeper._units[UNIT].at
    await Publishing(oa.here.database, at, oa.road).close(row, "too_late")

    assert await oa.state() == "refused"
    assert oa.broadcasts == [0]
