"""Who handles what was stored? One lane a citizen, in order, leased.

A killed worker's lanes are taken up again when the lease ends (at once on the
embedded database); an event that fails too often is set aside and staff are told.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import structlog
from sqlalchemy import Connection

from bot.ahead import Consultation
from bot.case_desk import Counter
from bot.channels.wire import WireEvent
from bot.claimer import Claimer
from bot.clock import Clock, from_ms
from bot.commit import write
from bot.complaint_papers import linked
from bot.form_files import named
from bot.ingest import body_context, split_body
from bot.lanes import LaneReader, Loaded
from bot.metrics import Metrics
from bot.planner import Commit, Planner
from bot.runtime import Respond, UnitRuntime
from bot.seal_plan import sealers
from handlers.model import STAFF_CHANNELS, Channel, Event, Inbound, Kind, Outcome, Tag
from storage import inbox, operations
from storage.database import Database
from storage.day_keys import DayKeys
from storage.errors import ConflictError, LeaseLostError, StorageError
from storage.evidence import Entry, append
from storage.ids import Ids
from storage.inbox import LaneRef

LEASE_MS = 10_000
OFFER_MS = 30_000
LANES = 32
BACKOFF_MS = 500
BACKOFF_LIMIT_MS = 30_000
CONFLICTS = 3
TYPING = frozenset({Kind.TEXT, Kind.BUTTON, Kind.ATTACHMENT})

log = structlog.get_logger("message")


class BodyLostError(Exception):
    """The raw body of an event is gone; nothing can be understood from it."""


class UnitUnknownError(Exception):
    """The event's unit is not in the configuration any more."""


class TooManyAttemptsError(Exception):
    """The process died again and again while it handled this event."""


Row = dict[str, Any]


class Outlet(Protocol):
    """Where planned messages go: the senders of this process."""

    def has_room(self, channel: str) -> bool:
        """Whether a sender would take a message at once."""
        ...

    def may_send(self, row: Row) -> bool:
        """Whether it may go out the moment it is planned; takes from the rate."""
        ...

    def offer(self, row: Row) -> None:
        """Hand over a message that is already claimed for this process."""
        ...

    def wake(self, channel: str) -> None:
        """Something was planned: look at once."""
        ...


class StaffRoad(Protocol):
    """What handles the acts of staff; their channels share inbox and lanes."""

    async def handle(
        self, event: Row, body: bytes, *, lease_until: int, release: bool
    ) -> bool:
        """Carry out one event; return whether more waits in its lane."""
        ...

    def cancel(self) -> None:
        """Drop answers that are still on their way."""
        ...


