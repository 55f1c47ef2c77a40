"""How does a planned row reach the platform? One claim, one call, one end.

Nothing is sent twice blindly: the row is marked *sending* on the disk before the
call, and a call without an answer leaves it *unknown*.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection

from bot.channels.results import (
    Accepted,
    Reauthorise,
    Refused,
    Retry,
    SendResult,
    Stopped,
    Unknown,
)
from bot.claimer import IDLE_SECONDS, Claimer
from bot.clock import Clock, from_ms
from bot.codec import load_reply
from bot.comment_plan import SEND_KIND
from bot.limits import RateLimit, is_about_channel
from bot.metrics import Metrics
from bot.policy import Allow, Delay, Refuse, Request, Verdict, decide
from bot.runtime import Adapter, Templated, UnitRuntime
from bot.send_results import SendLog
from handlers.model import Channel
from storage import outbox
from storage.database import Database
from storage.errors import (
    ErasedError,
    LeaseLostError,
    StorageError,
    StorageUnavailableError,
)
from storage.outbox import Priority, Row, State

LEASE_MS = 30_000
IN_FLIGHT = 32
BULK_ROOM = 16
"""So many calls are letters and greetings at once: the others are kept for answers."""
BULK_STEP = 8
"""Claimed so many at a time: a claim for each would cost as much as the call."""
RECORD_MS = 15_000
NEVER_LEFT = "connect"
"""The request never reached the platform: an outage of hours uses up no tries."""
WAIT_SECONDS = 2.0
"""A row waits this long for the platform's rate before it goes back."""
NOT_READY_MS = 5_000
REAUTHORISE_SECONDS = 5.0
PAGE_TOKEN_SECONDS = 60.0

TEMPLATE = "template"
"""The kind of a send whose words the platform approved."""

Deliver = Callable[[], Awaitable[SendResult]]

log = structlog.get_logger("send")


