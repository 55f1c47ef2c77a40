"""How does somebody outside know that the clock is alive? It hears from us while all
is well; that it hears nothing is the alarm.

The outside service is told nothing but that we are there. It may be away: then this is
counted, and nothing waits for it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

import structlog

from scheduler.escalation.audit import Auditor
from scheduler.escalation.office import Office
from scheduler.jobs import Meter

Get = Callable[[], Awaitable[str]]
"""Asks for the configured address; returns "" or a code of what went wrong."""

log = structlog.get_logger("heartbeat")


class Heartbeat:
    """Beats only when every audit is clean."""

    def __init__(
        self, auditor: Auditor, offices: Collection[Office], get: Get, meter: Meter
    ) -> None:
        self._auditor = auditor
        self._offices = offices
        self._get = get
        self._meter = meter

    async def beat(self) -> str:
        """Beat if everything ran; return sent, failed or withheld."""
        result = await self._beat()
        self._meter.beat(result)
        return result

    async def _beat(self) -> str:
        for office in self._offices:
            if not (await self._auditor.look(office)).is_clean:
                return "withheld"
        code = await self._get()
        if code:
            log.warning("heartbeat_failed", code=code)
            return "failed"
        return "sent"
