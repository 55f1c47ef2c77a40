"""How is everything wired? Once, by hand, with nothing global."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable, Collection, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import structlog

from bot.beside import Beside, besides
from bot.broadcast_keeper import GreetingKeeper
from bot.broadcast_wiring import greetings_of, templates_of
from bot.channels.facebook.client import FacebookClient
from bot.clock import Clock
from bot.config import Config
from bot.desk.directory import Directory
from bot.desk.poster import Poster
from bot.desk.sender import DeskSender
from bot.desk.wiring import StaffSide, staff_parts
from bot.desk_index import DeskIndex
from bot.dispatcher import Dispatcher
from bot.evidence_keeper import EvidenceKeeper
from bot.fetch_download import Downloader
from bot.fetch_log import FetchLog
from bot.fetch_scan import scanner_of
from bot.fetch_sweep import FileSweeper
from bot.fetch_told import Told
from bot.fetcher import Fetcher
from bot.health import Calendars, Health
from bot.ingest import Ingest
from bot.installation import Installation
from bot.letters_keeper import LettersKeeper
from bot.limits import RateLimit
from bot.metrics import Metrics
from bot.parts import EVERYTHING, INBOX, Part
from bot.platforms import adapters_of, keeper_of, limit_rates, outgoing
from bot.profiles import page_profile
from bot.registry import Registry
from bot.runtime import UnitRuntime
from bot.seal_plan import sealers
from bot.seal_sweep import SealSweep
from bot.security import SecurityEvents
from bot.send_results import SendLog
from bot.sender import Sender, Senders
from bot.services import UnitServices, watch_catalogues
from bot.stored_files import files_of
from bot.sweeper import Sweeper
from bot.templates_keeper import TemplatesKeeper
from bot.timekeeping import Timekeeper
from bot.tokens import TokenKeeper
from bot.webhooks.common import Door
from bot.webhooks.facebook import FacebookWebhook
from bot.webhooks.staff import StaffWebhooks
from bot.webhooks.zalo import ZaloWebhook
from handlers.citizen.router import respond
from handlers.model import STAFF_CHANNELS, Channel
from storage.bell import Bell, bell_of
from storage.database import Database
from storage.day_keys import DayKeys
from storage.errors import StorageError
from storage.file_folder import FileFolder
from storage.spool import Spool
from storage.vault import Vault

STOP_SECONDS = 9.0
"""A graceful stop takes at most 10 s; calls in flight get this long."""
PLANNING_SECONDS = 3.0

log = structlog.get_logger("service")


@dataclass(slots=True)
class Service:
    """One process of the service: the road and its helpers."""

    config: Config
    database: Database
    clock: Clock
    metrics: Metrics
    ingest: Ingest
    dispatcher: Dispatcher
    senders: list[Sender]
    outlet: Senders
    bell: Bell
    fetcher: Fetcher
    file_sweeper: FileSweeper
    sweeper: Sweeper
    seal_sweep: SealSweep
    security: SecurityEvents
    keepers: dict[str, TokenKeeper]
    units: dict[str, UnitRuntime]
    health: Health
    zalo: ZaloWebhook
    facebook: FacebookWebhook
    session: aiohttp.ClientSession
    facebook_clients: list[tuple[str, FacebookClient]]
    services: Mapping[str, UnitServices]
    staff: StaffSide
    staff_webhooks: StaffWebhooks
    poster: Poster
    desk_index: DeskIndex
    timekeeper: Timekeeper
    evidence: EvidenceKeeper
    greetings: GreetingKeeper
    templates: TemplatesKeeper
    letters: LettersKeeper
    installation: Installation
    besides: tuple[Beside, ...] = ()
    failed: asyncio.Event = field(default_factory=asyncio.Event)
    has_failed: bool = False
    _planning: list[asyncio.Task[None]] = field(default_factory=list)
    _sending: list[asyncio.Task[None]] = field(default_factory=list)
    _watching: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self, parts: Collection[Part] = EVERYTHING) -> None:
        """Take back what a dead process held, then run these parts of the work."""
        await self.sweeper.start()
        if Part.DOOR in parts:
            self._keep(self._planning, "ingest", self.ingest.run())
        if Part.ROAD in parts:
            await self._start_road()
        if Part.CLOCK in parts:
            self._keep(self._watching, "clock", self.timekeeper.run())
            self._keep(self._watching, "evidence", self.evidence.run())
            self._keep(self._watching, "greetings", self.greetings.run())
            self._keep(self._watching, "templates", self.templates.run())
            self._keep(self._watching, "letters", self.letters.run())
        self._keep(self._watching, "sweeper", self.sweeper.run())
        self._keep(self._watching, "bell", self.bell.run(self._heard))
        watch = watch_catalogues(self.database, self.services)
        self._keep(self._watching, "catalogue", watch)

    async def _start_road(self) -> None:
        self._keep(self._planning, "dispatcher", self.dispatcher.run())
        for sender in self.senders:
            self._keep(self._sending, f"sender {sender.channel}", sender.run())
        self._keep(self._watching, "sealed queue", self.seal_sweep.run())
        await self.fetcher.start()
        self._keep(self._watching, "fetcher", self.fetcher.run())
        self._keep(self._watching, "file sweeper", self.file_sweeper.run())
        self._keep(self._watching, "desk poster", self.poster.run())
        self._keep(self._watching, "desk index", self.desk_index.run())
        for unit_id, keeper in self.keepers.items():
            self._keep(self._watching, f"token {unit_id}", keeper.run())

    def _heard(self, topic: str | None) -> None:
        if topic in (None, INBOX):
            self.dispatcher.wake()
        if topic != INBOX:
            self.outlet.heard(topic)

    def _keep(
        self,
        tasks: list[asyncio.Task[None]],
        name: str,
        work: Coroutine[Any, Any, None],
    ) -> None:
        """A part that dies ends the process: its supervisor starts it afresh."""
        task = asyncio.create_task(work, name=name)
        task.add_done_callback(self._ended)
        tasks.append(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("part_died", part=task.get_name(), exc_info=error)
            self.has_failed = True
            self.failed.set()

    async def set_profiles(self) -> None:
        """Give each page its greeting and menu; what fails is tried at next start."""
        for unit_id, client in self.facebook_clients:
            failure = await client.set_profile(page_profile(self.units[unit_id]))
            if failure is not None:
                log.warning("profile_not_set", unit=unit_id, code=failure.code)
        if public_url := self.config.server.public_url:
            await self.staff.set_webhooks(public_url)

    async def stop(self) -> None:
        """Stop taking work, let what runs finish, at most 10 s in all."""
        self.ingest.close()
        self.dispatcher.close()
        # The senders go last: what is being planned may already be theirs to send.
        if self._planning:
            await asyncio.wait(self._planning, timeout=PLANNING_SECONDS)
        for sender in self.senders:
            sender.close()
        with suppress(StorageError):
            await self.fetcher.stop()
        # A renewal cut in half would cost the OA's consent: it may end as well.
        closing = [asyncio.create_task(k.close()) for k in self.keepers.values()]
        if last := [*self._planning, *self._sending, *closing]:
            _, late = await asyncio.wait(last, timeout=STOP_SECONDS - PLANNING_SECONDS)
            for task in late:
                task.cancel()
        for task in self._watching:
            task.cancel()
        with suppress(Exception):
            await self.security.flush(self.database)
        for beside in self.besides:
            await beside.close()
        await self.session.close()
        await self.database.close()


def build(
    installation: Installation,
    services: Mapping[str, UnitServices],
    directories: Mapping[str, Directory] | None = None,
) -> Service:
    """Wire one process; the event loop must be running.

    ``directories`` say who is who on the staff channels, by unit.
    """
    config, database = installation.config, installation.database
    clock, ids = installation.clock, installation.ids
    metrics, owner = Metrics(), f"{os.getpid()}-{secrets.token_hex(6)}"
    session = outgoing()
    reading = besides(config, metrics, database, clock)
    for served in services.values():
        served.read_beside(reading)
    keepers: dict[str, TokenKeeper] = {}
    units: dict[str, UnitRuntime] = {}
    clients: list[tuple[str, FacebookClient]] = []
    limits: dict[str, RateLimit] = {}
    files = files_of(installation)
    staff = StaffSide(session, files)
    for unit_id, unit in config.units.items():
        keys = installation.ring.unit(unit_id)
        keeper = keeper_of(unit_id, unit, installation, session, metrics, owner)
        if keeper is not None:
            keepers[unit_id] = keeper
        adapters = adapters_of(unit, keeper, session, clients, unit_id, files[unit_id])
        limit_rates(limits, unit, adapters)
        adapters |= staff.add(unit_id, unit.channels, limits)
        vault = Vault(unit_id, keys)
        units[unit_id] = UnitRuntime(unit_id, vault, services[unit_id], adapters)
    day_keys = DayKeys(installation.ring)
    send_log = SendLog(database, clock, ids, owner)
    senders = [
        (DeskSender if channel in STAFF_CHANNELS else Sender)(
            channel, database, units, limits, clock, send_log, metrics, owner
        )
        for channel in Channel
    ]
    bell = bell_of(config.storage.url)
    outlet = Senders(senders, bell.ring)
    road, poster = staff_parts(
        installation, units, directories or {}, owner, outlet.wake
    )
    seal_sweep = SealSweep(database, sealers(units, day_keys), clock)
    dispatcher = Dispatcher(
        database,
        units,
        respond,
        day_keys,
        clock,
        ids,
        metrics,
        owner,
        outlet,
        road,
        seal_sweep.notice,
    )
    spool = Spool(installation.spool_folder)
    spool.prepare()
    ingest = Ingest(
        database,
        spool,
        installation.ring,
        day_keys,
        clock,
        ids,
        metrics,
        _on_stored(dispatcher, bell),
    )
    security = SecurityEvents(clock)
    door = Door(Registry(config), ingest, security, metrics, clock)
    templates = templates_of(installation, keepers, session)
    sweeper = Sweeper(
        database,
        day_keys,
        list(units),
        clock,
        send_log,
        security,
        metrics,
        owner,
        ids,
        spool,
    )
    return Service(
        config=config,
        database=database,
        clock=clock,
        metrics=metrics,
        ingest=ingest,
        dispatcher=dispatcher,
        senders=senders,
        outlet=outlet,
        bell=bell,
        fetcher=_fetcher(installation, units, outlet, metrics, owner),
        file_sweeper=FileSweeper(
            database, FileFolder(installation.files_folder), list(units), clock
        ),
        sweeper=sweeper,
        seal_sweep=seal_sweep,
        security=security,
        keepers=keepers,
        units=units,
        health=Health(
            database,
            spool,
            ingest,
            keepers,
            metrics,
            clock,
            besides=reading,
            calendars=Calendars(services),
        ),
        zalo=ZaloWebhook(door, templates),
        facebook=FacebookWebhook(door),
        session=session,
        facebook_clients=clients,
        services=services,
        staff=staff,
        staff_webhooks=staff.webhooks(door),
        poster=poster,
        desk_index=DeskIndex(
            database, {key: unit.vault.keys for key, unit in units.items()}
        ),
        timekeeper=Timekeeper(installation, metrics),
        evidence=EvidenceKeeper(installation, session, owner),
        templates=templates,
        greetings=greetings_of(
            installation, units, dict(clients), keepers, session, owner, outlet.wake
        ),
        letters=LettersKeeper(installation, outlet.wake),
        installation=installation,
        besides=reading,
    )


def _on_stored(dispatcher: Dispatcher, bell: Bell) -> Callable[[], None]:
    def stored() -> None:
        dispatcher.wake()
        bell.ring(INBOX)

    return stored


def _fetcher(
    installation: Installation,
    units: Mapping[str, UnitRuntime],
    senders: Senders,
    metrics: Metrics,
    owner: str,
) -> Fetcher:
    config, database = installation.config, installation.database
    told = Told(units, installation.ids, senders.wake)
    fetch_log = FetchLog(database, installation.clock, installation.ids, owner, told)
    return Fetcher(
        config,
        database,
        units,
        FileFolder(installation.files_folder),
        Downloader(config.files.timeout_seconds),
        scanner_of(config.files),
        fetch_log,
        installation.clock,
        metrics,
        owner,
    )
