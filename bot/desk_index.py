"""Who reads new words into the desk's index, so that a search finds them at once?

A search catches up by itself; this keeps what is left to it small.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog

from handlers.staff.desk_list.search import BATCH, catch_up
from storage.database import Database
from storage.errors import StorageError
from storage.keys import UnitKeys

EVERY_SECONDS = 5.0

log = structlog.get_logger("desk")


class DeskIndex:
    """Reads the words of all units of a process, a little at a time."""

    def __init__(
        self,
        database: Database,
        keys: Mapping[str, UnitKeys],
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._database = database
        self._keys = keys
        self._every = every_seconds

    async def run(self) -> None:
        """Read for ever; what cannot be read now is read later."""
        while True:
            try:
                more = await self.turn()
            except StorageError as error:
                log.warning("words_not_read", error=type(error).__name__)
                more = False
            await asyncio.sleep(0 if more else self._every)

    async def turn(self) -> bool:
        """Read one batch of each unit; return whether one of them was full."""
        counts = [
            await catch_up(self._database, unit_id, keys)
            for unit_id, keys in self._keys.items()
        ]
        return max(counts, default=0) >= BATCH
