"""What do the tests of the edge share? A whole road against the sandbox platforms.

Everything is real: databases, keys, spool, platform clients and HTTP servers; only
the clock stands still and the use case is an echo of the test's own.
"""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Table, select

from bot.adapters import FacebookAdapter, ZaloAdapter
from bot.channels.facebook.client import FacebookClient
from bot.channels.transport import time_limits
from bot.channels.zalo.client import ZaloClient
from bot.channels.zalo.oauth import ZaloOAuth
from bot.config import Config, parse_config
from bot.dispatcher import Dispatcher
from bot.health import Health
from bot.ingest import Ingest
from bot.limits import RateLimit
from bot.metrics import Metrics
from bot.registry import Registry
from bot.runtime import Adapter, Respond, UnitRuntime
from bot.sandbox.answers import SANDBOX
from bot.sandbox.citizens import CITIZENS
from bot.sandbox.model import (
    FacebookAccount,
    SandboxConfig,
    SignedRequest,
    ZaloAccount,
)
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from bot.security import SecurityEvents
from bot.send_results import SendLog
from bot.sender import Sender, Senders
from bot.sweeper import Sweeper
from bot.tokens import TokenKeeper
from bot.webhooks.common import MAX_BODY, Door
from bot.webhooks.facebook import FacebookWebhook
from bot.webhooks.zalo import ZaloWebhook
from handlers.model import (
    Channel,
    Conversation,
    Event,
    Inbound,
    Kind,
    Outcome,
    Reply,
    Tag,
)
from handlers.ports import Services, UnitProfile
from nlu.ports import Ahead
from storage import tables
from storage.database import Database, Work
from storage.day_keys import DayKeys
from storage.errors import StorageUnavailableError
from storage.ids import Ids
from storage.keys import KeyRing
from storage.open import open_database
from storage.spool import Spool
from storage.vault import Vault
from tests.conftest import FakeClock

UNIT = "thanh-ha"
FAST = 1_000_000
LANH = CITIZENS[0]
MUOI = CITIZENS[1]
SOON = time_limits(connect_seconds=1.0, answer_seconds=1.0)

T = TypeVar("T")
Row = dict[str, Any]


async def eventually(condition: Callable[[], Any], seconds: float = 8.0) -> Any:
    """Wait until a condition (a function, also an async one) holds; return it."""

    async def poll() -> Any:
        while True:
            found = condition()
            if isinstance(found, Awaitable):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.005)

    return await asyncio.wait_for(poll(), seconds)


def platforms(**changes: Any) -> SandboxConfig:
    """Return calm platforms: no limits, no echoes, no receipts."""
    defaults: dict[str, Any] = {
        "zalo": ZaloAccount(per_minute=FAST),
        "facebook": FacebookAccount(per_second=FAST),
        "echoes": False,
        "receipts": False,
        "enforce_windows": False,
        "accept_any_user": True,
    }
    return SandboxConfig(**(defaults | changes))


def zalo_section(account: ZaloAccount, base: str, **changes: Any) -> Row:
    """Return the configuration of an OA."""
    section = {
        "oa_id": account.oa_id,
        "app_id": account.app_id,
        "app_secret": account.app_secret,
        "oa_secret_key": account.oa_secret_key,
        "refresh_token": account.refresh_token,
        "api_base": base,
        "oauth_base": base,
        "mac_key": account.mac_key,
        "mac_id": account.mac_id,
        "per_minute": FAST,
    }
    return section | changes


def facebook_section(account: FacebookAccount, base: str, **changes: Any) -> Row:
    """Return the configuration of a page."""
    section = {
        "page_id": account.page_id,
        "app_id": account.app_id,
        "app_secret": account.app_secret,
        "verify_token": account.verify_token,
        "page_access_token": account.page_access_token,
        "graph_base": base,
        "per_second": FAST,
    }
    return section | changes


def document(settings: SandboxConfig, base: str, **units: Row) -> Row:
    """Return a configuration with the sandbox's accounts, or with other units."""
    channels = {
        "zalo": zalo_section(settings.zalo, base),
        "facebook": facebook_section(settings.facebook, base),
    }
    known = {UNIT: {"name": "xã Thanh Hà", "channels": channels}}
    named = {name.replace("_", "-"): unit for name, unit in units.items()}
    return {
        "server": {"port": 0},
        "storage": {"url": "sqlite:///data/test.db"},
        "units": named or known,
    }


