"""Does every planned row come to exactly one end, and is nothing sent blindly?"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, update

from bot.channels.results import (
    Accepted,
    Reason,
    Reauthorise,
    Refused,
    Retry,
    SendResult,
    Stopped,
    Unknown,
)
from bot.limits import RateLimit
from bot.sandbox.events_facebook import echo
from bot.sandbox.model import FacebookAccount, FaultRule, SignedRequest, ZaloAccount
from bot.sandbox.webhook import facebook_batch, facebook_event, zalo_event
from bot.send_results import ATTEMPTS, RESEND_MS
from bot.sender import LEASE_MS, NOT_READY_MS
from handlers.model import Channel, Outcome, Reply
from storage import outbox, tables
from storage.database import Database
from storage.outbox import Priority, State
from storage.sqlite import SqliteDatabase
from storage.vault import commit
from tests.bot.actor import Actor, stage
from tests.bot.conftest import Build, StartWorld
from tests.bot.support import FAST, LANH, UNIT, Road, World, eventually, platforms, seen

ZALO, FACEBOOK = Channel.ZALO, Channel.FACEBOOK
ACCEPTED, REFUSED = "bot:send:accepted", "bot:send:refused"
UNKNOWN, DELAYED = "bot:send:unknown", "bot:send:delayed"


def text(world: World, words: str = "xin chào", user: str = "") -> SignedRequest:
    """Return a signed text on Zalo, a millisecond after the one before."""
    world.clock.advance(ms=1)
    return zalo_event(
        world.settings, user or LANH.zalo_id, words, at_ms=world.clock.now_ms()
    )


def page_text(world: World, words: str = "xin chào") -> SignedRequest:
    """Return a signed text on Messenger."""
    world.clock.advance(ms=1)
    return facebook_event(
        world.settings, LANH.facebook_id, words, at_ms=world.clock.now_ms()
    )


async def planned(road: Road, *requests: SignedRequest) -> None:
    """Let messages be answered, but nothing be sent yet."""
    await road.start("ingest", "dispatcher")
    for request in requests:
        assert await road.post(request) == 200
    await eventually(road.is_inbox_done)
    await eventually(lambda: not road.dispatcher._hints)


async def ends(road: Road) -> list[tuple[str, str | None]]:
    """Return (state, code) of every row."""
    return [(row["state"], row["code"]) for row in await road.outbox()]


async def tags(road: Road, index: int = 0) -> list[str]:
    """Return the evidence about a row."""
    rows = await road.outbox()
    return await road.tags(rows[index]["row_id"])


async def plan_ours(
    road: Road, priority: Priority, words: str = "thư", *, human: bool = False
) -> str:
    """Plan a row that we start, for the citizen who has written; return its id."""
    (person, *_) = await road.rows(tables.person)
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    item, row_id, now = road.ids.new(), road.ids.new(), road.clock.now_ms()
    value = {"reply": {"text": words}, "salts": {"text": commit(words).salt.hex()}}
    sealed = {
        "unit_id": UNIT,
        "item_id": item,
        "person_id": person["person_id"],
        "kind": "letter",
        "sealed": vault.seal(value, item),
        "created_at": now,
    }
    row = {
        "unit_id": UNIT,
        "row_id": row_id,
        "channel": "zalo",
        "person_id": person["person_id"],
        "item_id": item,
        "kind": "letter",
        "priority": int(priority),
        "human": human,
        "cause": f"test:{row_id}",
        "position": 0,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }

    def work(connection: Connection) -> None:
        connection.execute(tables.vault_item.insert(), sealed)
        outbox.plan(connection, [row])

    await road.database.write(work)
    return row_id


async def test_an_answer_reaches_the_citizen(any_road: Road, world: World) -> None:
    """On both platforms the answer arrives, with its id kept and its evidence."""
    await any_road.start()
    assert await any_road.post(text(world, "một")) == 200
    assert await any_road.post(page_text(world, "hai")) == 200
    await eventually(any_road.is_done)

    assert sorted(world.sent()) == sorted(
        [(LANH.zalo_id, "Dạ: một"), (LANH.facebook_id, "Dạ: hai")]
    )
    keys = any_road.ring.unit(UNIT)
    ids = {keys.mac("message", one.message_id) for one in world.sandbox.record.sent()}
    assert set(seen(await any_road.outbox(), "message_mac")) == ids
    assert await tags(any_road, 0) == [ACCEPTED]
    assert await tags(any_road, 1) == [ACCEPTED]
    talks = await any_road.rows(tables.conversation)
    assert seen(talks, "sent_since_inbound") == [1, 1]


RESULTS: list[tuple[SendResult, str, str | None, list[str], list[str]]] = [
    (Accepted("1"), "accepted", None, [ACCEPTED], []),
    (Refused("-201", Reason.INVALID), "refused", "-201", [REFUSED], ["send_refused"]),
    (Stopped("-213"), "refused", "stopped:-213", [REFUSED], ["send_refused"]),
    (Retry("-200"), "retry", "-200", [DELAYED], []),
    (Retry("connect"), "retry", "connect", [DELAYED], []),
    (Reauthorise("-216"), "retry", "reauthorise:-216", [DELAYED], []),
    (Unknown("timeout"), "unknown", "timeout", [UNKNOWN], []),
]


@pytest.mark.parametrize(("result", "state", "code", "proof", "told"), RESULTS)
async def test_each_answer_of_the_platform_has_its_end(
    road: Road,
    world: World,
    result: SendResult,
    state: str,
    code: str | None,
    proof: list[str],
    told: list[str],
) -> None:
    """State, code, evidence and notice follow from what the platform said."""
    actor = stage(road, ZALO, result)
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, state))
    await eventually(lambda: not road.senders[ZALO]._tasks)

    row = (await road.outbox())[0]
    assert (row["state"], row["code"], row["owner"]) == (state, code, None)
    assert await tags(road) == proof
    assert [kind for kind, _ in await road.notices()] == told
    assert actor.told == [(LANH.zalo_id, "Dạ: xin chào", False)]


def has_told(actor: Actor, number: int) -> bool:
    """Whether the platform was called that often."""
    return len(actor.told) == number


async def is_in(road: Road, state: str, index: int = 0) -> bool:
    """Whether a row has that state."""
    rows = await road.outbox()
    return len(rows) > index and rows[index]["state"] == state


async def test_a_retry_goes_later_and_arrives_once(road: Road, world: World) -> None:
    """What was not taken is sent again when its time has come, not before."""
    actor = stage(road, ZALO, Retry("http-503"), Retry("http-503"))
    await planned(road, text(world))
    road.send()
    for tries in (1, 2):
        await eventually(partial(has_told, actor, tries))
        await eventually(lambda: not road.senders[ZALO]._tasks)
        road.senders[ZALO].wake()
        world.clock.advance(timedelta(minutes=10))
        road.senders[ZALO].wake()
    await eventually(road.is_done)

    assert len(actor.told) == 3
    assert await ends(road) == [("accepted", None)]
    assert await tags(road) == [DELAYED, DELAYED, ACCEPTED]


async def test_the_last_try_is_told_to_staff(road: Road, world: World) -> None:
    """After the last try the row is refused, with evidence and a notice."""
    stage(road, ZALO, *[Retry("-200")] * (ATTEMPTS + 3))
    await planned(road, text(world))
    road.send()

    async def is_over() -> bool:
        world.clock.advance(timedelta(minutes=10))
        road.senders[ZALO].wake()
        return await road.is_done()

    await eventually(is_over)
    assert await ends(road) == [("refused", "gave_up:-200")]
    assert (await tags(road)).count(DELAYED) == ATTEMPTS - 1
    assert await road.notices() == [("send_refused", "gave_up:-200")]


async def test_the_platform_says_when(road: Road, world: World) -> None:
    """A wait that the platform names is kept to the millisecond."""
    stage(road, ZALO, Retry("-218", 3600.0))
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, "retry"))

    (row,) = await road.outbox()
    assert row["available_at"] == world.clock.now_ms() + 3_600_000


async def test_one_citizens_limit_pauses_nobody_else(road: Road, world: World) -> None:
    """A daily share used up by one citizen delays their message, not the channel."""
    actor = stage(road, ZALO, Retry("-218", 86_400.0))
    await planned(road, text(world), text(world, "khác", "1234567890123456789"))
    road.send()
    await eventually(lambda: is_in(road, "accepted", 1))

    assert len(actor.told) == 2
    assert road.limits[actor.bucket].paused_for == 0


@pytest.mark.parametrize("code", ["-32", "http-429", "613", "4:2018022"])
async def test_too_many_calls_pause_the_channel(
    road: Road, world: World, code: str
) -> None:
    """After "too many" nobody calls the platform before the time it named."""
    actor = stage(road, ZALO, Retry(code, 60.0))
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, "retry"))
    await road_answers(road, world, "khác", "1234567890123456789")
    await eventually(lambda: has_code(road, "rate"))

    assert len(actor.told) == 1
    assert road.limits[actor.bucket].paused_for > 50


async def road_answers(road: Road, world: World, words: str, user: str) -> None:
    """Let one more citizen write, and wait for the planned answer."""
    assert await road.post(text(world, words, user)) == 200
    await eventually(road.is_inbox_done)


async def has_code(road: Road, code: str) -> bool:
    """Whether a row waits with that code."""
    return code in seen(await road.outbox(), "code")


async def test_a_real_429_pauses_the_page(
    begin: StartWorld, sqlite_database: SqliteDatabase, build: Build
) -> None:
    """Messenger's 429 with Retry-After pauses the page; then the answer arrives."""
    world = await begin(platforms(facebook=FacebookAccount(per_second=FAST)))
    road = await build(sqlite_database, world)
    await planned(road, page_text(world))
    rule = FaultRule(next_calls=1, channel="facebook")
    world.sandbox.faults.set("rate_limit", rule)
    road.send()
    await eventually(lambda: is_in(road, "retry"))
    limit = next(v for k, v in road.limits.items() if k.startswith("facebook"))
    assert limit.paused_for > 0

    world.clock.advance(timedelta(seconds=2))
    await eventually(road.is_done, 15)
    assert [words for _, words in world.sent()] == ["Dạ: xin chào"]


