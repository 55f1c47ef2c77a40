"""Sweeps a commune and dies by SIGKILL before the write it is told.

Started by test_sweep_kill in a process of its own.
"""

from __future__ import annotations

import asyncio
import os
import signal
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


class Deadly:
    """A database that lets so many writes pass and kills this process at the next."""

    def __init__(self, inner: Database, writes: int) -> None:
        self._inner = inner
        self._left = writes

    @property
    def is_embedded(self) -> bool:
        """As the real one."""
        return self._inner.is_embedded

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Write, or die."""
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1
        return await self._inner.write(work, urgent=urgent)

    async def read(self, work: Work[T]) -> T:
        """Read."""
        return await self._inner.read(work)

    async def close(self) -> None:
        """Close."""
        await self._inner.close()


def sweep(url: str, at: datetime, writes: int) -> None:
    """Tick once at that time, up to that write."""
    asyncio.run(_sweep(url, at, writes))


async def _sweep(url: str, at: datetime, writes: int) -> None:
    clock = FakeClock(at)
    ids, office = Ids(clock.now_ms), office_of(KeyRing(MASTER))
    database = Deadly(open_database(url), writes)
    sweeping = Sweep(database, clock, ids)

    async def work(fire: Fire) -> str:
        del fire
        return str(await sweeping.sweep(office))

    job = Job("sweep", Every(1), work)
    await Firing(database, [job], [UNIT], clock, ids, "dying").tick(job)