def echo(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
    """Answer a text with itself, as the use cases do: events, replies, memory."""
    del services
    received = Event(
        Tag.MESSAGE_RECEIVED,
        {"channel": inbound.channel.value, "kind": inbound.kind.value},
        {"text": inbound.text},
    )
    if inbound.kind is not Kind.TEXT:
        return Outcome(events=(received,), conversation=talk)
    reply = Reply(f"Dạ: {inbound.text}")
    return Outcome((reply,), Conversation(last_text=inbound.text), (received,))


class Holder:
    """Services nobody in these tests needs, but for the name of the unit."""

    def __init__(self, unit_id: str) -> None:
        self.aheads: tuple[Ahead, ...] = ()
        unit: Any = UnitProfile(unit_id, "xã Thanh Hà")
        nothing: Any = None
        self.services = Services(
            unit=unit,
            clock=nothing,
            reader=nothing,
            catalogue=nothing,
            hours=nothing,
            words=nothing,
        )


class FaultyDatabase:
    """A real database in front of which a test can put an outage or a delay."""

    def __init__(self, inner: Database) -> None:
        self.inner = inner
        self.is_embedded = inner.is_embedded
        self.is_away = False
        self.error: Exception | None = None
        self.hangs = False
        self.fail_after_commit = 0
        self.writes = 0
        self.refused = 0

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Write, unless there is trouble."""
        self.writes += 1
        await self._trouble()
        result = await self.inner.write(work, urgent=urgent)
        if self.fail_after_commit:
            self.fail_after_commit -= 1
            raise StorageUnavailableError("answer lost")
        return result

    async def read(self, work: Work[T]) -> T:
        """Read, unless there is trouble."""
        await self._trouble()
        return await self.inner.read(work)

    async def close(self) -> None:
        """Close the real one."""
        await self.inner.close()

    async def _trouble(self) -> None:
        self.refused += self.is_away or self.error is not None
        if self.error is not None:
            raise self.error
        if self.is_away:
            raise StorageUnavailableError("away")
        if self.hangs:
            await asyncio.Event().wait()


class Outlet:
    """The senders, to which nothing is handed before a test starts them."""

    def __init__(self, senders: Senders) -> None:
        self._senders = senders
        self.is_open = False

    def has_room(self, channel: str) -> bool:
        """Whether a sender would take a message at once."""
        return self.is_open and self._senders.has_room(channel)

    def may_send(self, row: Row) -> bool:
        """Whether a message may go out the moment it is planned."""
        return self._senders.may_send(row)

    def offer(self, row: Row) -> None:
        """Hand over a claimed message."""
        self._senders.offer(row)

    def wake(self, channel: str) -> None:
        """Wake a sender."""
        self._senders.wake(channel)


@dataclass(slots=True)
class World:
    """The emulated platforms on a real server, with the clock they share."""

    sandbox: Sandbox
    server: TestServer
    clock: FakeClock
    settings: SandboxConfig
    http: aiohttp.ClientSession

    @property
    def base(self) -> str:
        """The platforms' address."""
        return str(self.server.make_url("")).rstrip("/")

    def sent(self) -> list[tuple[str, str]]:
        """Return (user, text) of what the platforms accepted, in order."""
        return [
            (one.user_id, str(one.body["message"].get("text", "")))
            for one in self.sandbox.record.sent()
        ]


@dataclass(slots=True)
class Road:
    """One process of the service, wired as bot.app wires it."""

    config: Config
    database: FaultyDatabase
    clock: FakeClock
    ids: Ids
    ring: KeyRing
    metrics: Metrics
    units: dict[str, UnitRuntime]
    keepers: dict[str, TokenKeeper]
    limits: dict[str, RateLimit]
    day_keys: DayKeys
    spool: Spool
    ingest: Ingest
    dispatcher: Dispatcher
    senders: dict[Channel, Sender]
    send_log: SendLog
    sweeper: Sweeper
    security: SecurityEvents
    health: Health
    session: aiohttp.ClientSession
    owner: str
    server: TestServer
    outlet: Outlet
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self, *parts: str) -> None:
        """Start parts: ingest, dispatcher, senders; all by default."""
        chosen = parts or ("ingest", "dispatcher", "senders")
        await self.sweeper.start()
        if "ingest" in chosen:
            self.tasks.append(asyncio.create_task(self.ingest.run()))
        if "dispatcher" in chosen:
            self.tasks.append(asyncio.create_task(self.dispatcher.run()))
        if "senders" in chosen:
            self.send()

    def send(self) -> None:
        """Start the senders."""
        self.outlet.is_open = True
        for sender in self.senders.values():
            self.tasks.append(asyncio.create_task(sender.run()))

    async def work(self) -> None:
        """Start a dispatcher alone, as a further process that takes nothing back."""
        await self.sweeper._daily()
        self.tasks.append(asyncio.create_task(self.dispatcher.run()))

    async def kill(self) -> None:
        """End every task at its next await, as a dead process does."""
        await _end({*self.tasks, *self.dispatcher._tasks, *self.dispatcher._hints})
        await _end({task for one in self.senders.values() for task in one._tasks})
        self.tasks.clear()

    async def stop(self) -> None:
        """Stop as the service does."""
        self.ingest.close()
        self.dispatcher.close()
        for sender in self.senders.values():
            sender.close()
        await asyncio.gather(*self.tasks)
        self.tasks.clear()

    async def close(self) -> None:
        """Free what a test left open."""
        await self.kill()
        await self.server.close()
        await self.session.close()

    async def post(self, request: SignedRequest, **headers: str) -> int:
        """Post a webhook; return the status."""
        url = self.server.make_url(request.path)
        async with self.session.post(
            url, data=io.BytesIO(request.body), headers=request.headers | headers
        ) as answer:
            await answer.read()
            return answer.status

    async def rows(self, table: Table, **where: Any) -> list[Row]:
        """Return the rows of a table."""
        query = select(table).where(
            *(table.c[name] == value for name, value in where.items())
        )
        found = await self.database.inner.read(
            lambda c: [dict(row) for row in c.execute(query).mappings()]
        )
        order = [column.name for column in table.primary_key]
        return sorted(found, key=lambda row: [row[name] for name in order])

    async def events(self) -> list[Row]:
        """Return the inbox."""
        return await self.rows(tables.inbox_event)

    async def outbox(self) -> list[Row]:
        """Return the outbox, oldest first."""
        return await self.rows(tables.outbox)

    async def tags(self, subject: str) -> list[str]:
        """Return the evidence about a message or a send, oldest first."""
        entries = await self.rows(tables.evidence_entry, subject=subject)
        return [entry["tag"] for entry in entries]

    async def notices(self) -> list[tuple[str, str]]:
        """Return (kind, detail) of what staff are told."""
        found = await self.rows(tables.notice)
        return [(row["kind"], row["detail"]) for row in found]

    async def security_counts(self) -> dict[tuple[str, str], int]:
        """Return what is stored of refused requests."""
        await self.security.flush(self.database)
        found = await self.rows(tables.security_event)
        return {(row["unit_id"], row["kind"]): row["count"] for row in found}

    async def is_inbox_done(self) -> bool:
        """Whether every event has reached an end."""
        return all(row["state"] != "received" for row in await self.events())

    async def is_done(self) -> bool:
        """Whether every event and every send has reached an end."""
        events, sends = await self.events(), await self.outbox()
        open_sends = ("planned", "claimed", "sending", "retry")
        return all(e["state"] != "received" for e in events) and all(
            s["state"] not in open_sends for s in sends
        )