class Sender(Claimer):
    """Sends the rows of one channel for every unit of this process."""

    def __init__(
        self,
        channel: Channel,
        database: Database,
        units: Mapping[str, UnitRuntime],
        limits: Mapping[str, RateLimit],
        clock: Clock,
        send_log: SendLog,
        metrics: Metrics,
        owner: str,
    ) -> None:
        super().__init__(IN_FLIGHT, "send")
        self.channel = channel
        self._database = database
        self._units = units
        self._limits = limits
        self._clock = clock
        self._send_log = send_log
        self._metrics = metrics
        self._owner = owner
        self._has_planned = True
        self._bulk = 0
        self._bulk_turn = asyncio.Lock()

    def wake(self) -> None:
        """Something was planned: look at once, and again when a call ends."""
        self._has_planned = True
        super().wake()

    def has_room(self) -> bool:
        """Whether another call may start now."""
        return not self._closing and len(self._tasks) < IN_FLIGHT

    def may_send(self, row: Row) -> bool:
        """Whether a reply may go out the moment it is planned; takes from the rate.

        True means that the row may be planned as *sending*: one commit less.
        """
        unit = self._units.get(row["unit_id"])
        adapter = unit.adapters.get(self.channel) if unit else None
        if adapter is None or not adapter.is_ready or self._verdict(row) != Allow():
            return False
        return self._limits[adapter.bucket].take() == 0

    def offer(self, row: Row) -> None:
        """Send a row that was claimed for this process when it was planned.

        During a stop it stays claimed: nothing may begin that nobody waits for.
        """
        if not self._closing:
            self._spawn(self._row(row))

    async def _claim_up_to(self, free: int) -> bool:
        now, room = self._clock.now_ms(), BULK_ROOM - self._bulk
        with_bulk = room >= BULK_STEP

        def work(connection: Connection) -> list[Row]:
            return outbox.claim(
                connection,
                self.channel.value,
                owner=self._owner,
                now=now,
                lease_until=now + LEASE_MS,
                limit=min(free, room) if with_bulk else free,
                max_priority=Priority.BULK if with_bulk else Priority.CASE,
            )

        rows = await self._database.write(work)
        self._bulk += sum(map(_is_bulk, rows))
        for row in rows:
            self._spawn(self._row(row))
        self._has_planned = bool(rows or self._tasks)
        return bool(rows)

    async def _row(self, row: Row) -> None:
        try:
            if row["state"] == State.SENDING:
                await self._call(self._units[row["unit_id"]], row, Allow())
            else:
                await self._decide(row)
        except (LeaseLostError, StorageError) as error:
            log.warning("row_dropped", row=row["row_id"], error=type(error).__name__)
        except Exception as error:
            log.exception("send_broken", row=row["row_id"])
            await self._broken(row, f"bug:{type(error).__name__}")
        if _is_bulk(row):
            self._bulk -= 1
            if self._bulk > BULK_ROOM - BULK_STEP:
                return
        if self._has_planned or not row.get("is_last"):
            self.wake()

    async def _broken(self, row: Row, code: str) -> None:
        """Once the call has begun nobody knows its end; before, a try is counted."""
        try:
            if row["state"] == State.SENDING:
                await self._send_log.unknown(row, code)
            else:
                row["attempt"] += 1
                await self._send_log.retry(row, Retry(code))
        except StorageError as error:
            log.warning("row_dropped", row=row["row_id"], error=type(error).__name__)

    async def _decide(self, row: Row) -> None:
        unit = self._units.get(row["unit_id"])
        if unit is None or self.channel not in unit.adapters:
            await self._send_log.refuse(row, "channel_not_configured")
            return
        verdict = self._verdict(row)
        if isinstance(verdict, Refuse):
            await self._send_log.refuse(row, verdict.code)
        elif isinstance(verdict, Delay):
            until = int(verdict.until.timestamp() * 1000)
            await self._send_log.put_back(row, until, verdict.code)
        else:
            await self._send(unit, row, verdict)

    def _verdict(self, row: Row) -> Verdict:
        last = row["last_inbound_at"]
        request = Request(
            channel=self.channel,
            priority=Priority(row["priority"]),
            human=bool(row["human"]),
            last_inbound=from_ms(last) if last else None,
            opted_out=bool(row["opted_out"]),
            commented_at=from_ms(row["created_at"]) if _is_comment(row) else None,
            is_template=row["kind"] == TEMPLATE,
        )
        return decide(request, self._clock.now())

    async def _send(self, unit: UnitRuntime, row: Row, verdict: Allow) -> None:
        adapter = unit.adapters[self.channel]
        limit = self._limits[adapter.bucket]
        if await self._may_go(row, adapter, limit):
            await self._call(unit, row, verdict)

    async def _call(self, unit: UnitRuntime, row: Row, verdict: Allow) -> None:
        adapter = unit.adapters[self.channel]
        limit = self._limits[adapter.bucket]
        try:
            deliver = self._opened(unit, row, verdict)
        except (ErasedError, InvalidTag, TypeError):
            await self._send_log.refuse(row, "erased")
            return
        if row["state"] != State.SENDING:
            await self._send_log.sending(row)
        started = time.perf_counter()
        result = await deliver()
        await self._settle(unit, row, result, limit, time.perf_counter() - started)

    def _opened(self, unit: UnitRuntime, row: Row, verdict: Allow) -> Deliver:
        """Unseal what is to be sent; raises ErasedError, InvalidTag, TypeError."""
        vault = unit.vault.unwrap(row["person_id"], row["wrapped_key"])
        content = vault.open(row["content"], row["item_id"])
        part = load_reply(content["reply"])
        user_id = content.get("to") or vault.open(row["sealed_id"], row["id_mac"])["id"]
        adapter = unit.adapters[self.channel]
        if isinstance(adapter, Templated) and "template" in content:
            told, by_phone = content["template"], "to" in content
            return partial(
                adapter.deliver_template, told, user_id, row["row_id"], by_phone
            )
        return partial(
            adapter.deliver, part, user_id, row["row_id"], human=verdict.human_agent
        )

    async def _may_go(self, row: Row, adapter: Adapter, limit: RateLimit) -> bool:
        if _is_bulk(row):
            async with self._bulk_turn:  # one waits for the rate, not two dozen
                wait = await self._waited(limit, is_bulk=True)
        else:
            wait = await self._waited(limit, is_bulk=False)
        if wait:
            later = self._clock.now_ms() + int(wait * 1000)
            await self._send_log.put_back(row, later, "rate")
            return False
        if reason := await adapter.ready():
            later = self._clock.now_ms() + NOT_READY_MS
            await self._send_log.put_back(row, later, reason)
            return False
        return True

    @staticmethod
    async def _waited(limit: RateLimit, *, is_bulk: bool) -> float:
        """Take from the rate and return 0, or the seconds that are too long to wait."""
        while wait := limit.take(is_bulk=is_bulk):
            if wait > WAIT_SECONDS:
                return wait
            await asyncio.sleep(wait)
        return 0.0

    async def _settle(
        self,
        unit: UnitRuntime,
        row: Row,
        result: SendResult,
        limit: RateLimit,
        seconds: float,
    ) -> None:
        name = type(result).__name__.lower()
        self._metrics.sends.labels(self.channel.value, name).inc()
        fields: dict[str, Any] = {"unit": unit.unit_id, "row": row["row_id"]}
        log.info("sent", result=name, ms=round(seconds * 1000, 1), **fields)
        if isinstance(result, Accepted):
            mac = unit.vault.keys.mac("message", result.message_id)
            await self._record(row, mac)
            waited = self._clock.now_ms() - row["created_at"]
            self._metrics.answer_seconds.labels(self.channel.value).observe(
                waited / 1000
            )
        elif isinstance(result, Unknown):
            await self._send_log.unknown(row, result.code)
        elif isinstance(result, Refused):
            await self._send_log.refuse(row, result.code)
        elif isinstance(result, Stopped):
            await self._send_log.stopped(row, result.code)
        elif isinstance(result, Reauthorise):
            await self._reauthorise(row, result)
        else:
            if result.after_seconds and is_about_channel(result.code):
                limit.pause(result.after_seconds)
            never_left = result.code.startswith(NEVER_LEFT)
            await self._send_log.retry(row, result, counts=not never_left)

    async def _record(self, row: Row, message_mac: str) -> None:
        """The platform has it: write that down while our lease lasts, or it is sent
        a second time.
        """
        until = self._clock.now_ms() + RECORD_MS
        while True:
            try:
                await self._send_log.accepted(row, message_mac)
            except StorageUnavailableError:
                if self._clock.now_ms() > until:
                    raise
                await asyncio.sleep(IDLE_SECONDS)
            else:
                return

    async def _reauthorise(self, row: Row, result: Reauthorise) -> None:
        """Zalo's token is renewed by its keeper; any other only by a person."""
        is_page = self.channel is not Channel.ZALO
        wait = PAGE_TOKEN_SECONDS if is_page else REAUTHORISE_SECONDS
        again = Retry(f"reauthorise:{result.code}", wait)
        if is_page:
            await self._send_log.tell_token_dead(row, result.code)
        await self._send_log.retry(row, again, counts=False)


