"""Does each time that is due become work exactly once, whoever dies or sleeps?"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from scheduler.firing import MOST_TRIES, Firing
from scheduler.jobs import CatchUp, Job
from scheduler.rhythm import Daily, Every
from storage import fires, operations
from storage.database import Database
from storage.fires import Fire, FireState
from storage.ids import Ids
from tests.bot.support import FaultyDatabase
from tests.conftest import FakeClock

UNITS = ("thanh-ha", "tan-an")
MINUTE = timedelta(minutes=1)


@dataclass
class Worker:
    """Counts its work; may fail or hang."""

    done: list[Fire] = field(default_factory=list)
    fails: bool = False
    hangs: bool = False
    begun: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, fire: Fire) -> str:
        """Do it, or not."""
        self.begun.set()
        if self.hangs:
            await asyncio.Event().wait()
        if self.fails:
            raise ZeroDivisionError
        self.done.append(fire)
        return "well"

    @property
    def times(self) -> Counter[tuple[str, str]]:
        """How often each occurrence of a unit was worked on."""
        return Counter((fire.unit_id, fire.occurrence) for fire in self.done)


def firing(
    database: Database, clock: FakeClock, ids: Ids, *jobs: Job, owner: str = "a"
) -> Firing:
    """Return a process with these jobs."""
    return Firing(database, jobs, UNITS, clock, ids, owner)


async def listed(database: Database, state: FireState) -> list[tuple[str, int]]:
    """Return occurrence and missed number of the first unit's fires in a state."""
    rows = await database.read(lambda c: fires.listed(c, UNITS[0], [state]))
    return sorted((row["occurrence"], row["missed"]) for row in rows)


async def notices(database: Database) -> list[str]:
    """Return the kinds of unseen notices."""
    rows = await database.read(operations.open_notices)
    return sorted(row["kind"] for row in rows)


