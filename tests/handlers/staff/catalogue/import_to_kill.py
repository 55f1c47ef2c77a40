"""Imports a file and stops before the n-th write, until somebody kills it."""

from __future__ import annotations

import asyncio
import sys
import threading
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


class Stopping(SqliteDatabase):
    """Says how far it came, then waits to be killed."""

    def __init__(self, path: Path, writes: int) -> None:
        super().__init__(path)
        self._left = writes

    async def write(
        self, work: Callable[[Connection], T], *, urgent: bool = False
    ) -> T:
        """Write until the last one allowed."""
        if self._left == 0:
            print("waiting", flush=True)  # noqa: T201  the test reads it
            threading.Event().wait()
        self._left -= 1
        return await super().write(work, urgent=urgent)


async def main(url: str, file: str, writes: int) -> None:
    """Import the file into the national layer."""
    database = Stopping(sqlite_path(url), writes)
    batch = files.read(Path(file))
    plan = await stage(database, UNIT, Layer.NATIONAL, batch, today=TODAY)
    await apply(database, plan, Ids(lambda: NOW_MS), NOW_MS)
    print("done", flush=True)  # noqa: T201  the test reads it
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