async def test_an_unknown_reply_goes_once_more_and_only_once(
    database: Database, build: Build, world: World
) -> None:
    """A reply of unknown fate gets one second row; the second unknown is for staff."""
    road = await build(database)
    actor = stage(road, ZALO, Unknown("timeout"), Unknown("timeout"))
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, "unknown"))
    (first, again) = await road.outbox()
    assert again["resend_of"] == first["row_id"]
    assert again["available_at"] == first["updated_at"] + RESEND_MS

    world.clock.advance(ms=RESEND_MS)
    road.senders[ZALO].wake()
    await eventually(road.is_done)
    for _ in range(3):
        world.clock.advance(timedelta(hours=1))
        await road.sweeper.sweep()

    assert len(actor.told) == 2
    assert len(await road.outbox()) == 2
    assert await ends(road) == [("unknown", "timeout"), ("unknown", "timeout")]
    assert await road.notices() == [("send_unknown", "timeout")]
    assert await tags(road, 0) == [UNKNOWN]
    assert await tags(road, 1) == [UNKNOWN]


async def test_an_accepted_but_unanswered_reply_is_sent_twice_at_most(
    road: Road, world: World
) -> None:
    """The platform took it and hung up: one second try, both known to the log."""
    await planned(road, text(world))
    rule = FaultRule(next_calls=1, channel="zalo")
    world.sandbox.faults.set("accept_then_drop", rule)
    road.send()
    await eventually(lambda: is_in(road, "unknown"))
    world.clock.advance(ms=RESEND_MS)
    road.senders[ZALO].wake()
    await eventually(road.is_done)

    assert len(world.sent()) == 2
    assert [state for state, _ in await ends(road)] == ["unknown", "accepted"]


