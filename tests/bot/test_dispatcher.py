"""Is every stored message handled once, in order, whatever dies meanwhile?"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, update

from bot.codec import dump_conversation, load_conversation
from bot.dispatcher import LANES, LEASE_MS
from bot.sandbox.model import Act, ActKind, SignedRequest
from bot.sandbox.webhook import facebook_event, sign_facebook, zalo_event
from handlers.model import Conversation, Inbound, Outcome
from handlers.ports import Services
from storage import tables
from storage.database import Database
from storage.erasure import erase_everywhere
from storage.inbox import MAX_ATTEMPTS
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.support import (
    LANH,
    MUOI,
    UNIT,
    Road,
    World,
    echo,
    eventually,
    seen,
    zalo_section,
)

RECEIVED, ANSWERED = "citizen:message:received", "bot:message:answered"


class Script:
    """An echo that remembers what it was asked and fails when told."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.memories: list[str] = []
        self.failing: dict[str, Exception] = {}

    def __call__(
        self, inbound: Inbound, talk: Conversation, services: Services
    ) -> Outcome:
        """Answer, or fail if this text is to fail."""
        self.texts.append(inbound.text)
        self.memories.append(talk.last_text)
        if inbound.text in self.failing:
            raise self.failing[inbound.text]
        return echo(inbound, talk, services)


def text(
    world: World, words: str, user: str = LANH.zalo_id, message_id: str = ""
) -> SignedRequest:
    """Return a signed text, a millisecond after the one before."""
    world.clock.advance(ms=1)
    return zalo_event(
        world.settings, user, words, message_id=message_id, at_ms=world.clock.now_ms()
    )


async def store(road: Road, *requests: SignedRequest) -> None:
    """Post and expect 200."""
    for request in requests:
        assert await road.post(request) == 200


async def answers(road: Road) -> list[str]:
    """Return the planned answers in order, opened as the sender opens them."""
    items = {row["item_id"]: row for row in await road.rows(tables.vault_item)}
    persons = {row["person_id"]: row for row in await road.rows(tables.person)}
    vault = road.units[UNIT].vault
    found = []
    for row in await road.outbox():
        wrapped = persons[row["person_id"]]["wrapped_key"]
        box = vault.unwrap(row["person_id"], wrapped)
        item = box.open(items[row["item_id"]]["sealed"], row["item_id"])
        found.append(item["reply"]["text"])
    return found


async def test_two_quick_messages_are_answered_in_order(
    database: Database, build: Build, world: World
) -> None:
    """The second message waits for the first and knows what it left behind."""
    script = Script()
    road = await build(database, respond=script)
    await road.start("ingest")
    await store(road, text(world, "một"), text(world, "hai"), text(world, "ba"))
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)

    assert script.texts == ["một", "hai", "ba"]
    assert script.memories == ["", "một", "hai"]
    assert await answers(road) == ["Dạ: một", "Dạ: hai", "Dạ: ba"]


