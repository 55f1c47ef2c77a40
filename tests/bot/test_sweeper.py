"""Is everything that was left lying picked up, and told when it is too old?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.sandbox.webhook import zalo_event
from bot.sweeper import KEEP, MAXIMUM_AGE
from storage import tables
from storage.outbox import ACTIVE
from tests.bot.support import LANH, UNIT, Road, World, eventually


async def written(road: Road, world: World, words: str = "xin chào") -> None:
    """Let bà Lành write."""
    request = zalo_event(
        world.settings, LANH.zalo_id, words, at_ms=world.clock.now_ms()
    )
    assert await road.post(request) == 200


def test_every_open_state_has_a_greatest_age() -> None:
    """No state in which something may wait is missing from the table."""
    open_states = {f"outbox.{state.value}" for state in ACTIVE}

    known = {"inbox.received", "lane.leased", "file.wanted"}
    assert known | open_states == set(MAXIMUM_AGE)


async def test_a_forgotten_lane_is_woken(any_road: Road, world: World) -> None:
    """A lane with work but no due time is found by the sweep."""
    await any_road.start("ingest")
    await written(any_road, world)
    await any_road.database.write(
        lambda c: c.execute(update(tables.lane).values(ready_at=None))
    )
    await any_road.sweeper.sweep()

    (lane,) = await any_road.rows(tables.lane)
    assert lane["ready_at"] == world.clock.now_ms()


async def test_a_stuck_message_is_told_to_staff_once(road: Road, world: World) -> None:
    """A message nobody has handled for over an hour becomes one notice."""
    await road.start("ingest")
    await written(road, world)
    await road.sweeper.sweep()
    assert await road.notices() == []

    world.clock.advance(timedelta(minutes=61))
    await road.sweeper.sweep()
    await road.sweeper.sweep()
    assert [kind for kind, _ in await road.notices()] == ["stuck"]


async def test_old_bodies_go_and_waiting_events_stay(road: Road, world: World) -> None:
    """After thirty days raw bytes are gone, whatever became of them."""
    await road.start("ingest")
    await written(road, world)
    world.clock.advance(KEEP + timedelta(days=1))
    await road.sweeper.sweep()

    assert await road.rows(tables.inbox_body) == []
    assert [row["state"] for row in await road.events()] == ["received"]


async def test_the_day_keys_are_there_a_week_ahead(road: Road, world: World) -> None:
    """A message can be sealed for a week though the database is away."""
    await road.sweeper.start()
    today = world.clock.now().date()

    for days in range(8):
        day = (today + timedelta(days)).isoformat()
        assert road.day_keys.box(UNIT, day) is not None


async def test_security_counts_survive_an_outage(road: Road, world: World) -> None:
    """What was counted while the database was away is written afterwards."""
    del world
    road.security.count("zalo_bad_signature", UNIT)
    road.database.is_away = True
    await road.security.flush(road.database)
    road.security.count("zalo_bad_signature", UNIT)
    road.database.is_away = False

    counts = await road.security_counts()
    assert counts == {(UNIT, "zalo_bad_signature"): 2}
    assert await road.security_counts() == counts


async def test_the_loop_goes_on_after_an_outage(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sweep that fails is followed by the next."""
    monkeypatch.setattr("bot.sweeper.SWEEP_SECONDS", 0.001)
    road.database.is_away = True
    task = asyncio.create_task(road.sweeper.run())
    road.tasks.append(task)

    await eventually(lambda: road.database.refused >= 3)
    assert not task.done()


async def test_a_sweep_disturbs_nothing_that_lives(road: Road, world: World) -> None:
    """Sweeping in the middle of work takes nothing from anybody."""
    await road.start()
    for number in range(10):
        await written(road, world, f"tin {number}")
        await road.sweeper.sweep()
        world.clock.advance(ms=1)
    await eventually(road.is_done)

    assert len(world.sent()) == 10
    assert {row["attempts"] for row in await road.events()} == {0}