async def test_an_unknown_letter_is_never_sent_again(road: Road, world: World) -> None:
    """What is no chat reply stays unknown; staff decide."""
    await planned(road, text(world))
    road.send()
    await eventually(road.is_done)
    actor = stage(road, ZALO, Unknown("timeout"))
    await plan_ours(road, Priority.LETTER)
    road.senders[ZALO].wake()
    await eventually(road.is_done)
    world.clock.advance(timedelta(days=1))
    await road.sweeper.sweep()
    road.senders[ZALO].wake()

    assert len(actor.told) == 1
    assert len(await road.outbox()) == 2
    assert await road.notices() == [("send_unknown", "timeout")]


async def test_a_bug_before_the_call_is_counted_and_ends(
    road: Road, world: World
) -> None:
    """A row that breaks us before the call is tried a few times, then refused."""
    actor = stage(road, ZALO)
    actor.broken = ValueError("một")
    await planned(road, text(world))
    road.send()

    async def is_over() -> bool:
        world.clock.advance(timedelta(minutes=10))
        road.senders[ZALO].wake()
        return await road.is_done()

    await eventually(is_over)
    assert await ends(road) == [("refused", "gave_up:bug:ValueError")]
    assert actor.told == []


async def test_a_bug_during_the_call_is_unknown_and_not_repeated_blindly(
    road: Road, world: World
) -> None:
    """Once the call has begun, an error of ours leaves the row unknown."""
    actor = stage(road, ZALO, ValueError("một"), ValueError("hai"))
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, "unknown"))
    world.clock.advance(timedelta(minutes=10))
    road.senders[ZALO].wake()
    await eventually(road.is_done)

    assert await ends(road) == [("unknown", "bug:ValueError")] * 2
    assert len(actor.told) == 2