@dataclass(slots=True)
class Settings:
    """What a test may want to be different on its road."""

    respond: Respond = echo
    units: dict[str, Row] = field(default_factory=dict)
    owner: str = "p1"
    config: Config | None = None
    monotonic: Callable[[], float] = time.monotonic


async def build_road(
    world: World,
    inner: Database,
    ring: KeyRing,
    folder: Path,
    settings: Settings | None = None,
) -> Road:
    """Wire one process against the platforms of this world."""
    chosen = settings or Settings()
    raw = document(world.settings, world.base, **chosen.units)
    config = chosen.config or parse_config(raw, {}, folder)
    database, clock = FaultyDatabase(inner), world.clock
    ids, metrics = Ids(clock.now_ms), Metrics()
    session = aiohttp.ClientSession()
    parts = _Parts(config, database, ring, clock, ids, metrics, session, chosen)
    keepers = parts.keepers()
    units = parts.units(keepers)
    limits = parts.limits(units)
    day_keys = DayKeys(ring)
    send_log = SendLog(database, clock, ids, chosen.owner)
    senders = {
        channel: Sender(
            channel, database, units, limits, clock, send_log, metrics, chosen.owner
        )
        for channel in Channel
    }
    outlet = Outlet(Senders(senders.values()))
    dispatcher = Dispatcher(
        database,
        units,
        chosen.respond,
        day_keys,
        clock,
        ids,
        metrics,
        chosen.owner,
        outlet,
    )
    spool = Spool(folder / "spool")
    spool.prepare()
    ingest = Ingest(
        database, spool, ring, day_keys, clock, ids, metrics, dispatcher.wake
    )
    security = SecurityEvents(clock)
    sweeper = Sweeper(
        database,
        day_keys,
        list(units),
        clock,
        send_log,
        security,
        metrics,
        chosen.owner,
        ids,
    )
    health = Health(database, spool, ingest, keepers, metrics, clock)
    door = Door(Registry(config), ingest, security, metrics, clock)
    return Road(
        config=config,
        database=database,
        clock=clock,
        ids=ids,
        ring=ring,
        metrics=metrics,
        units=units,
        keepers=keepers,
        limits=limits,
        day_keys=day_keys,
        spool=spool,
        ingest=ingest,
        dispatcher=dispatcher,
        senders=senders,
        send_log=send_log,
        sweeper=sweeper,
        security=security,
        health=health,
        session=session,
        owner=chosen.owner,
        outlet=outlet,
        server=await _serve(door, health),
    )


