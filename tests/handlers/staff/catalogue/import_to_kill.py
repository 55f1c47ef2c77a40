"""Imports a file and dies by SIGKILL before the write it is told.

Started by test_import_kill in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from handlers.staff.catalogue import files
from handlers.staff.catalogue.imports import apply, stage
from handlers.staff.catalogue.model import Layer
from storage.ids import Ids
from storage.open import sqlite_path
from storage.sqlite import SqliteDatabase
from tests.handlers.staff.catalogue.records import NOW_MS, TODAY, UNIT

T = TypeVar("T")


class Deadly(SqliteDatabase):
    """Lets so many writes pass and kills this process at the next."""

    def __init__(self, path: Path, writes: int) -> None:
        super().__init__(path)
        self._left = writes

    async def write(
        self, work: Callable[[Connection], T], *, urgent: bool = False
    ) -> T:
        """Write, or die."""
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        return await super().write(work, urgent=urgent)


def bring(url: str, file: Path, writes: int) -> None:
    """Import the file into the national layer, up to that write."""
    asyncio.run(_bring(url, file, writes))


async def _bring(url: str, file: Path, writes: int) -> None:
    database = Deadly(sqlite_path(url), writes)
    plan = await stage(database, UNIT, Layer.NATIONAL, files.read(file), today=TODAY)
    await apply(database, plan, Ids(lambda: NOW_MS), NOW_MS)
    await database.close()
