"""What was left lying, and who picks it up? One sweep for every non-final state."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.clock import Clock, to_ms
from bot.metrics import Metrics
from bot.security import SecurityEvents
from bot.send_results import SendLog
from storage import files, inbox, operations, outbox
from storage.database import Database
from storage.day_keys import DayKeys
from storage.errors import StorageError
from storage.ids import Ids
from storage.outbox import State
from storage.spool import Spool

SWEEP_SECONDS = 2.0
KEEP = timedelta(days=30)
"""Raw bodies and spool files live at most 30 days."""

MAXIMUM_AGE = {
    "inbox.received": timedelta(hours=1),
    "lane.leased": timedelta(seconds=10),
    "outbox.planned": timedelta(hours=24),
    "outbox.claimed": timedelta(seconds=30),
    "outbox.sending": timedelta(seconds=30),
    "outbox.retry": timedelta(hours=24),
    "file.wanted": timedelta(hours=6),
}
"""Every non-final state with the age at which something is wrong (rule 11)."""

log = structlog.get_logger("sweep")


class Sweeper:
    """Runs every two seconds; at an embedded start it takes everything back."""

    def __init__(
        self,
        database: Database,
        day_keys: DayKeys,
        units: list[str],
        clock: Clock,
        send_log: SendLog,
        security: SecurityEvents,
        metrics: Metrics,
        owner: str,
        ids: Ids,
        spool: Spool | None = None,
    ) -> None:
        self._database = database
        self._day_keys = day_keys
        self._units = units
        self._clock = clock
        self._send_log = send_log
        self._security = security
        self._metrics = metrics
        self._owner = owner
        self._ids = ids
        self._spool = spool
        self._day = ""

    async def start(self) -> None:
        """Load keys; on the embedded database nobody else can hold a lease."""
        await self._daily()
        await self._take_back(everything=self._database.is_embedded)

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self.sweep()
            except StorageError as error:
                log.warning("sweep_failed", error=type(error).__name__)

    async def sweep(self) -> None:
        """One round: leases, forgotten lanes, counts, and once a day the keys."""
        await self._take_back(everything=False)
        await self._security.flush(self._database)
        await self._measure()
        if self._clock.now().date().isoformat() != self._day:
            await self._daily()

    async def _take_back(self, *, everything: bool) -> None:
        now = self._clock.now_ms()

        def work(connection: Connection) -> tuple[int, int]:
            lanes = inbox.take_back(
                connection, now, owner=None if everything else self._owner
            )
            inbox.wake_forgotten(connection, now)
            rows = outbox.stranded(connection, now, everything=everything)
            for row in rows:
                if row["state"] == State.CLAIMED:
                    outbox.reset_claimed(connection, row, now)
                else:
                    outbox.mark_unknown(connection, row, now, "crash")
                    self._send_log.after_unknown(connection, row, "crash", now)
            return lanes, len(rows)

        lanes, rows = await self._database.write(work)
        if lanes or rows:
            log.info("taken_back", lanes=lanes, sends=rows)

    async def _measure(self) -> None:
        now = self._clock.now_ms()
        counts, (waiting, oldest), (wanted, since) = await self._database.read(
            lambda c: (inbox.backlog(c, now), outbox.waiting(c), files.waiting(c))
        )
        self._metrics.backlog.labels("inbox").set(counts["waiting"])
        self._metrics.backlog.labels("inbox_failed").set(counts["failed"])
        self._metrics.backlog.labels("outbox").set(waiting)
        self._metrics.backlog.labels("files").set(wanted)
        await self._alarm("inbox.received", counts["oldest_ms"], now)
        await self._alarm("outbox.planned", now - oldest if oldest else 0, now)
        await self._alarm("file.wanted", now - since if since else 0, now)
        if self._spool is not None and (aside := self._spool.corrupt()):
            await self._tell("spool_file_set_aside", "spool", f"{len(aside)} tệp", now)

    async def _alarm(self, state: str, age_ms: int, now: int) -> None:
        """Tell staff once that something is older than it should ever be."""
        if age_ms <= MAXIMUM_AGE[state].total_seconds() * 1000:
            return
        await self._tell("stuck", state, f"{age_ms // 60_000} phút", now)

    async def _tell(self, kind: str, subject: str, detail: str, now: int) -> None:
        notice = {
            "unit_id": self._units[0],
            "notice_id": self._ids.new(),
            "kind": kind,
            "subject": subject,
            "detail": detail,
            "created_at": now,
        }
        await self._database.write(lambda c: operations.add_notice_once(c, notice))

    async def _daily(self) -> None:
        now = self._clock.now()
        oldest = to_ms(now - KEEP)

        await self._database.write(
            lambda c: self._day_keys.load(c, self._units, now.date())
        )
        while await self._database.write(lambda c: inbox.purge(c, oldest)):
            pass
        if self._spool is not None:
            await asyncio.to_thread(self._spool.purge, oldest / 1000)
        self._day = now.date().isoformat()
