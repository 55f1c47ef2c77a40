"""Is the single-use token renewed once, in time, and never lost in between?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.webhook import zalo_event
from bot.tokens import AGAIN_MS, INTENT_STALE_MS, TokenKeeper, TokenState
from storage import tables
from storage.database import Database
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.oauth import LIFE_SECONDS, SEED, OAuth
from tests.bot.support import LANH, UNIT, Road, Row, World, eventually, zalo_section

RENEWED, LOST = "system:token:refreshed", "system:token:lost"


Holder = Callable[..., Awaitable[tuple[Road, TokenKeeper]]]


@pytest.fixture
def holder(build: Build, world: World, oauth: OAuth) -> Holder:
    """Make a process that holds the OA's token."""

    async def make(
        database: Database, seed: str = SEED, owner: str = "p1"
    ) -> tuple[Road, TokenKeeper]:
        section = zalo_section(
            world.settings.zalo, world.base, refresh_token=seed, oauth_base=oauth.url
        )
        units = {UNIT: {"name": "xã Thanh Hà", "channels": {"zalo": section}}}
        road = await build(database, units=units, owner=owner)
        return road, road.keepers[UNIT]

    return make


async def intents(road: Road) -> list[Row]:
    """Return the open intents."""
    return await road.rows(tables.token_intent)


async def proof(road: Road) -> list[str]:
    """Return the evidence about the token."""
    return await road.tags("zalo")


async def test_the_first_token_comes_from_the_configured_one(
    database: Database, holder: Holder, oauth: OAuth
) -> None:
    """With an empty database the configured refresh token is spent, once."""
    road, keeper = await holder(database)

    assert await keeper.access() == "access-1"
    assert await keeper.access() == "access-1"
    assert oauth.calls == [SEED]
    assert keeper.state is TokenState.VALID
    assert await intents(road) == []
    assert await proof(road) == [RENEWED]


async def test_no_token_lies_open_in_the_database(
    database: Database, holder: Holder
) -> None:
    """The stored pair is sealed."""
    road, keeper = await holder(database)
    await keeper.access()

    (row,) = await road.rows(tables.token)
    assert b"access-1" not in row["sealed"]
    assert b"refresh-1" not in row["sealed"]
    assert SEED not in str(row)


async def test_fifty_callers_are_one_renewal(
    database: Database, holder: Holder, oauth: OAuth
) -> None:
    """However many sends wait for a token, it is renewed once."""
    _, keeper = await holder(database)

    found = await asyncio.gather(*(keeper.access() for _ in range(50)))
    assert set(found) == {"access-1"}
    assert len(oauth.calls) == 1


async def test_the_intent_is_on_the_disk_during_the_call(
    database: Database, holder: Holder, oauth: OAuth
) -> None:
    """While the platform answers, the intent row can be seen by everybody."""
    road, keeper = await holder(database)
    found: list[list[Row]] = []

    async def look() -> None:
        found.append(await intents(road))
        assert await road.rows(tables.token) == []

    oauth.during = look
    await keeper.access()

    assert [row["owner"] for row in found[0]] == ["p1"]
    assert await intents(road) == []


