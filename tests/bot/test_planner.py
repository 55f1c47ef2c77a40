"""Does an outcome become all its rows, sealed, and only those?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.model import Act, ActKind, Platform
from bot.sandbox.webhook import zalo_event
from handlers.model import (
    Button,
    Channel,
    Conversation,
    Event,
    Handover,
    Inbound,
    Outcome,
    Reply,
    Tag,
)
from handlers.ports import Services
from storage import tables
from storage.sqlite import SqliteDatabase
from tests.bot.actor import stage
from tests.bot.conftest import Build, StartWorld
from tests.bot.support import LANH, UNIT, Road, World, eventually, platforms, seen

QUESTION = "bao giờ có kết quả"


async def handled(
    build: Build, database: SqliteDatabase, world: World, outcome: Outcome
) -> Road:
    """Let one text have that outcome."""

    def respond(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
        del inbound, talk, services
        return outcome

    road = await build(database, respond=respond)
    await road.start("ingest", "dispatcher")
    request = zalo_event(
        world.settings, LANH.zalo_id, QUESTION, at_ms=world.clock.now_ms()
    )
    assert await road.post(request) == 200
    await eventually(road.is_inbox_done)
    return road


async def opened(road: Road, kind: str) -> list[Any]:
    """Return the sealed items of a kind, opened."""
    (person,) = await road.rows(tables.person)
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    items = await road.rows(tables.vault_item, kind=kind)
    return [vault.open(item["sealed"], item["item_id"]) for item in items]


async def test_a_handover_waits_with_its_question_sealed(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Who waits for a person has a row with a due time; the words are sealed."""
    due = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    outcome = Outcome(handover=Handover("no_match", QUESTION, due))
    road = await handled(build, sqlite_database, world, outcome)

    (row,) = await road.rows(tables.handover)
    assert (row["reason"], row["state"]) == ("no_match", "waiting")
    assert row["due_at"] == due.timestamp() * 1000
    assert await opened(road, "handover") == [{"question": QUESTION}]


async def test_the_memory_shows_only_what_the_sender_must_know(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """Opting out and muting stand open beside the sealed talk; nothing else does."""
    until = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    talk = Conversation(opted_out=True, muted_until=until, last_text=QUESTION)
    outcome = Outcome(conversation=talk)
    road = await handled(build, sqlite_database, world, outcome)

    (row,) = await road.rows(tables.conversation)
    assert row["opted_out"]
    assert row["muted_until"] == until.timestamp() * 1000
    assert QUESTION.encode() not in row["sealed"]


async def test_private_words_are_committed_to_and_not_logged(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """The log holds a salted hash of a text; text and salt lie in the vault."""
    event = Event(Tag.MESSAGE_RECEIVED, {"kind": "text"}, {"text": QUESTION})
    outcome = Outcome(events=(event,))
    road = await handled(build, sqlite_database, world, outcome)

    (entry,) = await road.rows(tables.evidence_entry)
    assert QUESTION.encode() not in entry["leaf"]
    (item,) = await opened(road, "citizen:message:received"[:24])
    assert item["texts"] == {"text": QUESTION}
    assert len(bytes.fromhex(item["salts"]["text"])) == 16


async def test_a_long_reply_becomes_rows_in_order(
    sqlite_database: SqliteDatabase, build: Build, world: World
) -> None:
    """What the platform takes only in parts is planned as rows that keep order."""
    text = "\n".join(f"[{number}] " + "giấy tờ " * 40 for number in range(12))
    button = Button("Gặp cán bộ", payload="#gap")
    outcome = Outcome(replies=(Reply(text), Reply("Mời chọn", (button,))))
    road = await handled(build, sqlite_database, world, outcome)
    actor = stage(road, Channel.ZALO)
    road.send()
    await eventually(road.is_done)

    rows = await road.outbox()
    assert len(rows) > 2
    assert seen(rows, "position") == list(range(len(rows)))
    told = [words for _, words, _ in actor.told]
    assert len(told) == len(rows)
    assert [n for part in told for n in range(12) if f"[{n}]" in part] == list(
        range(12)
    )
    assert told[-1] == "Mời chọn"


@pytest.mark.parametrize("channel", Platform)
async def test_receipts_become_evidence_of_the_send(
    begin: StartWorld, sqlite_database: SqliteDatabase, build: Build, channel: Platform
) -> None:
    """Delivered and seen are noted at the very message they are about."""
    world = await begin(platforms(receipts=True, echoes=True))
    road = await build(sqlite_database, world)
    await road.start()
    world.sandbox.service_url = str(road.server.make_url("")).rstrip("/")
    world.sandbox.act(
        channel, LANH.user_id(channel), Act(ActKind.TEXT, text="xin chào")
    )
    await eventually(world.sent)
    await world.sandbox.poster.idle()
    await eventually(road.is_done)

    (row,) = await road.outbox()
    tags = await road.tags(row["row_id"])
    assert tags[0] == "bot:send:accepted"
    assert "platform:message:delivered" in tags
    if channel is Platform.ZALO:
        assert "platform:message:seen" in tags
