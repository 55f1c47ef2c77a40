"""How is a webhook made durable before it is acknowledged?

Waiting deliveries share one commit. When the database is away, slow or full they
go to an fsynced spool file and are replayed in order; when even that fails the
platform is told to come again (503).
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import structlog

from bot.channels.wire import WireEvent
from bot.clock import Clock, to_ms
from bot.metrics import Metrics
from handlers.model import Channel
from storage import inbox
from storage.database import Database
from storage.day_keys import DayKeys
from storage.errors import StorageError, StorageUnavailableError
from storage.ids import Ids
from storage.inbox import Delivery, StoredEvent
from storage.keys import KeyRing, UnitKeys
from storage.spool import SUFFIX, CorruptFileError, Spool

STORE_SECONDS = 0.8
"""Zalo waits about 2 s (PLATFORMS.md 1.4); after this the spool takes over."""
REPLAY_SECONDS = 0.5
REPLAY_TRIES = 20
"""A spool file the database refuses is tried this often as a whole."""
BATCH = 400
DAY_MS = 86_400_000

log = structlog.get_logger("ingest")


class NotStoredError(Exception):
    """Neither database nor spool took the message; the platform must re-send."""


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    done: asyncio.Future[None]


class Ingest:
    """Takes verified deliveries and returns when they are on the disk."""

    def __init__(
        self,
        database: Database,
        spool: Spool,
        ring: KeyRing,
        day_keys: DayKeys,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        on_stored: Callable[[], None],
    ) -> None:
        self._database = database
        self._spool = spool
        self._ring = ring
        self._day_keys = day_keys
        self._clock = clock
        self._ids = ids
        self._metrics = metrics
        self._on_stored = on_stored
        self._queue: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._tries: Counter[str] = Counter()
        self.spooled = bool(spool.names())

    async def accept(
        self,
        unit_id: str,
        channel: Channel,
        body: bytes,
        headers: Mapping[str, str],
        received_at: int,
        events: Sequence[WireEvent],
    ) -> None:
        """Store one delivery; raises NotStoredError when nothing could take it."""
        delivery = self._seal(unit_id, channel, body, headers, received_at, events)
        waiting = _Waiting(delivery, asyncio.get_running_loop().create_future())
        self._queue.append(waiting)
        self._wake.set()
        await waiting.done

    async def run(self) -> None:
        """Write batches until closed; replay the spool when the database is back."""
        while not (self._closing and not self._queue):
            batch = await self._take()
            if batch:
                await self._persist(batch)
            if self.spooled:
                await self._replay()

    def close(self) -> None:
        """Finish what waits, then let run() return."""
        self._closing = True
        self._wake.set()

    async def _take(self) -> list[_Waiting]:
        if not self._queue and not self._closing:
            self._wake.clear()
            limit = REPLAY_SECONDS if self.spooled else None
            try:
                await asyncio.wait_for(self._wake.wait(), limit)
            except TimeoutError:
                return []
        batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
        return batch

    async def _persist(self, batch: list[_Waiting]) -> None:
        deliveries = [waiting.delivery for waiting in batch]
        error = await self._store_or_spool(deliveries)
        for waiting in batch:
            if waiting.done.done():
                continue
            if error is None:
                waiting.done.set_result(None)
            else:
                waiting.done.set_exception(NotStoredError(type(error).__name__))

    async def _store_or_spool(self, deliveries: list[Delivery]) -> Exception | None:
        if not self.spooled:
            try:
                await self._store(deliveries)
            except (StorageError, TimeoutError) as error:
                log.warning("store_failed", error=type(error).__name__)
            except Exception as error:
                log.exception("store_broken", error=type(error).__name__)
            else:
                return None
        try:
            await asyncio.to_thread(self._spool.write, self._ids.new(), deliveries)
        except Exception as error:
            self._metrics.ingest_failed.inc(len(deliveries))
            log.exception("spool_failed", error=type(error).__name__)
            return error
        self.spooled = True
        self._metrics.spooled.inc(len(deliveries))
        return None

    async def _store(self, deliveries: list[Delivery]) -> None:
        work = self._database.write(lambda c: inbox.store(c, deliveries), urgent=True)
        await asyncio.wait_for(work, STORE_SECONDS)
        self._on_stored()

    async def _replay(self) -> None:
        """Go on with the spool for a while; what is in the way is tried again."""
        try:
            if await self._replay_files():
                self.spooled = False
                log.info("spool_empty")
        except (StorageUnavailableError, TimeoutError):
            return
        except Exception as error:
            log.exception("replay_failed", error=type(error).__name__)

    async def _replay_files(self) -> bool:
        until = asyncio.get_running_loop().time() + REPLAY_SECONDS
        for name in await asyncio.to_thread(self._spool.names):
            if asyncio.get_running_loop().time() > until:
                return False
            await self._replay_file(name)
        return True

    async def _replay_file(self, name: str) -> None:
        try:
            deliveries = await asyncio.to_thread(self._spool.read, name)
        except (CorruptFileError, OSError):
            self._set_aside(name, "unreadable")
            return
        try:
            await self._store(deliveries)
        except (StorageUnavailableError, TimeoutError):
            raise
        except Exception:
            self._tries[name] += 1
            if self._tries[name] < REPLAY_TRIES:
                raise
            await self._store_each(deliveries)
        await asyncio.to_thread(self._spool.done, name)
        self._tries.pop(name, None)
        self._metrics.replayed.inc(len(deliveries))

    async def _store_each(self, deliveries: list[Delivery]) -> None:
        """One delivery that cannot be stored is set aside without its neighbours."""
        for delivery in deliveries:
            try:
                await self._store([delivery])
            except (StorageUnavailableError, TimeoutError):
                raise
            except Exception as error:
                log.exception("replay_refused", error=type(error).__name__)
                name = delivery.body_id
                await asyncio.to_thread(self._spool.write, name, [delivery])
                self._set_aside(f"{name}{SUFFIX}", "refused")

    def _set_aside(self, name: str, reason: str) -> None:
        self._spool.set_aside(name)
        self._metrics.spool_corrupt.inc()
        log.error("spool_file_set_aside", reason=reason)

    def _seal(
        self,
        unit_id: str,
        channel: Channel,
        body: bytes,
        headers: Mapping[str, str],
        received_at: int,
        events: Sequence[WireEvent],
    ) -> Delivery:
        day = day_of(received_at // DAY_MS)
        box = self._day_keys.box(unit_id, day)
        if box is None:
            raise NotStoredError("no day key")
        body_id = self._ids.new()
        head = json.dumps(dict(headers)).encode()
        keys = self._ring.unit(unit_id)
        return Delivery(
            unit_id=unit_id,
            channel=channel.value,
            body_id=body_id,
            day=day,
            sealed=box.seal(head + b"\n" + body, body_context(unit_id, body_id)),
            received_at=received_at,
            events=tuple(
                StoredEvent(
                    event_id=self._ids.new(),
                    body_index=event.index,
                    dedupe=keys.mac(f"event:{channel}", event.key),
                    lane=lane_of(keys, channel, event),
                    platform_at=to_ms(event.inbound.at),
                )
                for event in events
            ),
        )


@lru_cache(maxsize=64)
def day_of(number: int) -> str:
    """Return the UTC day (ISO 8601) with that number since 1970."""
    return (date(1970, 1, 1) + timedelta(days=number)).isoformat()


def lane_of(keys: UnitKeys, channel: Channel, event: WireEvent) -> str:
    """Return the citizen's lane: the same HMAC that finds their identity."""
    if event.user_id:
        return keys.mac(f"user:{channel}", event.user_id)
    return keys.mac(f"account:{channel}", event.account_id)


def body_context(unit_id: str, body_id: str) -> str:
    """What a sealed body is bound to."""
    return f"body:{unit_id}:{body_id}"


def split_body(plain: bytes) -> bytes:
    """Return the raw bytes of a sealed body, without the stored headers."""
    return plain.partition(b"\n")[2]