async def test_what_follows_an_acceptance_never_sends_again(
    road: Road, world: World
) -> None:
    """An error after the yes cannot lead to another send."""
    actor = stage(road, ZALO)
    await planned(road, text(world))
    real = road.send_log.accepted

    async def accepted(row: Any, mac: str) -> None:
        await real(row, mac)
        raise KeyError("sau khi đã gửi")

    road.send_log.accepted = accepted  # type: ignore[method-assign, assignment]
    road.send()
    await eventually(road.is_done)
    await eventually(lambda: not road.senders[ZALO]._tasks)

    assert len(actor.told) == 1
    assert await ends(road) == [("accepted", None)]


async def test_a_dead_page_token_is_told_once_and_the_row_waits(
    road: Road, world: World
) -> None:
    """A page's dead token: messages wait, staff are told once, evidence does not pile.

    When the token lives again the message is sent.
    """
    actor = stage(road, FACEBOOK, *[Reauthorise("190")] * 5)
    await planned(road, page_text(world))
    road.send()
    for tries in range(1, 6):
        await eventually(partial(has_told, actor, tries))
        await eventually(lambda: not road.senders[FACEBOOK]._tasks)
        world.clock.advance(timedelta(minutes=2))
        road.senders[FACEBOOK].wake()
    await eventually(road.is_done)

    assert await ends(road) == [("accepted", None)]
    assert await road.notices() == [("token_reauthorise", "cần cấp quyền lại (190)")]
    assert await tags(road) == [DELAYED, ACCEPTED]


async def test_a_dead_zalo_token_is_renewed_and_the_message_arrives(
    road: Road, world: World
) -> None:
    """An access token that died early is replaced; the message goes with the new."""
    await planned(road, text(world))
    world.sandbox.faults.set("expired_token", FaultRule(next_calls=1, channel="zalo"))
    road.send()
    await eventually(lambda: is_in(road, "retry"))
    world.clock.advance(timedelta(seconds=6))
    road.senders[ZALO].wake()
    await eventually(road.is_done)

    assert world.sent() == [(LANH.zalo_id, "Dạ: xin chào")]
    assert world.sandbox.tokens.refreshes == 2
    assert await tags(road) == [DELAYED, ACCEPTED]
    assert await road.notices() == []


