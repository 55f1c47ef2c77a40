"""Whenever the process dies: is there the old copy or the sealed one, and just one?"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from storage import tables
from storage.database import Database
from storage.keys import KeyRing
from storage.open import open_database
from tests.bot.sealed_road import (
    EARLIER,
    NOW,
    entries,
    found_in,
    hears,
    keys_of,
    writes,
)
from tests.bot.sealer_to_kill import handle
from tests.bot.support import Road, Settings, World, build_road, eventually
from tests.processes import exit_code

MOST = 80
"""Statements in one transaction; more would be a mistake of the test."""


async def one_waits(url: str, folder: Path, world: World, ring: KeyRing) -> None:
    """An earlier message was handled; the denunciation waits in the inbox."""
    road = await open_road(url, folder, world, ring)
    await road.start("ingest", "dispatcher")
    await writes(road, EARLIER)
    await eventually(road.is_inbox_done)
    road.dispatcher.close()
    await road.tasks[1]
    await writes(road, NOW)
    await road.stop()
    await shut(road)


async def open_road(url: str, folder: Path, world: World, ring: KeyRing) -> Road:
    """Wire a process of this test's own."""
    made = Settings(respond=hears)
    return await build_road(world, open_database(url), ring, folder, made)


async def shut(road: Road) -> None:
    """End it."""
    await road.close()
    await road.database.inner.close()


def forget_the_crash(connection: Connection) -> None:
    """Give lane and event back with all their tries, as if nobody had died."""
    connection.execute(
        update(tables.inbox_event)
        .where(tables.inbox_event.c.state == "received")
        .values(attempts=0)
    )
    connection.execute(update(tables.lane).values(owner=None, lease_until=None))


async def state_of(road: Road) -> tuple[bool, bool]:
    """Return whether the old copy is there, and whether the sealed one is."""
    waits = [row["state"] for row in await road.rows(tables.inbox_event)]
    items = await road.rows(tables.vault_item, kind="citizen:message:received")
    is_old = "received" in waits and bool(items) and bool(await bodies(road))
    sealed = await entries(road)
    is_sealed = [[line.text for line in one.lines] for one in sealed] == [
        [EARLIER, NOW]
    ]
    assert is_sealed or not sealed
    assert is_old or not (items or await bodies(road))
    return is_old, is_sealed


async def bodies(road: Road) -> list[str]:
    """Return the raw bodies that are there."""
    return [row["body_id"] for row in await road.rows(tables.inbox_body)]


@pytest.mark.kill
async def test_never_none_and_never_both(
    database_url: str, tmp_path: Path, world: World, ring: KeyRing
) -> None:
    """SIGKILL before each statement of the move in turn, then once not at all."""
    await one_waits(database_url, tmp_path, world, ring)
    seen: list[tuple[bool, bool]] = []
    for number in range(MOST):
        told = (database_url, str(tmp_path), world.clock.at, number)
        ended = await asyncio.to_thread(exit_code, handle, *told)
        assert ended in {0, -signal.SIGKILL}
        road = await open_road(database_url, tmp_path, world, ring)
        state, left = await looked(road)
        seen.append(state)
        await shut(road)
        if ended == 0:
            break
    assert ended == 0
    assert {*seen} == {(True, False), (False, True)}
    assert seen == sorted(seen, reverse=True)
    assert seen.count((True, False)) > 10
    assert left == set()


async def looked(road: Road) -> tuple[tuple[bool, bool], set[str]]:
    """Return what is there, and which tables tell it; free the lane for the next."""
    database, today = road.database.inner, road.clock.now().date()
    await database.write(lambda c: road.day_keys.load(c, list(road.units), today))
    state = await state_of(road)
    await clear(database)
    return state, await database.read(lambda c: found_in(c, keys_of(c, road)))


async def clear(database: Database) -> None:
    """Let the next child find the lane free."""
    await database.write(forget_the_crash)
