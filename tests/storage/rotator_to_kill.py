"""Rewraps under a new master key, and stands still inside its fourth transaction.

Started by test_rotation, which ends it there with SIGKILL.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from storage.keys import read_ring
from storage.open import open_database
from storage.rotation import rewrap
from tests.storage.rows import UNIT

BATCH, HELD = 16, 4


class Held:
    """A database whose fourth transaction does its work and never ends."""

    def __init__(self, url: str) -> None:
        self._database = open_database(url)
        self._writes = 0

    async def read(self, work: Callable[[Connection], Any]) -> Any:
        """Read as ever."""
        return await self._database.read(work)

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        """Write as ever, but for the fourth time."""
        self._writes += 1
        is_held = self._writes == HELD

        def held(connection: Connection) -> Any:
            done = work(connection)
            if is_held:
                sys.stdout.write("held\n")
                sys.stdout.flush()
                sys.stdin.read()
            return done

        return await self._database.write(held)


async def main(url: str, path: str) -> None:
    """Rewrap everything of the unit."""
    box = read_ring(Path(path)).unit(UNIT).box
    await rewrap(Held(url), UNIT, box, BATCH)  # type: ignore[arg-type]  # two methods are used


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
