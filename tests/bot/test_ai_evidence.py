"""Is a use of a language model on record whatever becomes of the message?"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from handlers.model import Conversation, Inbound, Outcome, Reply, Tag
from handlers.ports import Services
from nlu.ai.stage import AiReader
from nlu.ai.use import AiUse, Purpose, Result
from nlu.model import Memory
from nlu.ports import Reader
from storage import tables
from storage.database import Database
from tests.bot.conftest import Build
from tests.bot.support import UNIT, Road, World, eventually
from tests.bot.test_ahead import Own, reads
from tests.bot.test_dispatcher import store, text
from tests.bot.test_learning_road import Meddling

WORDS = "một câu hỏi"
USE = AiUse(Purpose.REWRITE, "mau-thu", 12, 34, Result.TIMEOUT)


class BrokenHandlerError(Exception):
    """A use case that has a fault."""


class Asked:
    """A stage that has asked a model, each time."""

    def __init__(self) -> None:
        self.times = 0

    async def ahead(
        self, reader: Reader, text: str, memory: Memory | None = None
    ) -> Reader:
        """Return a reader that knows what was asked."""
        self.times += 1
        found = reader.parse(text, memory)
        return AiReader(reader, text, memory or Memory(), found, USE)


async def road_of(build: Build, database: Database, respond: Any) -> tuple[Road, Asked]:
    """Return a road whose commune asks a model."""
    road = await build(database, respond=respond)
    holder: Any = road.units[UNIT].holder
    stage = Asked()
    holder.services = replace(holder.services, reader=Own())
    holder.aheads = (stage,)
    await road.start("ingest", "dispatcher")
    return road, stage


async def uses(road: Road) -> list[tuple[str, dict[str, Any]]]:
    """Return (event id, figures) of each use on record."""
    rows = await road.rows(tables.evidence_entry, tag=Tag.AI_ASKED.value)
    return [(row["subject"], json.loads(row["leaf"])["data"]) for row in rows]


async def test_it_commits_with_its_outcome(
    database: Database, build: Build, world: World
) -> None:
    """Beside what the message itself led to, about the same event."""
    road, _ = await road_of(build, database, reads)
    await store(road, text(world, WORDS))
    await eventually(road.is_inbox_done)

    (event,) = await road.events()
    figures = {
        "purpose": "rewrite",
        "model": "mau-thu",
        "ms": 12,
        "tokens": 34,
        "result": "timeout",
    }
    assert await uses(road) == [(event["event_id"], figures)]


async def test_a_conflict_tells_it_once(
    database: Database, build: Build, world: World
) -> None:
    """The message is handled twice, the model was asked once."""
    meddling = Meddling(database)
    armed = 0

    def respond(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
        nonlocal armed
        if inbound.text == "hai câu" and isinstance(services.reader, AiReader):
            armed += 1
            meddling.is_armed = armed == 1
        return reads(inbound, talk, services)

    road, stage = await road_of(build, meddling, respond)
    for words in ("một câu", "hai câu"):
        await store(road, text(world, words))
        await eventually(road.is_inbox_done)

    assert armed == 2
    assert stage.times == len(await uses(road)) == 2


async def test_a_message_that_cannot_be_handled_still_tells_it(
    database: Database, build: Build, world: World
) -> None:
    """The words have left, so each time is on record, with or without an outcome."""
    tries = 0

    def respond(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
        nonlocal tries
        found = services.reader.parse(inbound.text, Memory(code=talk.code))
        if isinstance(services.reader, AiReader):
            tries += 1
            raise BrokenHandlerError
        return Outcome((Reply(found.text),), talk)

    road, stage = await road_of(build, database, respond)
    await store(road, text(world, WORDS))

    async def is_tried() -> bool:
        (event,) = await road.events()
        return bool(event["attempts"])

    await eventually(is_tried)
    (event,) = await road.events()
    assert tries == stage.times == 1
    assert [subject for subject, _ in await uses(road)] == [event["event_id"]]
