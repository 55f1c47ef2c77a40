"""How is the clock wired? Its jobs for every unit of an installation."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import aiohttp

from bot.case_rooms import room_beside
from bot.channels.transport import time_limits
from bot.config import Config, Unit
from bot.deadlines import calendar_of
from bot.dossier_sweep import sweep as sweep_dossiers
from bot.duty_warnings import watched
from bot.installation import Installation
from bot.metrics import Metrics
from bot.own_hours import fingerprint, hours, unit_in_force
from bot.services import words
from handlers.staff.cases.recompute import some
from scheduler.clock import Ticking
from scheduler.digest.digest import Digest
from scheduler.escalation.audit import Auditor
from scheduler.escalation.office import Office
from scheduler.escalation.sweep import Sweep
from scheduler.escalation.work_time import WorkTime
from scheduler.firing import Firing
from scheduler.heartbeat import Heartbeat
from scheduler.jobs import CatchUp, Job
from scheduler.rhythm import Daily, Every
from storage import fires, recounts
from storage.fires import Fire

BY: Final = "clock"
"""Who changes cases when the clock does."""
BEAT_SECONDS: Final = 10.0
KEEP_FIRES: Final = timedelta(days=2)
KEPT: Final = ("digest",)
"""Rare fires stay: they are the proof that a digest was written."""
BATCH: Final = 100
BATCHES: Final = 20
"""So many batches a minute: the next fire goes on, in whichever process."""


@dataclass(frozen=True, slots=True)
class ClockMeter:
    """Counts into the metrics of a process."""

    metrics: Metrics

    def fired(self, schedule: str, result: str) -> None:
        """Count a fire."""
        self.metrics.fires.labels(schedule, result).inc()

    def escalated(self, step: str) -> None:
        """Count a step that was told."""
        self.metrics.escalations.labels(step).inc()

    def late(self, unit_id: str, number: int) -> None:
        """Show what an audit found."""
        self.metrics.escalations_late.labels(unit_id).set(number)

    def beat(self, result: str) -> None:
        """Count a heartbeat."""
        self.metrics.heartbeats.labels(result).inc()


class Timekeeper:
    """The jobs of all units, and the clock that wakes them."""

    def __init__(self, installation: Installation, metrics: Metrics) -> None:
        self._opened = installation
        database, clock, ids = (
            installation.database,
            installation.clock,
            installation.ids,
        )
        config, meter = installation.config, ClockMeter(metrics)
        self.offices = dict(offices_of(installation))
        self._times: dict[str, Unit] = dict(config.units)
        self._sweep = Sweep(database, clock, ids, meter)
        self.auditor = Auditor(database, clock, ids, meter)
        self._digest = Digest(database, clock, ids)
        self._heart = Heartbeat(
            self.auditor,
            self.offices.values(),
            lambda: ask(config.monitoring.heartbeat_url),
            meter,
        )
        owner = f"{os.getpid()}-{secrets.token_hex(6)}"
        self.firing = Firing(
            database, self._jobs(), list(config.units), clock, ids, owner, meter
        )

    async def run(self) -> None:
        """Keep time until cancelled."""
        await Ticking(self.firing).run()

    def _jobs(self) -> list[Job]:
        minute, day = timedelta(minutes=1), timedelta(days=1)
        jobs = [
            Job("recount", Every(1), self.recount),
            Job("sweep", Every(1), self.sweep),
            Job("audit", Every(5), self.audit),
            Job("dossiers", Every(5), self.dossiers),
            Job("digest", Daily(7, 30), self.digest, late_for=4 * 60 * minute),
            Job("forget", Daily(3, 10), self.forget, CatchUp.LATE, late_for=day),
        ]
        monitoring = self._opened.config.monitoring
        if monitoring.heartbeat_url:
            first = next(iter(self._opened.config.units))
            every = Every(monitoring.heartbeat_minutes)
            jobs.append(
                Job("heartbeat", every, self.beat, CatchUp.SKIP, units=(first,))
            )
        return jobs

    async def sweep(self, fire: Fire) -> str:
        """Plan and tell the cases of a unit."""
        return str(await self._sweep.sweep(await self.office(fire.unit_id)))

    async def audit(self, fire: Fire) -> str:
        """Prove that everything due ran."""
        return str(await self.auditor.audit(await self.office(fire.unit_id)))

    async def dossiers(self, fire: Fire) -> str:
        """Destroy built dossiers that may not lie here any longer."""
        return f"destroyed {await sweep_dossiers(self._opened, fire.unit_id)}"

    async def digest(self, fire: Fire) -> str:
        """Write the morning's digest."""
        return await self._digest.write(await self.office(fire.unit_id))

    async def office(self, unit_id: str) -> Office:
        """Return a unit with the hours and days that hold now."""
        configured = self._opened.config.units[unit_id]
        unit = await unit_in_force(self._opened.database, unit_id, configured)
        if unit != self._times[unit_id]:
            self.offices[unit_id] = replace(self.offices[unit_id], work=work_time(unit))
            self._times[unit_id] = unit
        return self.offices[unit_id]

    async def beat(self, fire: Fire) -> str:
        """Tell the outside that all is well."""
        del fire
        return await self._heart.beat()

    async def forget(self, fire: Fire) -> str:
        """Drop old fires."""
        before = self._opened.clock.now_ms() - int(KEEP_FIRES.total_seconds() * 1000)
        number = await self._opened.database.write(
            lambda c: fires.forget(c, fire.unit_id, before, KEPT)
        )
        return f"dropped {number}"

    async def recount(self, fire: Fire) -> str:
        """Work out terms again when the calendar or the law is another one.

        How far it is stands in the database: who comes next goes on from there.
        """
        unit_id = fire.unit_id
        configured = self._opened.config.units[unit_id]
        unit = await unit_in_force(self._opened.database, unit_id, configured)
        facts, moved = fingerprint(unit), 0
        at = await self._opened.database.read(
            lambda c: recounts.place(c, unit_id, facts)
        )
        if at.after is None:
            return facts
        room = await room_beside(self._opened, unit_id, BY)
        for _ in range(BATCHES):
            batch = await some(room, facts, "calendar", BATCH)
            moved += len(batch.moved)
            if not batch.left:
                break
        return f"{facts} moved {moved} left {batch.left}"


async def ask(url: str) -> str:
    """Ask for the outside address; return "" or what went wrong, as a code."""
    limits = time_limits(answer_seconds=BEAT_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limits) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return "" if answer.ok else str(answer.status)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        return type(error).__name__


def offices_of(installation: Installation) -> Mapping[str, Office]:
    """Return what the clock needs to know of each unit."""
    return {
        unit_id: Office(
            unit_id,
            installation.ring.unit(unit_id),
            work_time(unit),
            Spoken(installation.config, unit_id),
            watched(unit),
        )
        for unit_id, unit in installation.config.units.items()
    }


def work_time(unit: Unit) -> WorkTime:
    """Return when a unit works."""
    return WorkTime(calendar_of(unit), hours(unit))


class Spoken:
    """A unit's sentences, which name the unit; compiled when first said."""

    def __init__(self, config: Config, unit_id: str) -> None:
        self._unit = config.units[unit_id]
        self._unit_id = unit_id
        self._words: Any = None

    def say(self, key: str, **values: object) -> str:
        """Return a sentence for staff."""
        if self._words is None:
            self._words = words(self._unit_id, self._unit)
        name = self._unit.full_name or self._unit.name
        said: str = self._words.say(
            key, xa=name, xh="anh/chị", Xh="Anh/chị", place=self._unit.place, **values
        )
        return said
