"""Does a comment begin one matter and one private reply, however it is told?

On SQLite and on PostgreSQL: real webhooks, dispatcher and senders; only the use case is
the test's own.
"""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.sandbox import citizens
from bot.sandbox.model import Act, ActKind, FaultRule, Platform, SignedRequest
from bot.sandbox.webhook import facebook_batch
from handlers.citizen.comment_model import Commented
from handlers.model import (
    Conversation,
    Event,
    Inbound,
    Kind,
    Outcome,
    Reply,
    Tag,
)
from handlers.ports import Services
from storage import tables
from storage.database import Database
from tests.bot.conftest import Build
from tests.bot.support import LANH, MUOI, UNIT, Road, World, eventually

SAID = "Dạ, em xin mời nhắn tại đây ạ."


def use_case(
    inbound: Inbound, talk: Conversation, services: Services, **changes: Any
) -> Outcome:
    """Treat each comment as work, as the handler does."""
    del services
    data = {"channel": inbound.channel.value, "kind": inbound.kind.value}
    received = Event(Tag.MESSAGE_RECEIVED, data, {"text": inbound.text})
    comment = None
    if inbound.kind in (Kind.COMMENT, Kind.COMMENT_EDITED):
        is_new = inbound.kind is Kind.COMMENT
        comment = Commented(
            comment_id=inbound.payload or "",
            at=inbound.at,
            due=inbound.at + timedelta(hours=1),
            is_edit=not is_new,
            reason="binh_luan",
            question=inbound.text,
            private=Reply(SAID) if is_new else None,
            **changes,
        )
    return Outcome(events=(received,), conversation=talk, comment=comment)


def told(world: World, kind: ActKind, text: str = "", **more: Any) -> SignedRequest:
    """Let a citizen comment in the sandbox; return the webhook."""
    who = more.get("who", LANH)
    world.clock.advance(ms=1)
    person = citizens.find(Platform.FACEBOOK, who.facebook_id)
    assert person is not None
    act = Act(kind, text=text, payload=more.get("name", ""))
    _, change = world.sandbox.feed.act(person, act, world.clock.now_ms())
    return request(world, change)


def request(world: World, change: Any) -> SignedRequest:
    """Return the webhook of a change."""
    now = world.clock.now_ms()
    return facebook_batch(world.settings, [[change]], area="changes", at_ms=now)


@pytest.fixture
async def page(database: Database, build: Build) -> Road:
    """A road on each engine, started, that serves comments."""
    made = await build(database, respond=use_case)
    await made.start()
    return made


async def posted(road: Road, *requests: SignedRequest) -> None:
    """Post webhooks and wait until all is handled and sent."""
    for one in requests:
        assert await road.post(one) == 200
        await eventually(road.is_done)


async def skipped(road: Road) -> list[str]:
    """Return why messages were passed over."""
    tag = Tag.MESSAGE_SKIPPED.value
    found = await road.rows(tables.evidence_entry, tag=tag)
    return [json.loads(one["leaf"])["data"].get("reason", "") for one in found]


async def words(road: Road) -> list[str]:
    """Return what the matters show, opened with the key of their person."""
    shown = []
    (person,) = [p for p in await road.rows(tables.person) if p["wrapped_key"]]
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    for matter in await road.rows(tables.handover):
        for item in await road.rows(tables.vault_item, item_id=matter["item_id"]):
            opened = vault.open(item["sealed"], item["item_id"])
            shown.append(opened["question"])
    return shown


async def test_one_comment_is_one_matter_and_one_private_reply(
    page: Road, world: World
) -> None:
    """Told twice by the platform, and once more after the inbox forgot it."""
    first = told(world, ActKind.COMMENT, "tối quá")
    await posted(page, first, first)
    (known,) = await page.rows(tables.page_comment)
    world.clock.advance(ms=1000 * (3600))
    again = request(world, json.loads(first.body)["entry"][0]["changes"][0])
    await page.database.write(lambda c: c.execute(tables.inbox_event.delete()))
    await posted(page, again)

    (matter,) = await page.rows(tables.handover)
    assert known["handover_id"] == matter["handover_id"]
    assert await words(page) == ["tối quá"]
    (sent,) = world.sandbox.record.sent()
    assert sent.user_id == LANH.facebook_id
    assert sent.body["recipient"].keys() == {"comment_id"}
    (send,) = await page.outbox()
    assert (send["kind"], send["state"]) == ("comment", "accepted")
    assert await skipped(page) == ["comment_known"]
    tags = [e["tag"] for e in await page.rows(tables.evidence_entry)]
    assert tags.count(Tag.COMMENT_ANSWERED.value) == 1
    assert tags.count(Tag.HANDOVER_OPENED.value) == 1


async def test_an_unknown_private_reply_is_never_sent_again(
    page: Road, world: World
) -> None:
    """The platform took it and the line broke: nobody writes a second time."""
    rule = FaultRule(next_calls=1, channel="facebook")
    world.sandbox.faults.set("accept_then_drop", rule)
    await posted(page, told(world, ActKind.COMMENT, "tối quá"))
    world.clock.advance(ms=1000 * (60))
    await page.sweeper.sweep()
    await eventually(page.is_done)

    (send,) = await page.outbox()
    assert send["state"] == "unknown"
    assert len(world.sandbox.record.sent()) == 1
    assert "send_unknown" in [kind for kind, _ in await page.notices()]


