"""Is nobody greeted twice and nobody forgotten, whenever the service dies?"""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot import installation
from handlers.staff.greetings import acts
from handlers.staff.greetings.model import Day
from messages.greetings.compose import Subject
from scheduler.moments import LOCAL
from storage.keys import KeyRing
from tests.bot.broadcast.campaign_to_kill import Shifted
from tests.bot.broadcast.support import OFFICE, commune
from tests.bot.kill_harness import (
    Rig,
    accepted_by_platforms,
    free_port,
    rows,
    settled,
)
from tests.conftest import FakeClock
from tests.processes import forked

PEOPLE = 2_000
KILLS = 6
MODULE = "tests.bot.broadcast.campaign_to_kill"
HOUR_MS = 3_600_000


def shift_to_morning() -> int:
    """Return the ms that bring the machine's clock to 09:00 in the commune."""
    now = datetime.now(UTC)
    nine = datetime.combine(now.astimezone(LOCAL).date(), time(9), LOCAL)
    return round((nine - now).total_seconds() * 1000)


async def planned(rig: Rig, shift: int) -> None:
    """Write people who may be greeted, and an approved greeting that is due."""
    config = installation.load(rig.config_path)
    async with installation.open_installation(config) as opened:
        ring: KeyRing = opened.ring
        here = commune(opened.database, ring, FakeClock(Shifted(shift).now()))
        await here.people(PEOPLE)
        now = here.clock.now_ms()
        subject = Subject("hoi_lang", "Hội làng", "chuc_mung", 2026, 2026)
        day = Day(subject, "2026-01-01", "people", now, now + 5 * HOUR_MS)
        await acts.approve(here.desk, await acts.make(here.desk, day, OFFICE), 1)


async def _ended(rig: Rig) -> None:
    async with asyncio.timeout(60):
        while not _is_done(rig):  # noqa: ASYNC110  another process does the work
            await asyncio.sleep(0.3)


def _is_done(rig: Rig) -> bool:
    return bool(rows(rig, "SELECT 1 FROM greeting WHERE state = 'done'"))


@pytest.mark.kill
async def test_a_campaign_killed_again_and_again_reaches_each_once(
    tmp_path: Path,
) -> None:
    """Each of 2,000 people is planned once, sent at most once, and accounted for."""
    rig, shift = Rig(tmp_path, free_port(), free_port(), begin=forked), 0
    chance = random.Random(7)  # noqa: S311  the same kills each time
    try:
        await rig.start_sandbox()
        await rig.prepare()
        shift = shift_to_morning()
        await planned(rig, shift)
        for number in range(KILLS + 1):
            process = await rig.begin(MODULE, str(rig.config_path), str(shift))
            rig.service = process
            if number < KILLS:
                await asyncio.sleep(chance.uniform(1.0, 3.5))
                process.send_signal(signal.SIGKILL)
                await process.wait()
        await _ended(rig)
        await settled(rig)
        oracle = await accepted_by_platforms(rig)
    finally:
        await rig.close()

    heard = Counter(one["user_id"] for one in oracle)
    sends = rows(rig, "SELECT person_id, state FROM outbox WHERE kind = 'greeting'")
    assert set(heard.values()) == {1}
    assert Counter(send["person_id"] for send in sends).most_common(1)[0][1] == 1
    assert len(sends) == PEOPLE
    states = Counter(send["state"] for send in sends)
    assert states["accepted"] + states["unknown"] == PEOPLE
    assert states["accepted"] <= len(heard) <= PEOPLE
