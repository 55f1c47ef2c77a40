"""Are the servers asked before a message is handled, once, and only where they may?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.ahead import Consultation
from bot.metrics import Metrics
from bot.runtime import UnitRuntime
from handlers.citizen import petition
from handlers.citizen.router import respond
from handlers.model import (
    Channel,
    Consent,
    Conversation,
    Inbound,
    Kind,
    Outcome,
    Reply,
)
from handlers.ports import Services
from nlu.model import Decision, Intent, Memory, Understanding
from nlu.ports import Ahead, Reader
from storage.database import Database, Work
from tests.bot.conftest import Build
from tests.bot.support import UNIT, FaultyDatabase, Holder, Road, World, eventually
from tests.bot.test_dispatcher import answers, store, text
from tests.bot.test_learning_road import Meddling
from tests.conftest import START
from tests.handlers.citizen.talk import services as real_services

WORDS = "làm khai sinh cho con"


def reading(words: str, intent: Intent = Intent.ASK_PROCEDURE) -> Understanding:
    """Return a reading that says little."""
    return Understanding(words, intent, (), Decision.UNKNOWN, (), 0.0, True, False, 0.0)


class Own:
    """Our engine: counts what it reads."""

    def __init__(self, intent: Intent = Intent.ASK_PROCEDURE) -> None:
        self.intent = intent
        self.read: list[tuple[str, Memory | None]] = []

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Read."""
        self.read.append((text, memory))
        return reading(text, self.intent)


@dataclass(frozen=True, slots=True)
class Knowing:
    """A reader after a stage: adds the stage's name to what it reads."""

    inner: Reader
    name: str

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Read like the one before, with the name behind."""
        found = self.inner.parse(text, memory)
        return replace(found, text=f"{found.text} {self.name}")


class Stage:
    """A server's stage that notes what it is asked; it may raise or hang."""

    def __init__(self, name: str, trouble: Callable[[], Any] | None = None) -> None:
        self.name = name
        self.trouble = trouble
        self.asked: list[tuple[str, Memory | None]] = []

    async def ahead(
        self, reader: Reader, text: str, memory: Memory | None = None
    ) -> Reader:
        """Note the question, make the trouble, know the answer."""
        self.asked.append((text, memory))
        if self.trouble is not None:
            await self.trouble()
        return Knowing(reader, self.name)


