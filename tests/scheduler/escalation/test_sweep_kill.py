"""Is a step told once when its process is killed between claim and work, or later?"""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.escalation.sweep import Sweep
from scheduler.firing import Firing
from scheduler.jobs import Job
from scheduler.rhythm import Every
from storage.database import Database
from storage.fires import Fire
from storage.ids import Ids
from storage.keys import KeyRing
from storage.open import open_database
from storage.tables import apology_proposal, notice, schedule_fire
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import UNIT
from tests.processes import exit_code
from tests.scheduler.escalation.people import Ladder, make_ladder
from tests.scheduler.escalation.sweeper_to_kill import sweep

OVERDUE = datetime(2026, 12, 3, 0, 30, tzinfo=UTC)
CASES = 3
WRITES = 5
"""So many there are: killed before each in turn, then once not at all."""


@pytest.mark.kill
@pytest.mark.parametrize("writes", range(WRITES + 1))
async def test_each_step_is_told_once(
    database_url: str, writes: int, ring: KeyRing, clock: FakeClock
) -> None:
    """Killed before any of its writes, then taken up: one notice a step and person."""
    database = open_database(database_url)
    clock.set(OVERDUE - timedelta(days=8))
    ids = Ids(clock.now_ms)
    ladder = await make_ladder(database, ring, ids, clock)
    vault = await ladder.commune.citizen("lua")
    for _ in range(CASES):
        await ladder.commune.reports(vault)
    await database.close()

    dying = (sweep, database_url, OVERDUE, writes)
    ended = await asyncio.to_thread(exit_code, *dying)
    assert ended == (-signal.SIGKILL if writes < WRITES else 0)
    database = open_database(database_url)
    clock.set(OVERDUE + timedelta(minutes=6))
    again = await _resumed(ladder, database, clock)
    told = await again.told()

    assert len(told) == len(set(await _keys(again)))
    ran = await again.steps("run")
    assert len(ran) == 3 * CASES
    proofs = await again.commune.proofs("system:case:escalated")
    assert len(proofs) == len(ran)
    assert len(told) == sum(len(row["told"].split(",")) for row in ran) + CASES
    assert len(await again.commune.rows(apology_proposal)) == CASES
    fires = {row["state"] for row in await again.commune.rows(schedule_fire)}
    assert fires <= {"done", "skipped"}
    await database.close()


async def _keys(ladder: Ladder) -> list[str]:
    rows = await ladder.commune.rows(notice)
    return [row["notice_id"] for row in rows if row["addressee"]]


async def _resumed(ladder: Ladder, database: Database, clock: FakeClock) -> Ladder:
    """Start another process's work on what the killed one left."""
    room = replace(ladder.commune.room, database=database)
    ladder.commune.room = room
    sweeping = Sweep(room.database, clock, room.ids)

    async def work(fire: Fire) -> str:
        del fire
        return str(await sweeping.sweep(ladder.office))

    job = Job("sweep", Every(1), work)
    made = Firing(room.database, [job], [UNIT], clock, room.ids, "heir")
    await made.start()
    return ladder
