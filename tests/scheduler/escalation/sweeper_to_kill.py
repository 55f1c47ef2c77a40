"""Sweeps a commune and stops at a chosen place, to be ended with SIGKILL there.

Usage: python -m tests.scheduler.escalation.sweeper_to_kill URL AT PLACE
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from scheduler.escalation.sweep import Sweep
from scheduler.firing import Firing
from scheduler.jobs import Job
from scheduler.rhythm import Every
from storage.database import Database, T, Work
from storage.fires import Fire
from storage.ids import Ids
from storage.keys import KeyRing
from storage.open import open_database
from tests.conftest import MASTER, FakeClock
from tests.handlers.staff.cases.commune import UNIT
from tests.scheduler.escalation.people import office_of


class Stopping:
    """A database that says where it is after so many writes, and goes no further."""

    def __init__(self, inner: Database, writes: int) -> None:
        self._inner = inner
        self._left = writes

    @property
    def is_embedded(self) -> bool:
        """As the real one."""
        return self._inner.is_embedded

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Write, unless the place is reached."""
        if self._left == 0:
            await reached()
        self._left -= 1
        return await self._inner.write(work, urgent=urgent)

    async def read(self, work: Work[T]) -> T:
        """Read."""
        return await self._inner.read(work)

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


async def reached() -> None:
    """Say so, and wait for the end."""
    sys.stdout.write("here\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def main(url: str, at: str, writes: int) -> None:
    """Tick once."""
    clock = FakeClock(datetime.fromisoformat(at))
    ids, office = Ids(clock.now_ms), office_of(KeyRing(MASTER))
    database = Stopping(open_database(url), writes)
    sweep = Sweep(database, clock, ids)

    async def work(fire: Fire) -> str:
        del fire
        return str(await sweep.sweep(office))

    job = Job("sweep", Every(1), work)
    await Firing(database, [job], [UNIT], clock, ids, "dying").tick(job)
    sys.stdout.write("done\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
