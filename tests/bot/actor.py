"""A platform whose every answer a test dictates."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.results import Accepted, SendResult
from bot.channels.wire import WireEvent
from bot.runtime import Adapter
from handlers.model import Channel, Reply
from tests.bot.support import UNIT, Road


@dataclass(slots=True)
class Actor:
    """Answers as told: results in turn, then yes; or hangs, or breaks."""

    real: Adapter
    results: list[SendResult | Exception] = field(default_factory=list)
    told: list[tuple[str, str, bool]] = field(default_factory=list)
    reason: str = ""
    gate: asyncio.Event | None = None
    broken: Exception | None = None

    @property
    def bucket(self) -> str:
        """The real one's."""
        return self.real.bucket

    def parse(self, body: bytes, received_at: datetime) -> Sequence[WireEvent]:
        """Parse as the real one."""
        return self.real.parse(body, received_at)

    def redact(self, body: bytes, index: int) -> bytes:
        """Redact as the real one."""
        return self.real.redact(body, index)

    def plan(self, reply: Reply) -> Sequence[Reply]:
        """Split as the real one."""
        return self.real.plan(reply)

    @property
    def is_ready(self) -> bool:
        """Whether nothing was told to stand in the way."""
        return self.broken is None and not self.reason

    async def ready(self) -> str:
        """Return the reason to wait, if there is one; or break."""
        if self.broken is not None:
            raise self.broken
        return self.reason

    async def deliver(
        self, part: Reply, user_id: str, row_id: str, *, human: bool
    ) -> SendResult:
        """Answer as told."""
        self.told.append((user_id, part.text, human))
        if self.gate is not None:
            await self.gate.wait()
        result = self.results.pop(0) if self.results else Accepted(f"id-{row_id}")
        if isinstance(result, Exception):
            raise result
        return result

    async def typing(self, user_id: str) -> None:
        """Show nothing."""


def stage(road: Road, channel: Channel, *results: SendResult | Exception) -> Actor:
    """Put an actor in the place of a platform of this road."""
    adapters = road.units[UNIT].adapters
    assert isinstance(adapters, dict)
    actor = Actor(adapters[channel], list(results))
    adapters[channel] = actor
    return actor
