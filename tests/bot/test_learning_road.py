"""Do lessons reach the vault with their outcome, whole or not at all?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from bot.sandbox.webhook import zalo_event
from handlers.model import (
    Consent,
    Conversation,
    Event,
    Inbound,
    Lesson,
    LessonSource,
    Outcome,
    Tag,
)
from handlers.ports import Services
from storage import learning, people, tables
from storage.database import Database
from tests.bot.conftest import Build
from tests.bot.support import (
    LANH,
    UNIT,
    FaultyDatabase,
    Road,
    World,
    eventually,
    platforms,
)

LESSON = Lesson("cho cháu lên sổ", "1.001193", LessonSource.PICKED)
TAUGHT = Outcome(
    events=(
        Event(Tag.MESSAGE_RECEIVED, {"kind": "text"}, {"text": "bà Lụa chọn số 1"}),
        Event(Tag.PROCEDURE_SHOWN, {"code": "1.001193", "via": "picked"}),
    ),
    lessons=(LESSON,),
)
DECLINED = Outcome(
    conversation=Conversation(consent=Consent.DECLINED),
    events=(Event(Tag.CONSENT_DECLINED, {}),),
)


async def road_of(
    build: Build, database: Database, world: World, *outcomes: Outcome
) -> Road:
    """Let the same citizen write once for each outcome."""
    waiting = list(outcomes)

    def respond(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
        del inbound, talk, services
        return waiting.pop(0)

    road = await build(database, respond=respond)
    await road.start("ingest", "dispatcher")
    for number in range(len(outcomes)):
        await write(road, world, number)
    return road


async def write(road: Road, world: World, number: int) -> None:
    """Let the citizen write once more, and wait until that is handled."""
    world.clock.advance(ms=10)
    at = world.clock.now_ms()
    request = zalo_event(
        platforms(), LANH.zalo_id, "xin giấy", at_ms=at, message_id=f"m{number}"
    )
    assert await road.post(request) == 200
    await eventually(road.is_inbox_done)


async def test_a_lesson_comes_with_its_outcome(
    database: Database, build: Build, world: World
) -> None:
    """Masked words in the vault, label in the open, a count of nobody."""
    road = await road_of(build, database, world, TAUGHT)

    (row,) = await road.rows(tables.lesson_candidate)
    (item,) = await road.rows(tables.vault_item, kind="lesson")
    (person,) = await road.rows(tables.person)
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    assert (row["label"], row["source"], row["is_right"]) == (
        "1.001193",
        "picked",
        True,
    )
    assert row["item_id"] == item["item_id"]
    assert vault.open(item["sealed"], item["item_id"]) == {"text": "cho cháu lên sổ"}
    (count,) = await road.rows(tables.usage_count)
    assert (count["code"], count["sign"], count["count"]) == ("1.001193", "tap", 1)
    assert count["day"] == "2026-11-23"


async def test_declining_takes_the_lessons_back(
    database: Database, build: Build, world: World
) -> None:
    """With the consent go the words that waited; the counts are nobody's and stay."""
    road = await road_of(build, database, world, TAUGHT, DECLINED)

    assert await road.rows(tables.lesson_candidate) == []
    assert await road.rows(tables.vault_item, kind="lesson") == []
    assert len(await road.rows(tables.usage_count)) == 1


async def test_erasing_the_citizen_takes_them_too(
    database: Database, build: Build, world: World
) -> None:
    """Nobody can approve the words of somebody who was erased."""
    road = await road_of(build, database, world, TAUGHT)
    (person,) = await road.rows(tables.person)
    await database.write(lambda c: people.erase(c, UNIT, person["person_id"], 5))

    assert await road.rows(tables.lesson_candidate) == []
    assert await database.read(lambda c: learning.candidates(c, UNIT, 9)) == []


class Meddling(FaultyDatabase):
    """Somebody else changes every talk just before the next commit, once."""

    is_armed = False

    async def write(self, work: Any, *, urgent: bool = False) -> Any:
        """Change the talks first, when armed."""
        if self.is_armed:
            self.is_armed = False
            table = tables.conversation
            other = update(table).values(version=table.c.version + 1)
            await self.inner.write(lambda c: c.execute(other))
        return await super().write(work, urgent=urgent)


async def test_a_conflict_leaves_no_half_of_a_lesson(
    database: Database, build: Build, world: World
) -> None:
    """When the talk changed meanwhile the turn is done again: one lesson, one count."""
    meddling = Meddling(database)
    tries = 0

    def respond(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
        nonlocal tries
        del inbound, talk, services
        tries += 1
        meddling.is_armed = tries == 2
        return TAUGHT

    road = await build(meddling, respond=respond)
    await road.start("ingest", "dispatcher")
    for number in range(2):
        await write(road, world, number)

    assert tries == 3
    assert len(await road.rows(tables.lesson_candidate)) == 2
    counts = await road.rows(tables.usage_count)
    assert sum(row["count"] for row in counts) == 2