async def test_the_platforms_clock_orders_what_came_out_of_order(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Messages that overtook each other on the way are put back in order."""
    script = Script()
    road = await build(sqlite_database, respond=script)
    await road.start("ingest")
    first, second = text(world, "một"), text(world, "hai")
    await store(road, second, first)
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)

    assert script.texts == ["một", "hai"]


async def test_one_message_leaves_one_of_everything(
    any_road: Road, world: World
) -> None:
    """Person, identity, memory, evidence and answer are written together, once."""
    await any_road.start("ingest", "dispatcher")
    await store(any_road, text(world, "xin chào"))
    await eventually(any_road.is_inbox_done)

    (event,) = await any_road.events()
    assert await any_road.tags(event["event_id"]) == [RECEIVED, ANSWERED]
    assert len(await any_road.rows(tables.person)) == 1
    assert len(await any_road.rows(tables.identity)) == 1
    assert len(await any_road.rows(tables.conversation)) == 1
    assert await any_road.rows(tables.inbox_body) == []
    (lane,) = await any_road.rows(tables.lane)
    assert (lane["owner"], lane["ready_at"]) == (None, None)


async def test_no_word_of_a_citizen_lies_open(
    sqlite_database: SqliteDatabase,
    build: Build,
    world: World,
    sqlite_url: str,
) -> None:
    """Neither text nor id nor answer can be found in the bytes of the database."""
    road = await build(sqlite_database)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "BIMATCONGDAN"))
    await eventually(road.is_inbox_done)

    path = Path(sqlite_url.removeprefix("sqlite:///"))
    content = b"".join(part.read_bytes() for part in path.parent.glob(path.name + "*"))
    assert len(content) > 10_000
    assert b"BIMATCONGDAN" not in content
    assert LANH.zalo_id.encode() not in content


async def test_a_poison_message_is_set_aside_and_the_lane_goes_on(
    database: Database, build: Build, world: World
) -> None:
    """After its last try it is kept for staff, with evidence; the next is answered."""
    script = Script()
    script.failing["độc"] = KeyError("độc")
    road = await build(database, respond=script)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "độc"), text(world, "lành"))

    async def has_attempts(number: int) -> bool:
        (row, *_) = await road.events()
        return bool(row["attempts"] >= number or row["state"] == "failed")

    for number in range(1, MAX_ATTEMPTS + 1):
        await eventually(partial(has_attempts, number))
        world.clock.advance(timedelta(seconds=31))
        road.dispatcher.wake()
    await eventually(road.is_inbox_done)

    poison, good = await road.events()
    assert (poison["state"], good["state"]) == ("failed", "done")
    assert poison["error"] == "KeyError"
    assert script.texts.count("độc") == MAX_ATTEMPTS
    assert await answers(road) == ["Dạ: lành"]
    assert await road.notices() == [("message_set_aside", "KeyError")]
    assert await road.tags(poison["event_id"]) == ["bot:message:failed"]
    assert len(await road.rows(tables.inbox_body)) == 1
    assert road.metrics.poisoned._value.get() == 1


async def test_a_message_that_fails_once_is_answered_later(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """A passing fault costs a pause, no message and no order."""
    script = Script()
    script.failing["một"] = RuntimeError()
    road = await build(sqlite_database, respond=script)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "một"), text(world, "hai"))
    await eventually(lambda: "một" in script.texts)
    script.failing.clear()
    await eventually(lambda: road.metrics.attempts_failed._value.get() >= 1)
    world.clock.advance(timedelta(seconds=31))
    road.dispatcher.wake()
    await eventually(road.is_inbox_done)

    assert await answers(road) == ["Dạ: một", "Dạ: hai"]
    assert await road.notices() == []


async def test_a_message_that_kills_its_worker_is_set_aside(
    database: Database, build: Build, world: World
) -> None:
    """A message over which every worker dies is not handled for ever."""
    script = Script()
    road = await build(database, respond=script)
    await road.start("ingest")
    await store(road, text(world, "chết"))
    (event,) = await road.events()

    def claimed_by_the_dead(connection: Connection) -> None:
        connection.execute(update(tables.inbox_event).values(attempts=MAX_ATTEMPTS))

    await road.database.write(claimed_by_the_dead)
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)

    assert script.texts == []
    assert await road.tags(event["event_id"]) == ["bot:message:failed"]
    assert [kind for kind, _ in await road.notices()] == ["message_set_aside"]


async def test_the_lane_of_a_dead_worker_is_taken_up(
    database: Database, build: Build, world: World
) -> None:
    """When its lease is over another worker handles what the dead one held."""
    await dead_worker(database, build, world)
    script = Script()
    heir = await build(database, respond=script, owner="p2")
    await heir.work()
    await eventually(lambda: heir.database.writes >= 2)
    assert script.texts == []

    world.clock.advance(ms=LEASE_MS + 1)
    await heir.sweeper.sweep()
    heir.dispatcher.wake()
    await eventually(heir.is_inbox_done)

    assert script.texts == ["xin chào"]
    (event,) = await heir.events()
    assert event["attempts"] == 1
    assert await heir.tags(event["event_id"]) == [RECEIVED, ANSWERED]


async def dead_worker(database: Database, build: Build, world: World) -> None:
    """Let a worker claim a lane and die before it writes anything."""
    road = await build(database, owner="p1")
    await road.start("ingest")
    await store(road, text(world, "xin chào"))
    await road.kill()
    await road.dispatcher._database.write(
        lambda c: c.execute(
            update(tables.lane).values(
                owner="p1", lease_until=world.clock.now_ms() + LEASE_MS
            )
        )
    )


async def test_an_embedded_start_waits_for_no_lease(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """On the embedded database a dead owner's lanes are free at once."""
    await dead_worker(sqlite_database, build, world)
    heir = await build(sqlite_database, owner="p2")

    await heir.start("dispatcher")
    await eventually(heir.is_inbox_done)
    assert await answers(heir) == ["Dạ: xin chào"]


async def test_a_slow_worker_that_lost_its_lane_writes_nothing(
    database: Database, build: Build, world: World
) -> None:
    """Whoever comes back after the lease ended finds the work done, and lets it be."""
    slow = await build(database, owner="p1")
    await slow.start("ingest")
    await store(slow, text(world, "xin chào"))
    heir = await build(database, owner="p2")

    script = Script()
    slow.dispatcher._respond = script
    held = asyncio.Event()
    real = slow.database.write

    async def hold(work: Any, *, urgent: bool = False) -> Any:
        if script.texts:
            await held.wait()
        return await real(work, urgent=urgent)

    slow.database.write = hold  # type: ignore[method-assign]
    await slow.work()
    await eventually(lambda: script.texts)
    world.clock.advance(ms=LEASE_MS + 1)
    await heir.work()
    await eventually(heir.is_inbox_done)
    held.set()
    await eventually(lambda: not slow.dispatcher._tasks)

    (event,) = await heir.events()
    assert await heir.tags(event["event_id"]) == [RECEIVED, ANSWERED]
    assert len(await heir.outbox()) == 1


async def test_a_conversation_changed_meanwhile_runs_the_handler_again(
    database: Database, build: Build, world: World
) -> None:
    """The answer rests on what the talk is at the commit, not on what it was."""
    script = Script()
    road = await build(database, respond=script)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "một"))
    await eventually(road.is_inbox_done)
    real, changed = road.dispatcher._commit, list[bool]()

    async def commit(rows: Any, *, release: bool) -> None:
        if not changed:
            changed.append(True)
            await change_talk(road, "đã đổi")
        await real(rows, release=release)

    road.dispatcher._commit = commit  # type: ignore[method-assign]
    await store(road, text(world, "hai"))
    await eventually(road.is_inbox_done)

    assert script.texts == ["một", "hai", "hai"]
    assert script.memories == ["", "một", "đã đổi"]
    assert await answers(road) == ["Dạ: một", "Dạ: hai"]


