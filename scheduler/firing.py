"""How does a time that is due become work, once, whoever dies on the way?

The row of a fire is inserted first: of several processes one succeeds and works. A fire
whose process died is taken up again when its lease ends, at once where only one process
can be. So the work of a job must be such that doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection

from scheduler.jobs import CatchUp, Clock, Job, Meter, Silent
from scheduler.rhythm import between, instant_of, name_of
from storage import fires, operations
from storage.database import Database
from storage.errors import LeaseLostError, StorageError
from storage.fires import Fire, FireState
from storage.ids import Ids

PUNCTUAL: Final = timedelta(minutes=2)
"""What begins within this time of its instant is not late."""
MOST_ASKED: Final = 40
MOST_TRIES: Final = 5

log = structlog.get_logger("clock")


class Firing:
    """Runs the jobs of an installation's units; every call may be repeated."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        units: Sequence[str],
        clock: Clock,
        ids: Ids,
        owner: str,
        meter: Meter | None = None,
    ) -> None:
        self._database = database
        self._jobs = {job.name: job for job in jobs}
        self._units = tuple(units)
        self._clock = clock
        self._ids = ids
        self._owner = owner
        self._meter = meter or Silent()
        self._known: dict[tuple[str, str], datetime | None] = {}
        self._locks = {job.name: asyncio.Lock() for job in jobs}

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs, in order."""
        return tuple(self._jobs.values())

    async def start(self) -> None:
        """Take back what a dead process held, then look at every job once."""
        await self.take_up(everything=self._database.is_embedded)
        for job in self.jobs:
            await self.tick(job)

    async def tick(self, job: Job) -> int:
        """Do what is due of a job now; return how many fires were worked on.

        Storage that is away delays the work to the next tick.
        """
        async with self._locks[job.name]:
            try:
                ours = await self._claim(job)
            except StorageError as error:
                log.warning("tick_failed", job=job.name, error=type(error).__name__)
                return 0
            for fire in ours:
                await self._work(job, fire)
            return len(ours)

    async def take_up(self, *, everything: bool = False) -> int:
        """Go on with fires whose process died, or that a person wants run."""
        try:
            found = await self._database.write(
                lambda c: self._taken(c, everything=everything)
            )
        except StorageError as error:
            log.warning("take_up_failed", error=type(error).__name__)
            return 0
        for fire in found:
            async with self._locks[fire.schedule]:
                await self._work(self._jobs[fire.schedule], fire)
        return len(found)

    async def idle(self) -> None:
        """Wait until nothing is at work."""
        for lock in self._locks.values():
            async with lock:
                pass

    def _taken(self, connection: Connection, *, everything: bool) -> list[Fire]:
        now = self._clock.now_ms()
        found = fires.abandoned(connection, self._units, now, everything=everything)
        taken = [
            fires.take_up(
                connection,
                fire,
                self._owner,
                now + _ms(self._jobs[fire.schedule].lease),
            )
            for fire in found
            if fire.schedule in self._jobs
        ]
        return [fire for fire in taken if fire is not None]

    async def _claim(self, job: Job) -> list[Fire]:
        due = job.rhythm.latest(self._clock.now())
        units = job.units if job.units is not None else self._units
        await self._learn(job, units)
        wanting = [u for u in units if self._is_new(self._known[u, job.name], due)]
        if not wanting:
            return []
        may_run = {u: self._may_run(job, due, u) for u in wanting}

        def work(connection: Connection) -> list[Fire]:
            for unit_id in wanting:
                self._list_missed(connection, job, unit_id, due)
                if not may_run[unit_id]:
                    self._list(connection, job, unit_id, due, 1)
            asked = [Fire(u, job.name, name_of(due)) for u in wanting if may_run[u]]
            now = self._clock.now_ms()
            return fires.claim(
                connection, asked, self._owner, now + _ms(job.lease), now
            )

        ours = await self._database.write(work)
        for unit_id in wanting:
            self._known[unit_id, job.name] = due
        return ours

    @staticmethod
    def _is_new(known: datetime | None, due: datetime) -> bool:
        """A clock that was set back does nothing twice."""
        return known is None or due > known

    async def _learn(self, job: Job, units: Sequence[str]) -> None:
        unknown = [u for u in units if (u, job.name) not in self._known]

        def work(connection: Connection) -> list[tuple[str, datetime | None]]:
            rows = [(u, fires.newest(connection, u, job.name)) for u in unknown]
            return [
                (u, instant_of(row["occurrence"]) if row else None) for u, row in rows
            ]

        if unknown:
            for unit_id, newest in await self._database.read(work):
                self._known[unit_id, job.name] = newest

    def _may_run(self, job: Job, due: datetime, unit_id: str) -> bool:
        """Whether what is due now may be run; a new installation owes nothing."""
        late = self._clock.now() - due
        if late <= PUNCTUAL:
            return True
        is_first = self._known[unit_id, job.name] is None
        return job.catch_up is CatchUp.LATE and late <= job.late_for and not is_first

    def _list_missed(
        self, connection: Connection, job: Job, unit_id: str, due: datetime
    ) -> None:
        """List the times between the newest known and the one that is due now.

        Another process may have run them: then they are there and nothing is added.
        """
        known = self._known[unit_id, job.name]
        if known is None:
            return
        missed = list(between(job.rhythm, known, due))
        if not missed:
            return
        if job.catch_up is CatchUp.ASK:
            for at in missed[-MOST_ASKED:]:
                self._list(connection, job, unit_id, at, 1)
        else:
            self._list(connection, job, unit_id, missed[-1], len(missed))

    def _list(
        self, connection: Connection, job: Job, unit_id: str, at: datetime, number: int
    ) -> None:
        is_first = self._known[unit_id, job.name] is None
        is_asked = job.catch_up is CatchUp.ASK and not is_first
        state = FireState.ASKED if is_asked else FireState.SKIPPED
        fire = Fire(unit_id, job.name, name_of(at))
        now = self._clock.now_ms()
        if not fires.note(connection, fire, state, number, now):
            return
        self._meter.fired(job.name, state.value)
        if is_asked:
            self._tell(connection, fire, "fire_missed")

    async def _work(self, job: Job, fire: Fire) -> None:
        """Only success ends a fire; anything else leaves it for the next take-up."""
        try:
            detail = await job.work(fire)
            await self._database.write(
                lambda c: fires.finish(c, fire, self._clock.now_ms(), detail)
            )
        except LeaseLostError:
            log.warning("fire_lost", job=job.name, unit=fire.unit_id)
        except StorageError as error:
            log.warning("fire_delayed", job=job.name, error=type(error).__name__)
            self._meter.fired(job.name, "delayed")
        except Exception as error:
            log.exception("fire_failed", job=job.name, error=type(error).__name__)
            await self._failed(job, fire)
        else:
            self._meter.fired(job.name, FireState.DONE.value)

    async def _failed(self, job: Job, fire: Fire) -> None:
        """Try again later; after some tries tell people and go on without it."""
        self._meter.fired(job.name, FireState.FAILED.value)
        if fire.attempt < MOST_TRIES:
            return

        def work(connection: Connection) -> None:
            now = self._clock.now_ms()
            fires.finish(connection, fire, now, "failed", FireState.FAILED)
            self._tell(connection, fire, "fire_failed")

        try:
            await self._database.write(work)
        except StorageError as error:
            log.warning("fire_delayed", job=job.name, error=type(error).__name__)

    def _tell(self, connection: Connection, fire: Fire, kind: str) -> None:
        row = {
            "unit_id": fire.unit_id,
            "notice_id": self._ids.new(),
            "kind": kind,
            "subject": fire.schedule,
            "detail": fire.occurrence,
            "created_at": self._clock.now_ms(),
        }
        operations.add_notice_once(connection, row)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)
