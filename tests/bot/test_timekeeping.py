"""Is the clock wired: jobs of every unit, terms counted again, health told?"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.audit_health import judged
from bot.config import parse_config
from bot.installation import Installation
from bot.metrics import Metrics
from bot.own_hours import fingerprint
from bot.timekeeping import Timekeeper
from scheduler.clock import trigger_of
from scheduler.jobs import Job
from scheduler.rhythm import Daily, Every
from storage import fires
from storage.database import Database
from storage.fires import Fire, FireState
from storage.ids import Ids
from storage.keys import KeyRing
from tests.bot.support import UNIT, document, eventually, platforms
from tests.conftest import FakeClock
from tests.handlers.staff.cases.commune import make as make_commune


def opened(
    database: Database, ring: KeyRing, clock: FakeClock, folder: Path, **changes: Any
) -> Installation:
    """Return an opened installation with one unit."""
    raw = document(platforms(), "http://127.0.0.1:9") | changes
    config = parse_config(raw, {}, folder)
    return Installation(config, database, ring, clock, Ids(clock.now_ms))


async def test_a_start_sweeps_and_audits(
    database: Database, ring: KeyRing, clock: FakeClock, tmp_path: Path
) -> None:
    """At once, not after a minute; a digest of this morning is not owed."""
    metrics = Metrics()
    keeper = Timekeeper(opened(database, ring, clock, tmp_path), metrics)
    await keeper.firing.start()
    rows = await database.read(lambda c: fires.listed(c, UNIT))

    states = {row["schedule"]: (row["state"], row["detail"]) for row in rows}
    assert states["sweep"] == ("done", "p0 t0 s0 a0")
    assert states["audit"] == ("done", "clean")
    assert states["digest"][0] == "skipped"
    assert "heartbeat" not in states
    fired = metrics.registry.get_sample_value(
        "thanthien_fires_total", {"schedule": "sweep", "result": "done"}
    )
    assert fired == 1


async def test_the_clock_runs_and_stops(
    sqlite_database: Database, ring: KeyRing, clock: FakeClock, tmp_path: Path
) -> None:
    """The real clock starts its jobs and lets go of everything when cancelled."""
    keeper = Timekeeper(opened(sqlite_database, ring, clock, tmp_path), Metrics())
    running = asyncio.create_task(keeper.run())

    async def is_audited() -> bool:
        rows = await sqlite_database.read(
            lambda c: fires.listed(c, UNIT, [FireState.DONE], "audit")
        )
        return bool(rows)

    await eventually(is_audited)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert running.cancelled()


async def test_a_heartbeat_is_a_job_of_one_unit(
    sqlite_database: Database, ring: KeyRing, clock: FakeClock, tmp_path: Path
) -> None:
    """Configured, it fires; an address that is away is counted and no more."""
    url = {"heartbeat_url": "http://127.0.0.1:9/beat", "heartbeat_minutes": 1}
    made = opened(sqlite_database, ring, clock, tmp_path, monitoring=url)
    keeper = Timekeeper(made, Metrics())
    await keeper.firing.start()
    rows = await sqlite_database.read(
        lambda c: fires.listed(c, UNIT, [FireState.DONE], "heartbeat")
    )

    assert [row["detail"] for row in rows] == ["failed"]


async def test_a_changed_calendar_counts_terms_again(
    database: Database, ring: KeyRing, clock: FakeClock, tmp_path: Path
) -> None:
    """A day off added to the configuration moves open terms once, with a trail."""
    clock.set(datetime(2026, 11, 25, 2, 0, tzinfo=UTC))
    commune = make_commune(database, ring, Ids(clock.now_ms), clock)
    vault = await commune.citizen("lua")
    await commune.reports(vault)
    made = opened(database, ring, clock, tmp_path)
    keeper = Timekeeper(made, Metrics())
    await keeper.firing.start()
    first = await keeper.recount(Fire(UNIT, "recount", "x"))
    assert "moved" not in first

    unit = made.config.units[UNIT].model_copy(update={"days_off": ["2026-11-27"]})
    config = made.config.model_copy(update={"units": {UNIT: unit}})
    later = Timekeeper(replace(made, config=config), Metrics())
    clock.advance(timedelta(minutes=16))
    await later.firing.start()
    rows = await database.read(
        lambda c: fires.listed(c, UNIT, [FireState.DONE], "recount")
    )
    told = [row["detail"].split(" ", 1) for row in rows]
    assert [moved for _, moved in told] == ["moved 1 left 0"] * 2
    assert told[0][0] != told[1][0]
    trail = (await commune.tags()).count("system:case:recomputed")
    clock.advance(timedelta(minutes=15))
    await later.firing.start()
    assert (await commune.tags()).count("system:case:recomputed") == trail == 2


def test_a_fingerprint_tells_calendars_apart(
    ring: KeyRing, clock: FakeClock, tmp_path: Path
) -> None:
    """Days off and hours count; a changed sentence does not."""
    del ring, clock
    raw = document(platforms(), "http://127.0.0.1:9")
    unit = parse_config(raw, {}, tmp_path).units[UNIT]
    other = unit.model_copy(update={"days_off": ["2026-11-27"]})

    assert fingerprint(unit) == fingerprint(unit.model_copy(update={"name": "Khác"}))
    assert fingerprint(unit) != fingerprint(other)


@pytest.mark.parametrize(
    ("audits", "status"),
    [
        ({}, "silent"),
        ({"a": (10_000_000, "clean")}, "ok"),
        ({"a": (10_000_000, "clean"), "b": (10_000_000, "late=2 …")}, "late"),
        ({"a": (8_000_000, "clean"), "b": (10_000_000, "clean")}, "silent"),
    ],
)
def test_what_readyz_says(audits: dict[str, tuple[int, str]], status: str) -> None:
    """Ok while audits come and are clean; else late or silent."""
    assert judged(audits, 10_000_000)["status"] == status


@pytest.mark.parametrize("rhythm", [Every(1), Every(5), Every(30), Daily(7, 30)])
def test_the_trigger_fires_when_the_rhythm_does(rhythm: Every | Daily) -> None:
    """APScheduler's next instant is ours."""

    async def work(fire: Fire) -> str:
        return fire.schedule

    now = datetime(2026, 11, 25, 2, 3, 4, tzinfo=UTC)
    trigger = trigger_of(Job("x", rhythm, work))

    assert trigger.get_next_fire_time(None, now) == rhythm.step(rhythm.latest(now))
