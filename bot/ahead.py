"""What do servers that read beside our engine say of a message, before it is handled?

Handlers are pure, so the message is handled with our engine first: that shows which
words they read, in the light of what, and whether these may leave this process. Only
then are the servers asked, and it is handled again with a reader that already knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from bot.metrics import Metrics
from bot.runtime import Respond, UnitRuntime
from handlers.ai_use import evidence
from handlers.citizen import memory
from handlers.citizen.discretion import is_open
from handlers.model import Conversation, Event, Inbound, Kind, Outcome
from nlu.model import Intent, Memory, Understanding
from nlu.ports import Ahead, Reader

LIMIT_SECONDS = 6.0
"""For all stages together, whose own limits are shorter; a lane is leased for ten."""

log = structlog.get_logger("message")


class Rehearsal:
    """Our engine, remembering what the handlers let it read."""

    def __init__(self, inner: Reader) -> None:
        self._inner = inner
        self.text = ""
        self.memory = Memory()
        self.reading: Understanding | None = None

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading; the one remembered is not made again."""
        given = memory or Memory()
        if self.reading is not None:
            if (text, given) == (self.text, self.memory):
                return self.reading
            return self._inner.parse(text, memory)
        self.reading = self._inner.parse(text, memory)
        self.text, self.memory = text, given
        return self.reading


class Consultation:
    """One event; however often it is handled, the servers are asked once at most."""

    def __init__(
        self,
        respond: Respond,
        metrics: Metrics,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._respond = respond
        self._metrics = metrics
        self._limit = limit_seconds
        self._known: Reader | None = None

    @property
    def uses(self) -> tuple[Event, ...]:
        """What left this process for a language model, for the evidence."""
        return evidence(self._known)

    async def respond(
        self, unit: UnitRuntime, inbound: Inbound, talk: Conversation
    ) -> Outcome:
        """Return the outcome; raises what the handlers raise and nothing else."""
        services, stages = unit.services, unit.aheads
        if not stages or inbound.kind is not Kind.TEXT:
            return self._respond(inbound, talk, services)
        if self._known is None:
            mine = Rehearsal(services.reader)
            outcome = self._respond(inbound, talk, replace(services, reader=mine))
            if not may_ask(mine, inbound, talk, outcome):
                return outcome
            self._known = await self._asked(stages, mine)
        knowing = replace(services, reader=self._known)
        outcome = self._respond(inbound, talk, knowing)
        return replace(outcome, events=(*outcome.events, *self.uses))

    async def _asked(self, stages: Sequence[Ahead], mine: Rehearsal) -> Reader:
        reader: Reader = mine
        try:
            async with asyncio.timeout(self._limit):
                for stage in stages:
                    reader = await self._one(stage, reader, mine)
        except TimeoutError as error:
            self._failed("all", error)
        return reader

    async def _one(self, stage: Ahead, reader: Reader, mine: Rehearsal) -> Reader:
        try:
            return await stage.ahead(reader, mine.text, mine.memory)
        except Exception as error:  # noqa: BLE001  an answer without help is an answer
            self._failed(type(stage).__name__, error)
            return reader

    def _failed(self, stage: str, error: Exception) -> None:
        self._metrics.ahead_failed.labels(stage).inc()
        log.warning("reading_ahead_failed", stage=stage, error=type(error).__name__)


def may_ask(
    mine: Rehearsal, inbound: Inbound, talk: Conversation, outcome: Outcome
) -> bool:
    """Whether a server may and need see the words: law, citizen, matter, hurry.

    ``outcome`` is what our engine alone would do. Nothing was read of a tap, a number
    or a form of address; nobody is answered while a person of the commune speaks.
    """
    if mine.reading is None or not outcome.replies:
        return False
    if mine.reading.intent is Intent.EMERGENCY:
        return False
    before, _ = memory.recall(talk, inbound.at)
    return is_open(before) and is_open(outcome.conversation or before)