async def test_a_channel_that_is_not_ready_costs_no_try(
    road: Road, world: World
) -> None:
    """While there is no token rows go back unsent and untried."""
    actor = stage(road, ZALO)
    actor.reason = "no_token"
    await planned(road, text(world))
    road.send()
    for _ in range(20):
        await eventually(lambda: has_code(road, "no_token"))
        world.clock.advance(ms=NOT_READY_MS)
        road.senders[ZALO].wake()
    actor.reason = ""
    world.clock.advance(ms=NOT_READY_MS)
    road.senders[ZALO].wake()
    await eventually(road.is_done)

    (row,) = await road.outbox()
    assert (row["state"], row["attempt"]) == ("accepted", 1)
    assert await tags(road) == [ACCEPTED]


async def test_a_channel_that_was_removed_refuses_its_rows(
    road: Road, world: World
) -> None:
    """Rows of a channel nobody configured end, visibly."""
    await planned(road, text(world))
    adapters = road.units[UNIT].adapters
    assert isinstance(adapters, dict)
    del adapters[ZALO]
    road.send()
    await eventually(road.is_done)

    assert await ends(road) == [("refused", "channel_not_configured")]
    assert await road.notices() == [("send_refused", "channel_not_configured")]


async def test_replies_of_one_citizen_arrive_in_order(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """The second part waits for the first, also when the first must be retried."""

    def three(inbound: Any, talk: Any, services: Any) -> Outcome:
        del inbound, services
        replies = tuple(Reply(words) for words in ("một", "hai", "ba"))
        return Outcome(replies, talk)

    road = await build(sqlite_database, respond=three)
    actor = stage(road, ZALO, Retry("http-503"))
    await planned(road, text(world))
    road.send()
    await eventually(lambda: is_in(road, "retry"))
    world.clock.advance(timedelta(minutes=1))
    road.senders[ZALO].wake()
    await eventually(road.is_done)

    assert [words for _, words, _ in actor.told] == ["một", "một", "hai", "ba"]


async def test_bulk_leaves_room_for_replies(road: Road, world: World) -> None:
    """With the bucket drained by bulk a reply still goes at once; bulk waits."""
    watch = [0.0]
    actor = stage(road, ZALO)
    road.limits[actor.bucket] = RateLimit(10, lambda: watch[0])
    await planned(road, text(world))
    road.send()
    await eventually(road.is_done)
    await road.kill()
    limit = road.limits[actor.bucket]
    while limit.take(is_bulk=True) == 0:
        pass
    assert limit.take(is_bulk=True) > 0

    actor.told.clear()
    bulk = await plan_ours(road, Priority.BULK, "chúc mừng")
    await planned(road, text(world, "gấp"))
    road.send()
    await eventually(lambda: actor.told)
    assert actor.told == [(LANH.zalo_id, "Dạ: gấp", False)]
    states = {row["row_id"]: row["state"] for row in await road.outbox()}
    assert states[bulk] in ("planned", "claimed")


async def test_opting_out_binds_only_what_we_start(road: Road, world: World) -> None:
    """Who said stop still gets answers; a greeting is refused and kept as such."""
    actor = stage(road, ZALO)
    await planned(road, text(world))
    await road.database.write(
        lambda c: c.execute(update(tables.conversation).values(opted_out=True))
    )
    greeting = await plan_ours(road, Priority.BULK)
    road.send()
    await eventually(road.is_done)

    found = {r["row_id"]: (r["state"], r["code"]) for r in await road.outbox()}
    assert found.pop(greeting) == ("refused", "opted_out")
    assert list(found.values()) == [("accepted", None)]
    assert [words for _, words, _ in actor.told] == ["Dạ: xin chào"]


async def test_a_greeting_planned_at_night_goes_in_the_morning(
    road: Road, world: World
) -> None:
    """What we start waits for 06:00 in Việt Nam; a reply at night does not."""
    world.clock.set(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    actor = stage(road, ZALO)
    await planned(road, text(world))
    greeting = await plan_ours(road, Priority.BULK, "chúc mừng")
    road.send()
    await eventually(lambda: has_code(road, "quiet_hours"))
    await eventually(lambda: is_in(road, "accepted"))

    rows = {row["row_id"]: row for row in await road.outbox()}
    morning = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert rows[greeting]["available_at"] == morning.timestamp() * 1000
    world.clock.set(morning)
    road.senders[ZALO].wake()
    await eventually(road.is_done)
    assert [words for _, words, _ in actor.told] == ["Dạ: xin chào", "chúc mừng"]


@pytest.mark.parametrize(
    ("days", "human", "expected", "tag"),
    [
        (0.5, False, "accepted", False),
        (2, False, "refused", False),
        (2, True, "accepted", True),
        (8, True, "refused", False),
    ],
)
async def test_messengers_window_is_kept_before_the_platform_is_asked(
    road: Road,
    world: World,
    days: float,
    human: bool,
    expected: str,
    tag: bool,
) -> None:
    """After a day only a person's words go, with their tag; after a week nobody's."""
    actor = stage(road, FACEBOOK)
    await planned(road, page_text(world))
    await road.database.write(
        lambda c: c.execute(update(tables.outbox).values(human=human))
    )
    world.clock.advance(timedelta(days=days))
    road.send()
    await eventually(road.is_done)

    ((state, code),) = await ends(road)
    assert state == expected
    assert code == (None if expected == "accepted" else "facebook_window_24h")
    assert [flag for _, _, flag in actor.told] == [tag] * (expected == "accepted")


async def test_an_erased_person_gets_nothing(road: Road, world: World) -> None:
    """With the key gone nothing can be opened, and nothing is sent."""
    actor = stage(road, ZALO)
    await planned(road, text(world))
    await road.database.write(
        lambda c: c.execute(update(tables.person).values(wrapped_key=None))
    )
    road.send()
    await eventually(road.is_done)

    assert await ends(road) == [("refused", "erased")]
    assert actor.told == []


async def test_killed_during_the_call_the_row_is_unknown_and_resent_once(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """The next start finds the row in flight: unknown, and one second try."""
    road = await build(sqlite_database)
    actor = stage(road, ZALO)
    actor.gate = asyncio.Event()
    await planned(road, text(world))
    road.send()
    await eventually(lambda: actor.told)
    await road.kill()
    assert await ends(road) == [("sending", None)]

    world.clock.advance(ms=1)
    heir = await build(sqlite_database, owner="p2")
    after = stage(heir, ZALO)
    await heir.sweeper.start()
    assert (await ends(heir))[0] == ("unknown", "crash")
    heir.send()
    world.clock.advance(ms=RESEND_MS)
    heir.senders[ZALO].wake()
    await eventually(heir.is_done)

    assert await ends(heir) == [("unknown", "crash"), ("accepted", None)]
    assert len(after.told) == 1
    assert await tags(heir, 0) == [UNKNOWN]
    assert await tags(heir, 1) == [ACCEPTED]


async def test_killed_before_the_call_the_row_is_simply_sent(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """A row claimed but not begun is planned again, without doubt or second row."""
    road = await build(sqlite_database)
    stage(road, ZALO)
    await planned(road, text(world))
    await road.database.write(lambda c: _claim(c, "p1", world.clock.now_ms()))
    assert await ends(road) == [("claimed", None)]
    await road.kill()

    heir = await build(sqlite_database, owner="p2")
    after = stage(heir, ZALO)
    await heir.sweeper.start()
    heir.send()
    await eventually(heir.is_done)

    assert await ends(heir) == [("accepted", None)]
    assert len(after.told) == 1


def _claim(connection: Connection, owner: str, now: int) -> list[Any]:
    return outbox.claim(
        connection, "zalo", owner=owner, now=now, lease_until=now + LEASE_MS, limit=8
    )


@pytest.mark.postgres
async def test_on_postgresql_a_living_neighbours_rows_are_left_alone(
    postgres_database: Database, build: Build, world: World
) -> None:
    """A start beside a living process takes nothing; only an ended lease is taken."""
    road = await build(postgres_database)
    actor = stage(road, ZALO)
    actor.gate = asyncio.Event()
    await planned(road, text(world))
    road.send()
    await eventually(lambda: actor.told)
    world.clock.advance(ms=1)
    neighbour = await build(postgres_database, owner="p2")
    await neighbour.sweeper.start()
    assert await ends(road) == [("sending", None)]

    world.clock.advance(ms=LEASE_MS + 1)
    await neighbour.sweeper.sweep()
    assert (await ends(road))[0] == ("unknown", "crash")
    actor.gate.set()
    await eventually(lambda: not road.senders[ZALO]._tasks)
    assert (await ends(road))[0] == ("unknown", "crash")


@pytest.mark.postgres
async def test_two_processes_never_send_one_row_twice(
    postgres_database: Database, build: Build, world: World
) -> None:
    """Dispatchers and senders of two processes share the work: one send a row."""
    roads = [await build(postgres_database, owner=f"p{n}") for n in range(2)]
    actors: list[Actor] = [stage(road, ZALO) for road in roads]
    await roads[0].start("ingest")
    users = [str(10**16 + number) for number in range(40)]
    for user in users:
        assert await roads[0].post(text(world, "xin chào", user)) == 200
    for road in roads:
        await road.work()
        road.send()
    await eventually(roads[0].is_done, 20)

    told = Counter(user for actor in actors for user, _, _ in actor.told)
    assert told == Counter(users)
    assert {state for state, _ in await ends(roads[0])} == {"accepted"}


async def test_a_stop_lets_the_call_in_flight_end(road: Road, world: World) -> None:
    """A graceful stop waits for the answer that is on its way."""
    actor = stage(road, ZALO)
    actor.gate = asyncio.Event()
    await planned(road, text(world))
    road.send()
    await eventually(lambda: actor.told)
    stopping = asyncio.create_task(road.stop())
    await asyncio.sleep(0)
    assert not stopping.done()
    actor.gate.set()
    await asyncio.wait_for(stopping, 5)

    assert await ends(road) == [("accepted", None)]


async def test_a_storage_fault_only_pauses_the_sender(road: Road, world: World) -> None:
    """While the database is away nothing is sent; afterwards everything is."""
    actor = stage(road, ZALO)
    await planned(road, text(world))
    road.database.is_away = True
    road.send()
    await asyncio.sleep(0)
    assert actor.told == []
    road.database.is_away = False
    await eventually(road.is_done)

    assert await ends(road) == [("accepted", None)]


async def test_an_echo_settles_what_was_unknown(
    begin: StartWorld, sqlite_database: SqliteDatabase, build: Build
) -> None:
    """Messenger's echo with our mark proves arrival, so nothing is sent again."""
    world = await begin(platforms(zalo=ZaloAccount(per_minute=FAST)))
    road = await build(sqlite_database, world)
    await planned(road, page_text(world))
    world.sandbox.faults.set(
        "accept_then_drop", FaultRule(next_calls=1, channel="facebook")
    )
    road.send()
    await eventually(lambda: is_in(road, "unknown"))
    await road.post(echo_of(world))
    await eventually(road.is_inbox_done)
    world.clock.advance(timedelta(minutes=1))
    road.senders[FACEBOOK].wake()
    await eventually(road.is_done)

    assert len(world.sent()) == 1
    assert (await road.outbox())[0]["state"] == "accepted"
    assert await tags(road) == [UNKNOWN, ACCEPTED]


def echo_of(world: World) -> SignedRequest:
    """Return the echo of the one message that was accepted."""
    (sent,) = world.sandbox.record.sent()
    account = world.settings.facebook
    item = echo(
        account,
        sent.user_id,
        sent.body["message"],
        sent.message_id,
        sent.at_ms,
        int(account.app_id),
    )
    return facebook_batch(world.settings, [[item]], at_ms=sent.at_ms)
