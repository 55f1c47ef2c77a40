"""Which files lie there that no row names? What a kill or an erasure left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.clock import Clock
from storage import files
from storage.database import Database
from storage.errors import StorageError
from storage.file_folder import FileFolder

SWEEP_SECONDS = 3600.0
YOUNG_SECONDS = 7200.0
"""A file younger than this may still wait for its row."""
BATCH = 500

log = structlog.get_logger("files")


class FileSweeper:
    """Looks once an hour; on a shared folder any process may."""

    def __init__(
        self, database: Database, folder: FileFolder, units: Sequence[str], clock: Clock
    ) -> None:
        self._database = database
        self._folder = folder
        self._units = units
        self._clock = clock

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (StorageError, OSError) as error:
                log.warning("file_sweep_failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    async def sweep(self) -> int:
        """Remove old drafts and orphans; return how many files went."""
        before = self._clock.now().timestamp() - YOUNG_SECONDS
        gone = await asyncio.to_thread(self._folder.drop_drafts, before)
        for unit_id in self._units:
            gone += await self._unit(unit_id, before)
        if gone:
            log.info("files_swept", files=gone)
        return gone

    async def _unit(self, unit_id: str, before: float) -> int:
        names = await asyncio.to_thread(self._folder.old_names, unit_id, before)
        gone = 0
        for start in range(0, len(names), BATCH):
            part = names[start : start + BATCH]
            gone += await self._batch(unit_id, part, before)
        return gone

    async def _batch(self, unit_id: str, names: list[str], before: float) -> int:
        kept = await self._database.read(lambda c: files.known(c, unit_id, names))
        orphans = [name for name in names if name not in kept]
        return await asyncio.to_thread(self._folder.sweep, unit_id, before, orphans)