async def test_a_process_that_dies_tells_nobody_twice(
    database: Database, build: Build, world: World
) -> None:
    """Killed after each step in turn, a comment is one matter and at most one reply."""
    for number in range(4):
        road = await build(database, respond=use_case, owner=f"p{number}")
        parts = ("ingest",) if number == 0 else ("ingest", "dispatcher", "senders")
        await road.start(*parts)
        if number == 0:
            assert await road.post(told(world, ActKind.COMMENT, "tối quá")) == 200
        elif number < 3:
            road.database.fail_after_commit = number
            await eventually(partial(_has_written, road))
        else:
            world.clock.advance(ms=1000 * (60))
            await road.sweeper.sweep()
            await eventually(road.is_done)
        await road.kill()
        world.clock.advance(ms=1000 * (40))

    assert len(await road.rows(tables.handover)) == 1
    assert len(await road.rows(tables.page_comment)) == 1
    assert len(await road.outbox()) == 1
    assert len(world.sandbox.record.sent()) <= 1


async def test_who_comments_often_is_invited_once_a_day(
    page: Road, world: World
) -> None:
    """Each comment goes to staff; the invitation is not repeated all day."""
    for _ in range(3):
        await posted(page, told(world, ActKind.COMMENT, "tối quá"))
    await posted(page, told(world, ActKind.COMMENT, "sáng", who=MUOI))
    world.clock.advance(ms=1000 * (25 * 3600))
    await posted(page, told(world, ActKind.COMMENT, "lại tối"))

    assert len(await page.rows(tables.handover)) == 5
    users = [one.user_id for one in world.sandbox.record.sent()]
    assert users == [LANH.facebook_id, MUOI.facebook_id, LANH.facebook_id]


async def test_an_edit_shows_staff_the_new_words_alone(
    page: Road, world: World
) -> None:
    """Before anybody saw it the words are replaced; after that staff are told."""
    await posted(page, told(world, ActKind.COMMENT, "tối quá"))
    before = len(await page.rows(tables.vault_item))
    await posted(page, told(world, ActKind.COMMENT_EDITED, "sáng rồi"))

    assert await words(page) == ["sáng rồi"]
    assert len(await page.rows(tables.vault_item)) == before
    assert len(world.sandbox.record.sent()) == 1
    await _move(page, "posted")
    await posted(page, told(world, ActKind.COMMENT_EDITED, "lại tối"))
    assert [kind for kind, _ in await page.notices()] == ["comment_edited"]
    assert await words(page) == ["sáng rồi"]


async def test_a_removed_comment_is_forgotten_unless_staff_work_on_it(
    page: Road, world: World
) -> None:
    """Nobody saw it: words gone, matter closed, nothing sent any more."""
    await posted(page, told(world, ActKind.COMMENT, "tối quá"))
    await posted(page, told(world, ActKind.COMMENT_REMOVED))
    (matter,) = await page.rows(tables.handover)
    assert matter["state"] == "closed"
    kinds = {item["kind"] for item in await page.rows(tables.vault_item)}
    assert kinds == {"reply"}

    await posted(page, told(world, ActKind.COMMENT, "tối nữa", who=MUOI))
    await _move(page, "taken")
    await posted(page, told(world, ActKind.COMMENT_REMOVED, who=MUOI))
    assert [kind for kind, _ in await page.notices()] == ["comment_removed"]
    states = {row["state"] for row in await page.rows(tables.page_comment)}
    assert states == {"removed"}


async def test_a_removal_that_comes_first_leaves_nothing_to_do(
    page: Road, world: World
) -> None:
    """Webhooks may overtake each other; a comment that is gone is no work."""
    first = told(world, ActKind.COMMENT, "tối quá")
    gone = told(world, ActKind.COMMENT_REMOVED)
    await posted(page, gone, first)

    assert await page.rows(tables.handover) == []
    assert world.sandbox.record.sent() == []
    assert "comment_removed" in await skipped(page)
    assert await page.rows(tables.vault_item) == []


async def test_a_private_reply_that_is_late_is_not_sent(
    database: Database, build: Build, world: World
) -> None:
    """After days without a way out it is refused, and staff see why."""
    road = await build(database, respond=use_case)
    await road.start("ingest", "dispatcher")
    await road.post(told(world, ActKind.COMMENT, "tối quá"))
    await eventually(road.is_inbox_done)
    world.clock.advance(ms=1000 * (3 * 86_400 + 1))
    road.send()
    await eventually(road.is_done)

    (send,) = await road.outbox()
    assert (send["state"], send["code"]) == ("refused", "facebook_comment_late")
    assert world.sandbox.record.sent() == []


async def test_thanks_stand_under_the_comment(
    database: Database, build: Build, world: World
) -> None:
    """Only if the handler wants it; the sandbox shows it in public."""

    def thankful(i: Inbound, t: Conversation, s: Services) -> Outcome:
        return use_case(i, t, s, thanks=Reply("Dạ, xã xin cảm ơn ạ."))

    road = await build(database, respond=thankful)
    await road.start()
    await posted(road, told(world, ActKind.COMMENT, "tốt quá"))

    (row,) = await road.rows(tables.page_comment)
    assert row["answered_at"] is not None
    found = list(world.sandbox.feed._comments.values())
    assert found[0].replies == ["Dạ, xã xin cảm ơn ạ."]
    assert found[0].has_private_reply


def _has_written(road: Road) -> bool:
    return road.database.writes > 3


async def _move(road: Road, state: str) -> None:
    """Let staff have seen every matter."""
    change = tables.handover.update().values(state=state)
    await road.database.write(lambda c: c.execute(change))