def reads(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
    """Answer with what the reader reads; "im" is not read, "thôi" not answered."""
    words = inbound.text.strip()
    if words == "im":
        return Outcome((Reply("Dạ"),))
    memory = Memory(code=talk.code)
    found = services.reader.parse(words, memory)
    replies = () if words == "thôi" else (Reply(found.text),)
    return Outcome(replies, talk)


def unit(own: Reader, *stages: Ahead) -> UnitRuntime:
    """Return a commune with a reader and stages; nothing else of it is needed."""
    holder = Holder(UNIT)
    holder.services = replace(holder.services, reader=own)
    holder.aheads = stages
    nothing: Any = None
    return UnitRuntime(UNIT, nothing, holder, {})


def wrote(words: str, kind: Kind = Kind.TEXT) -> Inbound:
    """Return a message."""
    return Inbound(Channel.ZALO, kind, START, words)


async def said(
    *stages: Ahead,
    words: str = WORDS,
    talk: Conversation | None = None,
    own: Own | None = None,
    metrics: Metrics | None = None,
) -> str:
    """Let a message be handled; return the answer."""
    asking = Consultation(reads, metrics or Metrics())
    commune = unit(own or Own(), *stages)
    outcome = await asking.respond(commune, wrote(words), talk or Conversation())
    return " | ".join(reply.text for reply in outcome.replies)


async def test_without_servers_it_is_handled_once() -> None:
    """The usual installation: one reading, nobody else."""
    own = Own()

    assert await said(own=own) == WORDS
    assert len(own.read) == 1


async def test_the_stages_stand_in_a_row() -> None:
    """Each knows what the one before knew; our engine read once for all."""
    own, first, second = Own(), Stage("một"), Stage("hai")

    assert await said(first, second, own=own) == f"{WORDS} một hai"
    assert len(own.read) == 1


async def test_they_are_asked_what_the_handlers_read() -> None:
    """The words as the handlers cut them, in the light of the same talk."""
    stage = Stage("một")
    await said(stage, words=f"  {WORDS} ", talk=Conversation(code="1.001193"))

    assert stage.asked == [(WORDS, Memory(code="1.001193"))]


@pytest.mark.parametrize(
    "talk",
    [
        Conversation(consent=Consent.DECLINED),
        Conversation(opted_out=True),
        Conversation(pending=petition.PENDING, pending_at=START),
    ],
)
async def test_who_wants_to_be_left_alone_is(talk: Conversation) -> None:
    """The answer comes all the same, from our engine alone."""
    stage = Stage("một")

    assert await said(stage, talk=talk) == WORDS
    assert stage.asked == []


async def test_an_emergency_waits_for_nobody() -> None:
    """No server is asked while a house burns."""
    stage = Stage("một")

    assert await said(stage, own=Own(Intent.EMERGENCY)) == WORDS
    assert stage.asked == []


@pytest.mark.parametrize("words", ["im", "thôi"])
async def test_nobody_is_asked_for_nothing(words: str) -> None:
    """What was not read, and what nobody answers, goes nowhere."""
    stage = Stage("một")
    await said(stage, words=words)

    assert stage.asked == []


async def test_only_texts_are_asked_about() -> None:
    """A picture's caption is read by our engine."""
    stage = Stage("một")
    asking = Consultation(reads, Metrics())
    picture = wrote(WORDS, Kind.ATTACHMENT)
    outcome = await asking.respond(unit(Own(), stage), picture, Conversation())

    assert [reply.text for reply in outcome.replies] == [WORDS]
    assert stage.asked == []


@pytest.mark.parametrize(
    "words", ["tôi tố cáo ông A", "2", "gọi anh nhé", "không đồng ý", "cháy nhà"]
)
async def test_with_the_real_handlers(words: str) -> None:
    """A denunciation that begins, a number, an address, a command: not asked."""
    stage = Stage("một")
    holder = Holder(UNIT)
    holder.services = real_services()
    holder.aheads = (stage,)
    nothing: Any = None
    commune = UnitRuntime(UNIT, nothing, holder, {})
    talk = Conversation(consent=Consent.SHOWN, candidates=("1.001193", "1.000894"))

    asking = Consultation(respond, Metrics())
    outcome = await asking.respond(commune, wrote(words), talk)
    assert outcome.replies
    assert stage.asked == []


async def boom() -> None:
    """Raise what no stage should raise."""
    raise ValueError("chữ của người dân")


async def timeout() -> None:
    """Raise the stage's own time-out."""
    raise TimeoutError


@pytest.mark.parametrize("trouble", [boom, timeout])
async def test_a_stage_that_raises_is_passed_over(trouble: Callable[[], Any]) -> None:
    """It is counted; the stages around it still help."""
    metrics = Metrics()
    found = await said(
        Stage("một"), Stage("hai", trouble), Stage("ba"), metrics=metrics
    )

    assert found == f"{WORDS} một ba"
    assert failures(metrics) == {"Stage": 1.0}


async def test_a_stage_that_hangs_is_left() -> None:
    """The lane must not lose its lease; what was known before stays known."""
    metrics = Metrics()
    commune = unit(Own(), Stage("một"), Stage("hai", asyncio.Event().wait))
    asking = Consultation(reads, metrics, limit_seconds=0.02)
    outcome = await asking.respond(commune, wrote(WORDS), Conversation())

    assert [reply.text for reply in outcome.replies] == [f"{WORDS} một"]
    assert failures(metrics) == {"all": 1.0}


def failures(metrics: Metrics) -> dict[str, float]:
    """Return the counted failures by stage."""
    (family,) = metrics.ahead_failed.collect()
    return {
        sample.labels["stage"]: sample.value
        for sample in family.samples
        if sample.name.endswith("_total")
    }


class Watched(FaultyDatabase):
    """A database that knows whether somebody is inside it."""

    def __init__(self, inner: Database) -> None:
        super().__init__(inner)
        self.inside = 0

    async def write(self, work: Work[Any], *, urgent: bool = False) -> Any:
        """Write, visibly."""
        self.inside += 1
        try:
            return await super().write(work, urgent=urgent)
        finally:
            self.inside -= 1


async def road_with(
    build: Build, database: Database, stage: Stage, **changes: Any
) -> Road:
    """Return a road whose commune asks a server."""
    road = await build(database, respond=reads, **changes)
    holder: Any = road.units[UNIT].holder
    holder.services = replace(holder.services, reader=Own())
    holder.aheads = (stage,)
    return road


async def test_on_the_road_no_transaction_is_open_meanwhile(
    database: Database, build: Build, world: World
) -> None:
    """The server is asked between the claim and the commit, inside neither."""
    watched, seen = Watched(database), []

    async def look() -> None:
        # The claimer looks for more work on its own; let it come to rest.
        await eventually(lambda: watched.inside == 0)
        seen.append(watched.inside)

    road = await road_with(build, watched, Stage("một", look))
    await road.start("ingest", "dispatcher")
    await store(road, text(world, WORDS))
    await eventually(road.is_inbox_done)

    assert seen == [0]
    assert await answers(road) == [f"{WORDS} một"]


async def test_a_conflict_does_not_ask_again(
    database: Database, build: Build, world: World
) -> None:
    """When the talk changed meanwhile the message is handled again with what is known.

    Somebody else changes it while the second message is being asked about.
    """
    meddling = Meddling(database)

    async def arm() -> None:
        meddling.is_armed = len(stage.asked) == 2

    stage = Stage("một", arm)
    road = await road_with(build, meddling, stage)
    await road.start("ingest", "dispatcher")
    for words in ("một câu", "hai câu"):
        await store(road, text(world, words))
        await eventually(road.is_inbox_done)

    assert [words for words, _ in stage.asked] == ["một câu", "hai câu"]
    assert await answers(road) == ["một câu một", "hai câu một"]
    assert not meddling.is_armed