async def test_a_new_pair_is_on_the_disk_before_its_first_use(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """A pair whose commit fails is not used, not lost, and stored as soon as may be."""
    road, keeper = await holder(sqlite_database)

    async def cut() -> None:
        road.database.is_away = True

    oauth.during = cut
    with pytest.raises(Exception, match="away"):
        await keeper.access()
    assert await road.rows(tables.token) == []
    assert len(await intents(road)) == 1

    oauth.during = None
    road.database.is_away = False
    assert await keeper.access() == "access-1"
    assert oauth.calls == [SEED]
    assert len(await road.rows(tables.token)) == 1
    assert await intents(road) == []


async def test_it_is_renewed_when_a_fifth_of_its_life_is_left(
    database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """After 20 of 25 hours the holder renews by itself, not before."""
    _, keeper = await holder(database)
    await keeper.check()
    world.clock.advance(timedelta(seconds=LIFE_SECONDS * 0.79))
    await keeper.check()
    assert oauth.calls == [SEED]

    world.clock.advance(timedelta(seconds=LIFE_SECONDS * 0.02))
    await keeper.check()
    assert oauth.calls == [SEED, "refresh-1"]
    assert await keeper.access() == "access-2"


async def test_a_start_does_not_renew_what_is_valid(
    database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """A restart uses the stored token; the single-use one stays unspent."""
    _, keeper = await holder(database)
    await keeper.access()
    world.clock.advance(timedelta(hours=10))

    for number in range(3):
        _, again = await holder(database, owner=f"q{number}")
        await again.check()
        assert await again.access() == "access-1"
    assert oauth.calls == [SEED]


async def test_the_stored_token_goes_before_the_configured_one(
    database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """After a restart the rotated token is spent, never the old one of the file."""
    _, keeper = await holder(database)
    await keeper.access()
    world.clock.advance(timedelta(days=3))
    _, again = await holder(database, owner="p2")

    assert await again.access() == "access-2"
    assert oauth.calls == [SEED, "refresh-1"]


async def test_a_newly_configured_token_replaces_the_stored_one(
    database: Database, holder: Holder, oauth: OAuth
) -> None:
    """When the file names another refresh token, that one is used, once."""
    _, keeper = await holder(database)
    await keeper.access()
    oauth.living.add("seed-2")
    road, again = await holder(database, seed="seed-2", owner="p2")

    assert await again.access() == "access-2"
    _, third = await holder(database, seed="seed-2", owner="p3")
    assert await third.access() == "access-2"
    assert oauth.calls == [SEED, "seed-2"]
    (row,) = await road.rows(tables.token)
    assert row["version"] == 2


async def killed_in_between(
    database: Database, holder: Holder, oauth: OAuth, *, is_spent: bool
) -> None:
    """Let a process die while the platform holds its call."""
    road, keeper = await holder(database, owner="dead")
    reached = asyncio.Event()

    async def hang() -> None:
        if is_spent:
            oauth.living = {"refresh-nobody-has"}
        reached.set()
        await asyncio.Event().wait()

    oauth.during = hang
    task = asyncio.create_task(keeper.access())
    await reached.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    oauth.during = None
    assert len(await intents(road)) == 1


async def test_killed_during_the_call_people_must_grant_access_again(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth, world: World
) -> None:
    """An intent that outlived its process: no guess, staff are told once.

    Messages wait, and go out as soon as a new token is configured.
    """
    await killed_in_between(sqlite_database, holder, oauth, is_spent=True)
    road, keeper = await holder(sqlite_database, owner="p2")
    await keeper.check()
    await keeper.check()

    assert keeper.state is TokenState.REAUTHORISE
    assert await keeper.access() is None
    assert len(oauth.calls) == 1
    notices = await road.notices()
    assert notices == [("token_reauthorise", "cần cấp quyền lại (interrupted)")]
    assert await proof(road) == [LOST]

    await road.start()
    request = zalo_event(
        world.settings, LANH.zalo_id, "xin chào", at_ms=world.clock.now_ms()
    )
    assert await road.post(request) == 200
    await eventually(lambda: waits_for_token(road))
    await road.kill()
    assert world.sent() == []

    oauth.living = {"seed-2"}
    after, fresh = await holder(sqlite_database, seed="seed-2", owner="p3")
    world.clock.advance(timedelta(seconds=6))
    adopt(world, fresh)
    await after.start()
    await eventually(after.is_done)

    assert fresh.state is TokenState.VALID
    assert [words for _, words in world.sent()] == ["Dạ: xin chào"]
    assert await intents(after) == []


def adopt(world: World, keeper: TokenKeeper) -> None:
    """Let the sandbox take whatever access token the endpoint gave."""
    del keeper
    world.sandbox.tokens.refusal = lambda *_: 0  # type: ignore[method-assign]


async def waits_for_token(road: Road) -> bool:
    """Whether the answer waits for the right to send."""
    return [(r["state"], r["code"]) for r in await road.outbox()] == [
        ("planned", "no_token")
    ]


async def test_a_second_kill_and_the_same_token_change_nothing(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """Restarting again and again spends nothing and repeats no notice."""
    await killed_in_between(sqlite_database, holder, oauth, is_spent=True)
    for number in range(3):
        road, keeper = await holder(sqlite_database, owner=f"p{number}")
        await keeper.check()
        assert keeper.state is TokenState.REAUTHORISE
    assert len(oauth.calls) == 1
    assert len(await road.notices()) == 1


@pytest.mark.postgres
async def test_a_neighbours_fresh_intent_is_respected(
    postgres_database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """On PostgreSQL an intent is lost only when it is older than any call."""
    await killed_in_between(postgres_database, holder, oauth, is_spent=True)
    _, keeper = await holder(postgres_database, owner="p2")
    await keeper.check()
    before = keeper.state
    assert before is TokenState.RENEWING
    assert await keeper.access() is None
    assert len(oauth.calls) == 1

    world.clock.advance(ms=INTENT_STALE_MS + 1)
    await keeper.check()
    assert keeper.state is TokenState.REAUTHORISE


async def test_a_refusal_is_final_and_told_once(
    database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """A refused refresh token is not tried again; staff are told once."""
    oauth.living = set()
    road, keeper = await holder(database)
    for _ in range(5):
        assert await keeper.access() is None
        await keeper.check()
        world.clock.advance(timedelta(minutes=1))

    assert keeper.state is TokenState.REAUTHORISE
    assert oauth.calls == [SEED]
    notices = await road.notices()
    assert notices == [("token_reauthorise", "cần cấp quyền lại (-14014)")]
    assert await proof(road) == [LOST]
    assert await intents(road) == []


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429])
async def test_trouble_at_the_platform_is_waited_out(
    sqlite_database: SqliteDatabase,
    holder: Holder,
    oauth: OAuth,
    world: World,
    status: int,
) -> None:
    """After a server's fault the same token is tried later, and nothing is lost."""
    oauth.statuses = [status, status]
    road, keeper = await holder(sqlite_database)

    assert await keeper.access() is None
    calls = len(oauth.calls)
    assert await keeper.access() is None
    assert len(oauth.calls) == calls
    assert keeper.state is not TokenState.REAUTHORISE
    assert await road.notices() == []

    oauth.statuses = []
    world.clock.advance(ms=AGAIN_MS)
    assert (await keeper.access() or "").startswith("access-")
    assert set(oauth.calls) == {SEED}
    assert keeper.state is TokenState.VALID


async def test_a_dead_network_is_waited_out(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth, world: World
) -> None:
    """Connection refused: tried again later with the same token."""
    good, oauth.url = oauth.url, "http://127.0.0.1:9"
    road, keeper = await holder(sqlite_database)
    assert await keeper.access() is None
    assert await intents(road) == []
    assert keeper.state is TokenState.RENEWING

    oauth.url = good
    world.clock.advance(ms=AGAIN_MS)
    _, again = await holder(sqlite_database, owner="p2")
    assert await again.access() == "access-1"


async def test_an_answer_that_was_lost_is_found_out_by_asking_again(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """The token was spent but the answer was lost: the refusal then says so."""
    spent: list[bool] = []

    async def spend() -> None:
        if not spent:
            spent.append(True)
            oauth.living = {"refresh-nobody-has"}
            oauth.statuses = [500]

    oauth.during = spend
    road, keeper = await holder(sqlite_database)

    assert await keeper.access() is None
    assert keeper.state is TokenState.REAUTHORISE
    assert len(await road.notices()) == 1


async def test_a_fault_of_ours_during_the_call_blocks_no_later_renewal(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """An error nobody planned for leaves an intent that its own process may reuse."""
    road, keeper = await holder(sqlite_database)
    real = keeper._oauth.refresh

    async def broken(_token: str) -> Any:
        raise RuntimeError("Session is closed")

    keeper._oauth.refresh = broken  # type: ignore[method-assign, assignment]
    with pytest.raises(RuntimeError):
        await keeper.check()
    assert len(await intents(road)) == 1

    keeper._oauth.refresh = real  # type: ignore[method-assign]
    assert await keeper.access() == "access-1"
    assert oauth.calls == [SEED]


async def test_a_rejected_token_is_replaced_before_the_next_call(
    database: Database, holder: Holder
) -> None:
    """A token the platform calls dead is not offered again."""
    _, keeper = await holder(database)
    first = await keeper.access()
    assert first is not None
    keeper.reject(first)

    assert await keeper.access() == "access-2"
    keeper.reject(first)
    assert await keeper.access() == "access-2"


async def test_thirty_days_before_the_end_there_is_an_alarm(
    database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """When renewals have failed for two months staff are told, once."""
    road, keeper = await holder(database)
    await keeper.check()
    assert keeper.days_left == 90
    oauth.statuses = [503] * 100
    world.clock.advance(timedelta(days=59))
    await keeper.check()
    assert await road.notices() == []

    world.clock.advance(timedelta(days=2))
    await keeper.check()
    await keeper.check()
    assert await road.notices() == [("token_expires_soon", "còn 29 ngày")]
    gauge = road.metrics.token_days.labels(UNIT)
    assert gauge._value.get() == 29


@pytest.mark.postgres
async def test_two_holders_on_postgresql_renew_once(
    postgres_database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """Of several processes one renews; the others take what it stored."""
    keepers = [
        (await holder(postgres_database, owner=f"p{number}"))[1] for number in range(4)
    ]
    for _ in range(3):
        before = len(oauth.calls)
        await asyncio.gather(
            *(k.check() for k in keepers), *(k.access() for k in keepers)
        )
        for keeper in keepers:
            await keeper.check()
        found = {await keeper.access() for keeper in keepers}
        assert len(oauth.calls) == before + 1
        assert found == {f"access-{before + 1}"}
        assert {keeper.state for keeper in keepers} == {TokenState.VALID}
        world.clock.advance(timedelta(hours=21))


@pytest.mark.postgres
async def test_a_holder_that_looked_too_early_does_not_spend_the_old_token(
    postgres_database: Database, holder: Holder, oauth: OAuth, world: World
) -> None:
    """Between looking and beginning a neighbour may have renewed: then it waits."""
    _, quick = await holder(postgres_database, owner="p1")
    _, slow = await holder(postgres_database, owner="p2")
    await quick.check()
    await slow.check()
    world.clock.advance(timedelta(hours=21))
    real = slow._load

    async def load() -> None:
        await real()
        await quick.check()

    slow._load = load  # type: ignore[method-assign]
    await slow.check()
    slow._load = real  # type: ignore[method-assign]
    await slow.check()

    assert oauth.calls == [SEED, "refresh-1"]
    assert slow.state is TokenState.VALID
    assert await slow.access() == "access-2"


async def test_without_any_token_the_state_says_so(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """An OA without refresh token is missing one; nobody is asked for anything."""
    _, keeper = await holder(sqlite_database, seed="")
    await keeper.check()

    assert keeper.state is TokenState.MISSING
    assert await keeper.access() is None
    assert keeper.days_left is None
    assert oauth.calls == []


async def test_a_graceful_stop_waits_for_the_renewal(
    sqlite_database: SqliteDatabase, holder: Holder, oauth: OAuth
) -> None:
    """Stopping in the middle of a renewal keeps the new pair, and begins no other."""
    road, keeper = await holder(sqlite_database)
    gate, reached = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        reached.set()
        await gate.wait()

    oauth.during = hold
    renewing = asyncio.create_task(keeper.access())
    await reached.wait()
    closing = asyncio.create_task(keeper.close())
    await asyncio.sleep(0)
    assert not closing.done()
    gate.set()
    await closing

    assert await renewing == "access-1"
    assert len(await road.rows(tables.token)) == 1
    assert await intents(road) == []
    keeper.reject("access-1")
    assert await keeper.access() is None
    assert oauth.calls == [SEED]


async def test_the_loop_goes_on_after_a_storage_fault(
    sqlite_database: SqliteDatabase, holder: Holder
) -> None:
    """A database that is away does not end the keeping."""
    road, keeper = await holder(sqlite_database)
    road.database.is_away = True
    task = asyncio.create_task(keeper.run())
    road.tasks.append(task)
    await eventually(lambda: road.database.refused)
    for _ in range(5):
        await asyncio.sleep(0)

    assert not task.done()