async def change_talk(road: Road, words: str) -> None:
    """Let somebody else (the desk) write the talk."""
    (talk,) = await road.rows(tables.conversation)
    (person,) = await road.rows(tables.person)
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    value = dump_conversation(Conversation(last_text=words))
    key = f"talk:{person['person_id']}:zalo"

    def work(connection: Connection) -> None:
        connection.execute(
            update(tables.conversation).values(
                version=talk["version"] + 1, sealed=vault.seal(value, key)
            )
        )

    await road.database.write(work)


async def test_a_conversation_that_always_changes_is_tried_later(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Endless conflicts cost one attempt, not a busy loop."""
    script = Script()
    road = await build(sqlite_database, respond=script)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "một"))
    await eventually(road.is_inbox_done)
    real = road.dispatcher._commit

    async def commit(rows: Any, *, release: bool) -> None:
        await change_talk(road, "đã đổi")
        await real(rows, release=release)

    road.dispatcher._commit = commit  # type: ignore[method-assign]
    await store(road, text(world, "hai"))
    await eventually(lambda: has_error(road, "ConflictError"))

    assert script.texts == ["một", "hai", "hai", "hai"]
    assert seen(await road.events(), "state") == ["done", "received"]


async def has_error(road: Road, name: str) -> bool:
    """Whether the last event has failed with that error."""
    return bool((await road.events())[-1]["error"] == name)


async def test_an_outcome_is_committed_once_when_the_commit_is_repeated(
    database: Database, build: Build, world: World
) -> None:
    """A commit whose answer got lost is found done by the next try: no second copy."""
    script = Script()
    road = await build(database, respond=script)
    await road.start("ingest")
    await store(road, text(world, "một"))
    real, lost = road.dispatcher._commit, list[bool]()

    async def commit(rows: Any, *, release: bool) -> None:
        if not lost:
            lost.append(True)
            road.database.fail_after_commit = 1
        await real(rows, release=release)

    road.dispatcher._commit = commit  # type: ignore[method-assign]
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)
    world.clock.advance(timedelta(seconds=60))
    await road.sweeper.sweep()
    await eventually(lambda: not road.dispatcher._tasks)

    (event,) = await road.events()
    assert await road.tags(event["event_id"]) == [RECEIVED, ANSWERED]
    assert len(await road.outbox()) == 1
    assert len(await road.rows(tables.conversation)) == 1


async def test_a_message_whose_body_is_gone_is_set_aside(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Without its bytes nothing can be understood; staff are told, others go on."""
    road = await build(sqlite_database)
    await road.start("ingest")
    await store(road, text(world, "một"))
    await road.database.write(lambda c: c.execute(delete(tables.inbox_body)))
    await store(road, text(world, "hai"))
    await road.start("dispatcher")
    for number in range(1, MAX_ATTEMPTS + 1):
        failed = road.metrics.attempts_failed._value
        await eventually(partial(is_at_least, failed, number))
        world.clock.advance(timedelta(seconds=31))
        road.dispatcher.wake()
    await eventually(road.is_inbox_done)

    assert await road.notices() == [("message_set_aside", "BodyLostError")]
    assert await answers(road) == ["Dạ: hai"]


async def test_a_person_erased_meanwhile_gets_no_new_file(
    database: Database, build: Build, world: World
) -> None:
    """An erasure during the handling wins: nothing about the person comes back."""
    road = await build(database)
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "một"))
    await eventually(road.is_inbox_done)
    (person,) = await road.rows(tables.person)
    real, erased = road.dispatcher._commit, list[bool]()

    async def commit(rows: Any, *, release: bool) -> None:
        if not erased:
            erased.append(True)
            await erase(road, person["person_id"])
        await real(rows, release=release)

    road.dispatcher._commit = commit  # type: ignore[method-assign]
    await store(road, text(world, "hai"))
    await eventually(road.is_inbox_done)
    await eventually(lambda: not road.dispatcher._tasks)

    assert await road.rows(tables.conversation) == []
    assert await road.rows(tables.vault_item) == []
    assert await road.rows(tables.identity) == []
    assert seen(await road.outbox(), "code") == ["erased"]
    (after,) = await road.rows(tables.person)
    assert after["wrapped_key"] is None