def _is_bulk(row: Row) -> bool:
    """Whether we started it: it leaves room for what people asked for."""
    return bool(row["priority"] >= Priority.LETTER)


def _is_comment(row: Row) -> bool:
    return bool(row["kind"] == SEND_KIND)


class Senders:
    """The senders of one process by channel; where the dispatcher hands messages."""

    def __init__(
        self, senders: Iterable[Sender], ring: Callable[[str], None] = lambda _: None
    ) -> None:
        self._by_channel = {sender.channel.value: sender for sender in senders}
        self._ring = ring

    def has_room(self, channel: str) -> bool:
        """Whether a sender would take a message at once."""
        return self._by_channel[channel].has_room()

    def may_send(self, row: Row) -> bool:
        """Whether a message may go out the moment it is planned."""
        return self._by_channel[row["channel"]].may_send(row)

    def offer(self, row: Row) -> None:
        """Hand over a claimed message."""
        self._by_channel[row["channel"]].offer(row)

    def wake(self, channel: str) -> None:
        """Something was planned: look at once, here and in the other processes."""
        self._by_channel[channel].wake()
        self._ring(channel)

    def heard(self, topic: str | None) -> None:
        """Another process planned something for a channel; None: for any of them."""
        for channel, sender in self._by_channel.items():
            if topic in (None, channel):
                sender.wake()
