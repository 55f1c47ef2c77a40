"""How is the service? One answer for machines, one that names each part."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from aiohttp import web
from prometheus_client import generate_latest

from bot.audit_health import judged, last_audits
from bot.beside import Beside
from bot.clock import Clock
from bot.deadlines import calendar_of
from bot.ingest import Ingest
from bot.metrics import Metrics
from bot.services import UnitServices
from bot.tokens import TokenKeeper, TokenState
from scheduler.calendar.coverage import coverage
from scheduler.calendar.working_days import WorkCalendar
from scheduler.moments import local_day
from storage import inbox, operations
from storage.database import Database
from storage.errors import StorageError, StorageUnavailableError
from storage.spool import Spool

SLOW_LANE_MS = 60_000
ANSWER_SECONDS = 1.0
"""A database that hangs must not make the health page hang too."""
TOKEN_WORDS = {
    TokenState.VALID: "còn hiệu lực",
    TokenState.RENEWING: "đang xin cấp mới",
    TokenState.REAUTHORISE: "cần cấp quyền lại",
    TokenState.MISSING: "chưa có refresh_token",
}


T = TypeVar("T")
readable = partial(json.dumps, ensure_ascii=False)
"""JSON in which a person can read Vietnamese."""


async def within(work: Coroutine[Any, Any, T]) -> T:
    """Wait a little; raises StorageUnavailableError when that was not enough."""
    try:
        return await asyncio.wait_for(work, ANSWER_SECONDS)
    except TimeoutError as error:
        raise StorageUnavailableError("slow") from error


@dataclass(frozen=True, slots=True)
class Calendars(Mapping[str, WorkCalendar]):
    """The working days of each unit as they hold when they are asked for."""

    services: Mapping[str, UnitServices]

    def __getitem__(self, unit_id: str) -> WorkCalendar:
        return calendar_of(self.services[unit_id].unit)

    def __iter__(self) -> Iterator[str]:
        return iter(self.services)

    def __len__(self) -> int:
        return len(self.services)


@dataclass(frozen=True, slots=True)
class Health:
    """What the health pages look at."""

    database: Database
    spool: Spool
    ingest: Ingest
    keepers: Mapping[str, TokenKeeper]
    metrics: Metrics
    clock: Clock
    besides: Sequence[Beside] = ()
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)

    async def healthz(self, _request: web.Request) -> web.Response:
        """The process lives."""
        return web.json_response({"status": "ok"})

    async def readyz(self, _request: web.Request) -> web.Response:
        """200 when this process can accept and store; nobody else makes it 503."""
        database = await self._database()
        parts = {
            "database": database,
            "spool": self._spool(),
            "queue": await self._queue(),
            "tokens": self._tokens(),
            "notices": await self._notices(),
            "escalation": await self._escalation(
                has_database=database == {"status": "ok"}
            ),
            "calendar": self._calendar(),
            **{beside.name: beside.health() for beside in self.besides},
        }
        can_store = "ok" in (parts["database"]["status"], parts["spool"]["status"])
        body = {"status": "ok" if can_store else "unavailable", "parts": parts}
        return web.json_response(body, status=200 if can_store else 503, dumps=readable)

    async def show_metrics(self, _request: web.Request) -> web.Response:
        """Prometheus text."""
        return web.Response(
            body=generate_latest(self.metrics.registry),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def _database(self) -> dict[str, Any]:
        try:
            await within(self.database.write(lambda c: c.exec_driver_sql("SELECT 1")))
        except StorageError as error:
            return {"status": "away", "error": type(error).__name__}
        return {"status": "ok"}

    def _spool(self) -> dict[str, Any]:
        try:
            self.spool.probe()
        except StorageError:
            return {"status": "not_writable"}
        return {
            "status": "ok",
            "waiting": len(self.spool.names()),
            "corrupt": len(self.spool.corrupt()),
        }

    async def _queue(self) -> dict[str, Any]:
        now = self.clock.now_ms()
        try:
            counts = await within(self.database.read(lambda c: inbox.backlog(c, now)))
        except StorageError:
            return {"status": "unknown"}
        is_slow = counts["oldest_ms"] > SLOW_LANE_MS
        return {"status": "slow" if is_slow else "ok", **counts}

    def _tokens(self) -> dict[str, Any]:
        return {
            unit_id: {
                "status": keeper.state.value,
                "text": TOKEN_WORDS[keeper.state],
                "days_left": keeper.days_left,
            }
            for unit_id, keeper in self.keepers.items()
        }

    async def _escalation(self, *, has_database: bool) -> dict[str, Any]:
        """What the newest audits said, in whichever process they ran."""
        now = self.clock.now_ms()
        if not has_database:
            return {"status": "unknown"}
        try:
            newest = await within(self.database.read(last_audits))
        except StorageError:
            return {"status": "unknown"}
        return judged(newest, now)

    def _calendar(self) -> dict[str, Any]:
        """What is not sure about the days off of the coming two months, by unit."""
        today = local_day(self.clock.now())
        told = {
            unit_id: list(coverage(calendar, today).warnings())
            for unit_id, calendar in self.calendars.items()
        }
        unsure = {unit_id: lines for unit_id, lines in told.items() if lines}
        if not unsure:
            return {"status": "ok"}
        return {"status": "unsure", "units": unsure}

    async def _notices(self) -> dict[str, Any]:
        try:
            return dict(await within(self.database.read(operations.count_notices)))
        except StorageError:
            return {}
