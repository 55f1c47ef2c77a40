"""What must go from the disk after words were sealed, and goes even after a crash?

The log of the embedded database still holds the old bytes until it is cut; and a
platform may send a message again, in a body where others wait. Both are looked after
here, at every start and until it is done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.seal_plan import SealPlanner
from storage import sealed, sealed_traces
from storage.database import Database
from storage.erasure import after_erasure
from storage.errors import StorageError

ROUND_SECONDS = 60.0
RETRY_SECONDS = 1.0
WAITED_MS = 60_000
"""A body is looked at when it has been here for so long; most are gone by then."""
BODIES = 500
KEEP = timedelta(days=32)
"""A little longer than any raw body lives (bot.sweeper.KEEP)."""

log = structlog.get_logger("sealed")


class SealSweep:
    """Cuts the log after each sealing, and cleans bodies that came again."""

    def __init__(
        self, database: Database, planners: Mapping[str, SealPlanner], clock: Clock
    ) -> None:
        self._database = database
        self._planners = planners
        self._clock = clock
        self._wake = asyncio.Event()
        self.is_dirty = True

    def notice(self) -> None:
        """Words were just sealed: cut the log soon."""
        self.is_dirty = True
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; the first round is at once."""
        while True:
            try:
                await self.sweep()
            except StorageError as error:
                log.warning("seal_sweep_failed", error=type(error).__name__)
            wait = RETRY_SECONDS if self.is_dirty else ROUND_SECONDS
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), wait)
            self._wake.clear()

    async def sweep(self) -> None:
        """One round. Raises StorageUnavailableError; the next round does it again."""
        for unit_id in self._planners:
            await self._bodies(unit_id)
        before = (self._clock.now() - KEEP).date().isoformat()
        await self._database.write(lambda c: sealed.drop_sources(c, before))
        await self._cut()

    async def _cut(self) -> None:
        if not self.is_dirty:
            return
        self.is_dirty = False
        try:
            self.is_dirty = not await after_erasure(self._database)
        except StorageError:
            self.is_dirty = True
            raise

    async def _bodies(self, unit_id: str) -> None:
        planner, before = self._planners[unit_id], self._clock.now_ms() - WAITED_MS

        def stale(connection: Connection) -> list[str]:
            """Bodies that still hold such words; a read, for there are seldom any."""
            if not sealed.has_sources(connection, unit_id):
                return []
            rows = sealed_traces.bodies(connection, unit_id, before, BODIES)
            return [
                row["body_id"]
                for row in rows
                if planner.cleaned(connection, row) not in (row["sealed"], None)
            ]

        def clean(connection: Connection) -> None:
            for body_id in found:
                sealed_traces.clean_body(
                    connection,
                    unit_id,
                    body_id,
                    lambda row: planner.cleaned(connection, row),
                )

        if found := await self._database.read(stale):
            await self._database.write(clean)
            self.is_dirty = True
