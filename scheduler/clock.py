"""What wakes the jobs? APScheduler, which keeps the time and nothing else.

Its jobs live in memory: what was done and what was missed stands in the database, so
any number of processes may have a clock (see scheduler.firing).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from datetime import UTC
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from scheduler.firing import Firing
from scheduler.jobs import Job
from scheduler.moments import LOCAL
from scheduler.rhythm import Daily, Every

STOP_SECONDS: Final = 3.0
"""What is at work may end; what does not is taken up at the next start."""


class Ticking:
    """Ticks until it is cancelled."""

    def __init__(self, firing: Firing) -> None:
        self._firing = firing

    async def run(self) -> None:
        """Catch up with what was missed, then keep time."""
        await self._firing.start()
        clock = AsyncIOScheduler(timezone=UTC, logger=_quiet())
        shared = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        for job in self._firing.jobs:
            clock.add_job(
                self._firing.tick, trigger_of(job), [job], id=job.name, **shared
            )
        clock.add_job(self._firing.take_up, _every(1, second=30), id="", **shared)
        clock.start()
        try:
            await asyncio.Event().wait()
        finally:
            clock.pause()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._firing.idle(), STOP_SECONDS)
            clock.shutdown(wait=False)


def trigger_of(job: Job) -> Any:
    """Return the trigger of a job; the occurrence is worked out from the time."""
    rhythm = job.rhythm
    if isinstance(rhythm, Daily):
        return CronTrigger(hour=rhythm.hour, minute=rhythm.minute, timezone=LOCAL)
    assert isinstance(rhythm, Every)  # noqa: S101  there are two kinds
    return _every(rhythm.minutes)


def _every(minutes: int, second: int = 0) -> Any:
    return CronTrigger(minute=f"*/{minutes}", second=second, timezone=UTC)


def _quiet() -> logging.Logger:
    """APScheduler tells of every tick; only its own faults are of interest."""
    made = logging.getLogger("apscheduler.quiet")
    made.setLevel(logging.ERROR)
    return made