def is_at_least(counter: Any, number: int) -> bool:
    """Whether a counter has come that far."""
    return bool(counter.get() >= number)


async def erase(road: Road, person_id: str) -> None:
    """Erase as the privacy use case does; no body of others is concerned."""
    at = road.clock.now_ms()
    await erase_everywhere(
        road.database.inner,
        UNIT,
        person_id,
        at,
        lambda body, _lanes: body["sealed"],
        lambda _connection, _done: None,
    )


async def test_an_erased_person_who_writes_again_is_a_new_person(
    road: Road, world: World
) -> None:
    """After an erasure the same citizen starts with nothing behind them."""
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "một"))
    await eventually(road.is_inbox_done)
    (before,) = await road.rows(tables.person)
    await erase(road, before["person_id"])
    await store(road, text(world, "hai"))
    await eventually(road.is_inbox_done)

    living = [p for p in await road.rows(tables.person) if p["wrapped_key"]]
    assert [p["person_id"] != before["person_id"] for p in living] == [True]


@pytest.mark.postgres
async def test_two_dispatchers_share_the_lanes_without_handling_twice(
    postgres_database: Database, build: Build, world: World
) -> None:
    """Many lanes, two processes: every message once, each citizen's in order."""
    scripts = Script(), Script()
    roads = [
        await build(postgres_database, respond=script, owner=f"p{number}")
        for number, script in enumerate(scripts)
    ]
    await roads[0].start("ingest")
    users = [str(9_007_199_254_740_993 + number) for number in range(12)]
    wanted = {user: [f"{user}:{n}" for n in range(5)] for user in users}
    for position in range(5):
        await asyncio.gather(
            *(
                store(roads[0], text(world, wanted[user][position], user))
                for user in users
            )
        )
    for road in roads:
        await road.work()
    await eventually(roads[0].is_inbox_done, 20)

    handled = [*scripts[0].texts, *scripts[1].texts]
    assert Counter(handled) == Counter(t for texts in wanted.values() for t in texts)
    for texts in wanted.values():
        for script in scripts:
            mine = [t for t in script.texts if t in texts]
            assert mine == sorted(mine)
    assert len(await roads[0].outbox()) == 60
    answered = [t for t in await all_tags(roads[0]) if t == ANSWERED]
    assert len(answered) == 60


async def all_tags(road: Road) -> list[str]:
    """Return every tag of the evidence."""
    return seen(await road.rows(tables.evidence_entry), "tag")


async def test_many_citizens_are_handled_at_once_and_each_once(
    road: Road, world: World
) -> None:
    """More lanes than hands: all are handled, and the hands are not exceeded."""
    await road.start("ingest")
    users = [str(10**16 + number) for number in range(LANES * 2 + 5)]
    for user in users:
        await store(road, text(world, "xin chào", user))
    most = []
    real = road.dispatcher._commit

    async def commit(rows: Any, *, release: bool) -> None:
        most.append(len(road.dispatcher._tasks))
        await real(rows, release=release)

    road.dispatcher._commit = commit  # type: ignore[method-assign]
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)

    assert len(await road.outbox()) == len(users)
    assert max(most) <= LANES