@dataclass(frozen=True, slots=True)
class _Parts:
    """Makes what there is one of for each unit."""

    config: Config
    database: FaultyDatabase
    ring: KeyRing
    clock: FakeClock
    ids: Ids
    metrics: Metrics
    session: aiohttp.ClientSession
    chosen: Settings

    def keepers(self) -> dict[str, TokenKeeper]:
        """One for each OA."""
        return {
            unit_id: TokenKeeper(
                unit_id,
                zalo,
                self.ring.unit(unit_id),
                ZaloOAuth(
                    self.session,
                    zalo.oauth_base,
                    zalo.app_id,
                    zalo.app_secret,
                    timeout=SOON,
                ),
                self.database,
                self.clock,
                self.ids,
                self.metrics,
                self.chosen.owner,
            )
            for unit_id, unit in self.config.units.items()
            if (zalo := unit.channels.zalo) is not None
        }

    def units(self, keepers: dict[str, TokenKeeper]) -> dict[str, UnitRuntime]:
        """Every unit with its platforms."""
        return {
            unit_id: UnitRuntime(
                unit_id,
                Vault(unit_id, self.ring.unit(unit_id)),
                Holder(unit_id),
                self._adapters(unit_id, keepers),
            )
            for unit_id in self.config.units
        }

    def _adapters(
        self, unit_id: str, keepers: dict[str, TokenKeeper]
    ) -> dict[Channel, Adapter]:
        channels = self.config.units[unit_id].channels
        adapters: dict[Channel, Adapter] = {}
        if channels.zalo is not None:
            client = ZaloClient(self.session, channels.zalo.api_base, timeout=SOON)
            adapters[Channel.ZALO] = ZaloAdapter(
                channels.zalo, client, keepers[unit_id]
            )
        if channels.facebook is not None:
            page = channels.facebook
            graph = FacebookClient(
                self.session,
                page.graph_base,
                page.graph_version,
                page.page_access_token,
                timeout=SOON,
            )
            adapters[Channel.FACEBOOK] = FacebookAdapter(page, graph)
        return adapters

    def limits(self, units: dict[str, UnitRuntime]) -> dict[str, RateLimit]:
        """Generous ones, so that only the tests of limits meet them."""
        return {
            adapter.bucket: RateLimit(FAST, self.chosen.monotonic)
            for unit in units.values()
            for adapter in unit.adapters.values()
        }


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: wait_for of Python 3.11 may swallow the first."""
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=0.05)


async def _serve(door: Door, health: Health) -> TestServer:
    zalo, facebook = ZaloWebhook(door), FacebookWebhook(door)
    app = web.Application(client_max_size=MAX_BODY)
    app.router.add_get("/readyz", health.readyz)
    app.router.add_get("/healthz", health.healthz)
    app.router.add_get("/metrics", health.show_metrics)
    app.router.add_post("/webhooks/zalo", zalo.post)
    app.router.add_get("/webhooks/facebook", facebook.verify)
    app.router.add_post("/webhooks/facebook", facebook.post)
    server = TestServer(app)
    await server.start_server()
    return server


async def start_world(clock: FakeClock, settings: SandboxConfig) -> World:
    """Start the platforms on a server of their own."""
    app = create_sandbox(settings, clock)
    server = TestServer(app)
    await server.start_server()
    return World(app[SANDBOX], server, clock, settings, aiohttp.ClientSession())


def reopened(url: str) -> Database:
    """Open a database as a second process of the test does."""
    return open_database(url, exclusive=False)


def seen(rows: Sequence[Row], name: str) -> list[Any]:
    """Return one column."""
    return [row[name] for row in rows]