async def test_each_unit_once_a_time(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """However often it ticks within a minute, each unit is worked on once."""
    worker = Worker()
    job = Job("sweep", Every(1), worker.work)
    made = firing(database, clock, ids, job)
    for _ in range(3):
        await made.tick(job)
    clock.advance(MINUTE)
    await made.tick(job)

    assert set(worker.times.values()) == {1}
    assert len(worker.done) == 4
    assert len(await listed(database, FireState.DONE)) == 2


async def test_several_processes_share(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """Three processes on one database do each time once."""
    worker = Worker()
    job = Job("sweep", Every(1), worker.work)
    made = [firing(database, clock, ids, job, owner=str(n)) for n in range(3)]
    for _ in range(4):
        await asyncio.gather(*(one.tick(job) for one in made))
        clock.advance(MINUTE)

    assert len(worker.done) == 8
    assert set(worker.times.values()) == {1}


async def test_a_fire_of_a_dead_process_is_taken_up(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """Claimed and never ended: after its lease another does it, and only one does."""
    dying = Worker(hangs=True)
    dead = Job("sweep", Every(1), dying.work)
    hanging = asyncio.create_task(firing(database, clock, ids, dead).tick(dead))
    await dying.begun.wait()
    hanging.cancel()
    worker = Worker()
    job = Job("sweep", Every(1), worker.work)
    others = [firing(database, clock, ids, job, owner=f"b{n}") for n in range(2)]

    assert [await one.take_up() for one in others] == [0, 0]
    clock.advance(6 * MINUTE)
    assert sum([await one.take_up() for one in others]) == 2
    assert set(worker.times.values()) == {1}
    assert {fire.attempt for fire in worker.done} == {2}


async def test_the_newest_is_run_late_and_older_ones_are_listed(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """After an hour's sleep the job runs once; the times between are one line."""
    worker = Worker()
    job = Job("audit", Every(5), worker.work)
    made = firing(database, clock, ids, job)
    await made.tick(job)
    clock.advance(62 * MINUTE)
    await firing(database, clock, ids, job).start()

    assert len(worker.done) == 4
    assert await listed(database, FireState.SKIPPED) == [("2026-11-23T01:55Z", 11)]


async def test_what_is_too_late_is_not_run(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """A morning's digest is not written in the evening."""
    worker = Worker()
    job = Job("digest", Daily(7, 30), worker.work, late_for=timedelta(hours=4))
    made = firing(database, clock, ids, job)
    clock.advance(-31 * MINUTE)
    await made.tick(job)
    clock.advance(timedelta(hours=25))
    await made.tick(job)
    assert len(worker.done) == 2
    clock.advance(timedelta(hours=34))
    await made.tick(job)

    assert len(worker.done) == 2
    assert ("2026-11-25T00:30Z", 1) in await listed(database, FireState.SKIPPED)


async def test_a_new_installation_owes_nothing(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """The first start of the afternoon does not run the job of the morning."""
    worker = Worker()
    clock.advance(timedelta(hours=2))
    for policy in CatchUp:
        job = Job(f"daily-{policy}", Daily(7, 30), worker.work, policy)
        await firing(database, clock, ids, job).start()

    assert worker.done == []
    assert await notices(database) == []


async def test_a_person_decides_about_what_was_missed(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """Three missed mornings wait; one is run on demand, one skipped, one waits on."""
    worker = Worker()
    job = Job("letters", Daily(8), worker.work, CatchUp.ASK)
    made = firing(database, clock, ids, job)
    await made.tick(job)
    worker.done.clear()
    clock.advance(timedelta(days=3, hours=2))
    await made.tick(job)
    asked = await listed(database, FireState.ASKED)
    assert [name for name, _ in asked] == [
        f"2026-11-{day}T01:00Z" for day in (24, 25, 26)
    ]
    assert set(await notices(database)) == {"fire_missed"}

    first, second = (Fire(UNITS[0], "letters", name) for name, _ in asked[:2])
    now = clock.now_ms()
    assert await database.write(lambda c: fires.decide(c, first, now, run=True))
    assert await database.write(lambda c: fires.decide(c, second, now, run=False))
    assert not await database.write(lambda c: fires.decide(c, second, now, run=True))
    await made.take_up()

    assert worker.times == {(UNITS[0], first.occurrence): 1}
    assert len(await listed(database, FireState.ASKED)) == 1


async def test_a_job_that_always_fails_is_told(
    sqlite_database: Database, clock: FakeClock, ids: Ids
) -> None:
    """After some tries people hear of it; the next time is tried anew."""
    worker = Worker(fails=True)
    job = Job("sweep", Every(1), worker.work)
    made = firing(sqlite_database, clock, ids, job)
    await made.tick(job)
    for _ in range(MOST_TRIES):
        clock.advance(6 * MINUTE)
        await made.take_up()

    assert len(await listed(sqlite_database, FireState.FAILED)) == 1
    assert set(await notices(sqlite_database)) == {"fire_failed"}
    worker.fails = False
    await made.tick(job)
    assert len(worker.done) == 2


async def test_storage_that_is_away_only_delays(
    sqlite_database: Database, clock: FakeClock, ids: Ids
) -> None:
    """Nothing is raised, and the same minute is done when it is back."""
    faulty = FaultyDatabase(sqlite_database)
    worker = Worker()
    job = Job("sweep", Every(1), worker.work)
    made = firing(faulty, clock, ids, job)
    faulty.is_away = True
    assert await made.tick(job) == 0
    assert await made.take_up() == 0
    faulty.is_away = False

    assert await made.tick(job) == 2


async def test_a_clock_set_back_does_nothing_twice(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """Minutes that come again are known."""
    worker = Worker()
    job = Job("sweep", Every(1), worker.work)
    made = firing(database, clock, ids, job)
    await made.tick(job)
    clock.advance(-3 * MINUTE)
    await made.tick(job)
    clock.advance(3 * MINUTE)
    await made.tick(job)

    assert set(worker.times.values()) == {1}


async def test_old_fires_are_dropped_but_the_newest(
    database: Database, clock: FakeClock, ids: Ids
) -> None:
    """What ended long ago goes; the newest of each job stays, and kept kinds do."""
    worker = Worker()
    jobs = [Job(name, Every(1), worker.work) for name in ("sweep", "digest")]
    made = firing(database, clock, ids, *jobs)
    for _ in range(3):
        for job in jobs:
            await made.tick(job)
        clock.advance(MINUTE)
    now = clock.now_ms() + 1

    gone = await database.write(lambda c: fires.forget(c, UNITS[0], now, ("digest",)))
    assert gone == 2
    assert len(await listed(database, FireState.DONE)) == 4