async def test_a_flooded_lane_is_worked_off_in_order(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """A citizen who writes more than one claim holds loses nothing and no order."""
    script = Script()
    road = await build(sqlite_database, respond=script)
    await road.start("ingest")
    texts = [f"{number:02d}" for number in range(20)]
    await store(road, *(text(world, words) for words in texts))
    await road.start("dispatcher")
    await eventually(road.is_inbox_done)

    assert script.texts == texts


async def test_a_hanging_platform_does_not_hold_up_the_handling(
    road: Road, world: World
) -> None:
    """Typing hints nobody answers never take the hands that handle messages."""
    hung = asyncio.Event()
    for adapter in road.units[UNIT].adapters.values():
        adapter.typing = _never(hung)  # type: ignore[method-assign]
    await road.start("ingest", "dispatcher")
    for number in range(LANES + 8):
        user = str(10**16 + number)
        request = facebook_event(
            world.settings, user, "chào", at_ms=world.clock.now_ms()
        )
        await store(road, request)

    await eventually(road.is_inbox_done)
    assert len(await road.outbox()) == LANES + 8
    road.dispatcher.close()
    await asyncio.wait_for(road.tasks[-1], 2)


def _never(event: asyncio.Event) -> Any:
    async def typing(_user_id: str) -> None:
        await event.wait()

    return typing


async def test_a_unit_that_left_the_configuration_does_not_spin(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Messages of a unit nobody serves any more wait with growing pauses, for staff."""
    before = await build(sqlite_database)
    await before.start("ingest")
    await store(before, text(world, "xin chào"))
    await before.kill()
    other = {
        "khac": {
            "name": "xã Khác",
            "channels": {
                "zalo": zalo_section(world.settings.zalo, world.base, oa_id="333")
            },
        }
    }
    after = await build(sqlite_database, units=other, owner="p2")
    await after.start("dispatcher")
    await eventually(lambda: has_error(after, "UnitUnknownError"))
    writes = after.database.writes
    for _ in range(20):
        await asyncio.sleep(0)
        after.dispatcher.wake()

    await eventually(lambda: after.database.writes > writes + 2)
    (event,) = await after.events()
    assert (event["attempts"], event["error"]) == (1, "UnitUnknownError")


async def test_receipts_start_no_file_on_anybody(road: Road, world: World) -> None:
    """A receipt about a stranger is noted without making a person of it."""
    await road.start("ingest", "dispatcher")
    settings = world.settings
    read = {
        "object": "page",
        "entry": [
            {
                "id": settings.facebook.page_id,
                "time": 1,
                "messaging": [
                    {
                        "sender": {"id": MUOI.facebook_id},
                        "recipient": {"id": settings.facebook.page_id},
                        "timestamp": world.clock.now_ms(),
                        "read": {"watermark": world.clock.now_ms()},
                    }
                ],
            }
        ],
    }
    await store(road, sign_facebook(settings, read))
    await eventually(road.is_inbox_done)

    assert await road.rows(tables.person) == []
    assert await road.rows(tables.conversation) == []


async def test_the_window_opens_with_words_and_not_with_receipts(
    road: Road, world: World
) -> None:
    """Only what counts as an interaction moves the time of the last word."""
    await road.start("ingest", "dispatcher")
    await store(road, text(world, "xin chào"))
    await eventually(road.is_inbox_done)
    (talk,) = await road.rows(tables.conversation)
    spoken = talk["last_inbound_at"]
    assert spoken == world.clock.now_ms()

    world.clock.advance(timedelta(hours=1))
    gone = zalo_event(
        world.settings,
        LANH.zalo_id,
        act=Act(ActKind.UNFOLLOW),
        at_ms=world.clock.now_ms(),
    )
    await store(road, gone)
    await eventually(road.is_inbox_done)
    (talk,) = await road.rows(tables.conversation)
    assert talk["last_inbound_at"] == spoken


def test_a_conversation_survives_its_own_json() -> None:
    """What is remembered comes back as it was; fields of the future are ignored."""
    talk = Conversation(code="1.001193", candidates=("a", "b"), honorific="bác")

    dumped = dump_conversation(talk)
    assert load_conversation(dumped | {"of_tomorrow": 1}) == talk
    assert load_conversation({}) == Conversation()