class Dispatcher(Claimer):
    """Claims lanes, runs the use cases, commits what they want."""

    def __init__(
        self,
        database: Database,
        units: Mapping[str, UnitRuntime],
        respond: Respond,
        day_keys: DayKeys,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        owner: str,
        outlet: Outlet,
        staff: StaffRoad | None = None,
        on_sealed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(LANES, "message")
        self._on_sealed = on_sealed
        self._staff = staff
        self._database = database
        self._respond = respond
        self._day_keys = day_keys
        self._clock = clock
        self._ids = ids
        self._metrics = metrics
        self._owner = owner
        self._outlet = outlet
        self._planners = {key: Planner(unit, ids) for key, unit in units.items()}
        self._sealers = sealers(units, day_keys)
        self._reader = LaneReader(units, ids)
        self._hints: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Claim and handle until closed; hints still on their way are dropped."""
        await super().run()
        for hint in self._hints:
            hint.cancel()
        if self._staff is not None:
            self._staff.cancel()

    async def _claim_up_to(self, free: int) -> bool:
        now = self._clock.now_ms()

        def work(connection: Connection) -> list[Loaded]:
            refs = inbox.claim(
                connection,
                owner=self._owner,
                now=now,
                lease_until=now + LEASE_MS,
                limit=free,
            )
            return self._reader.load(connection, refs)

        loaded = await self._database.write(work)
        for lane in loaded:
            self._spawn(self._lane(lane))
        return bool(loaded)

    async def _lane(self, lane: Loaded) -> None:
        events = lane.ref.events
        try:
            if not events:
                await self._release(lane.ref)
                return
            for number, event in enumerate(events):
                is_last = number == len(events) - 1
                if not await self._event(lane, event, release=is_last):
                    return
        except (LeaseLostError, StorageError) as error:
            log.warning("lane_dropped", error=type(error).__name__)

    async def _event(
        self, lane: Loaded, event: dict[str, Any], *, release: bool
    ) -> bool:
        started = time.perf_counter()
        if event["attempts"] >= inbox.MAX_ATTEMPTS:
            await self._failed(lane.ref, event, TooManyAttemptsError())
            return False
        consulting = Consultation(self._respond, self._metrics)
        asking = Counter(consulting, self._database, self._clock)
        try:
            for _ in range(CONFLICTS - 1):
                try:
                    await self._handle(lane, event, asking, started, release=release)
                except ConflictError:
                    lane = await self._reload(lane)
                else:
                    return True
            await self._handle(lane, event, asking, started, release=release)
        except LeaseLostError:
            await self._used(event, asking)
            raise
        except Exception as error:  # noqa: BLE001  the edge: stored, counted, shown
            await self._used(event, asking)
            await self._failed(lane.ref, event, error)
            return False
        return True

    async def _handle(
        self,
        lane: Loaded,
        event: dict[str, Any],
        asking: Counter,
        started: float,
        *,
        release: bool,
    ) -> None:
        unit = lane.unit
        if unit is None:
            raise UnitUnknownError
        if event["channel"] in STAFF_CHANNELS:
            await self._by_staff(unit, event, release=release)
            return
        wire = self._open(unit, event)
        person = lane.person(unit, event, wire)
        if person is None:
            outcome = _nobody(wire.inbound)
        else:
            self._typing(unit, event, wire)
            heard = await asking.respond(unit, wire.inbound, person)
            outcome = named(linked(heard), wire.inbound.at, self._ids.new)
        now = self._clock.now_ms()
        rows = self._planners[unit.unit_id].plan(
            event, wire.inbound, person, outcome, now
        )
        rows.seal = self._sealers[unit.unit_id].plan(
            event, wire.inbound, person, outcome, now
        )
        offered = await self._commit(rows, release=release)
        if rows.seal is not None:
            self._on_sealed()
        lane.committed(person, outcome, rows)
        if rows.more:
            self.wake()
        if offered is not None:
            self._outlet.offer(offered)
        elif rows.sends or (rows.comment and rows.comment.has_sends):
            self._outlet.wake(event["channel"])
        self._note(event, wire.inbound, outcome, started)

    async def _commit(self, rows: Commit, *, release: bool) -> Row | None:
        now = self._clock.now_ms()
        has_room = self._outlet.has_room(rows.event["channel"])
        if has_room and rows.offer is not None:
            rows.may_send = self._outlet.may_send(rows.offer)

        def work(connection: Connection) -> Row | None:
            return write(
                connection,
                rows,
                owner=self._owner,
                lease_until=now + LEASE_MS,
                release=release,
                offer_until=now + OFFER_MS if has_room else None,
            )

        return await self._database.write(work)

    async def _by_staff(
        self, unit: UnitRuntime, event: dict[str, Any], *, release: bool
    ) -> None:
        if self._staff is None:
            raise UnitUnknownError
        until = self._clock.now_ms() + LEASE_MS
        body = self._body(unit, event)
        if await self._staff.handle(event, body, lease_until=until, release=release):
            self.wake()

    def _open(self, unit: UnitRuntime, event: dict[str, Any]) -> WireEvent:
        body = self._body(unit, event)
        adapter = unit.adapters[Channel(event["channel"])]
        wires = adapter.parse(body, from_ms(event["received_at"]))
        return next(wire for wire in wires if wire.index == event["body_index"])

    def _body(self, unit: UnitRuntime, event: dict[str, Any]) -> bytes:
        box = self._day_keys.box(unit.unit_id, event["day"] or "")
        if event["sealed"] is None or box is None:
            raise BodyLostError
        context = body_context(unit.unit_id, event["body_id"])
        return split_body(box.open(event["sealed"], context))

    def _typing(
        self, unit: UnitRuntime, event: dict[str, Any], wire: WireEvent
    ) -> None:
        if wire.inbound.kind in TYPING and wire.user_id:
            if len(self._hints) >= LANES:
                return
            adapter = unit.adapters[Channel(event["channel"])]
            hint = asyncio.create_task(adapter.typing(wire.user_id))
            self._hints.add(hint)
            hint.add_done_callback(self._hints.discard)

    async def _reload(self, lane: Loaded) -> Loaded:
        return await self._database.read(
            lambda connection: self._reader.load(connection, [lane.ref])[0]
        )

    async def _release(self, ref: LaneRef) -> None:
        await self._database.write(
            lambda c: inbox.release(c, ref.unit_id, ref.lane, self._owner)
        )

    async def _used(self, event: dict[str, Any], asking: Counter) -> None:
        """What was asked is on record even when the outcome it helped to is lost."""
        entries = [
            Entry(
                unit_id=event["unit_id"],
                entry_id=self._ids.new(),
                at=self._clock.now_ms(),
                tag=fact.tag.value,
                subject=event["event_id"],
                data=fact.data,
            ).row()
            for fact in asking.uses
        ]
        if entries:
            await self._database.write(lambda c: append(c, entries))

    async def _failed(
        self, ref: LaneRef, event: dict[str, Any], error: Exception
    ) -> None:
        self._metrics.attempts_failed.inc()
        name = type(error).__name__
        log.error("handling_failed", event_id=event["event_id"], exc_info=error)
        now = self._clock.now_ms()
        wait = min(BACKOFF_MS * 2 ** event["attempts"], BACKOFF_LIMIT_MS)

        def work(connection: Connection) -> bool:
            is_final = inbox.retry(
                connection, event, available_at=now + wait, error=name
            )
            if is_final:
                self._set_aside(connection, event, name, now)
            inbox.release(connection, ref.unit_id, ref.lane, self._owner)
            return is_final

        if await self._database.write(work):
            self._metrics.poisoned.inc()

    def _set_aside(
        self, connection: Connection, event: dict[str, Any], name: str, now: int
    ) -> None:
        unit_id, event_id = event["unit_id"], event["event_id"]
        operations.add_notice(
            connection,
            {
                "unit_id": unit_id,
                "notice_id": self._ids.new(),
                "kind": "message_set_aside",
                "subject": event_id,
                "detail": name,
                "created_at": now,
            },
        )
        entry = Entry(
            unit_id=unit_id,
            entry_id=self._ids.new(),
            at=now,
            tag=Tag.MESSAGE_FAILED.value,
            subject=event_id,
            data={"error": name, "attempts": event["attempts"] + 1},
        )
        append(connection, [entry.row()])

    def _note(
        self, event: dict[str, Any], inbound: Inbound, outcome: Outcome, started: float
    ) -> None:
        channel, kind = event["channel"], inbound.kind.value
        self._metrics.messages.labels(channel, kind).inc()
        facts = _reading(outcome) if outcome.is_open else {}
        if "decision" in facts:
            self._metrics.decisions.labels(facts["decision"]).inc()
        log.info(
            "handled",
            unit=event["unit_id"],
            channel=channel,
            event_id=event["event_id"],
            kind=kind,
            replies=len(outcome.replies),
            handover=outcome.handover.reason if outcome.handover else None,
            waited_ms=self._clock.now_ms() - event["received_at"],
            ms=round((time.perf_counter() - started) * 1000, 1),
            **facts,
        )


def _nobody(inbound: Inbound) -> Outcome:
    data = {"channel": inbound.channel.value, "kind": inbound.kind.value}
    return Outcome(events=(Event(Tag.MESSAGE_SKIPPED, data),))


def _reading(outcome: Outcome) -> dict[str, Any]:
    for event in outcome.events:
        if event.tag is Tag.MESSAGE_UNDERSTOOD:
            names = ("intent", "decision", "code", "confidence")
            return {name: event.data[name] for name in names if name in event.data}
    return {}
