"""What does one unit answer with? Its catalogue, reader, words and hours.

The reader is built from the catalogue and from what the unit has learnt; when either
moves, it is replaced whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import structlog
from sqlalchemy import Connection

from bot.addresses import is_near
from bot.beside import Beside
from bot.clock import Clock
from bot.config import Config, Unit
from bot.deadlines import deadlines_of
from bot.duty import DutyBoard
from bot.duty_warnings import DutyWarnings, watched
from bot.errors import CatalogueMissingError, ConfigError
from bot.installation import read_ring
from bot.own_hours import hours, usable
from handlers.ports import CityChannel, Phone, Services, UnitProfile
from handlers.staff.catalogue.effective import load
from handlers.staff.hours import acts as own_hours
from handlers.staff.learning import in_force
from handlers.staff.learning.in_force import InForce
from handlers.staff.words import chat
from messages.errors import WordsError
from messages.words import ChatWords
from nlu.artefact import Artefact
from nlu.engine import Engine
from nlu.errors import EmptyIndexError, NluError
from nlu.ports import Ahead
from nlu.train import Shelf, build
from storage import catalogue as catalogue_rows
from storage import nlu_models
from storage.catalogue import is_apart
from storage.database import Database
from storage.errors import StorageError
from storage.ids import Ids
from storage.keys import KeyRing, UnitKeys

WATCH_SECONDS = 5.0

log = structlog.get_logger("catalogue")


class UnitServices:
    """The services of one unit; a changed catalogue or model replaces them whole."""

    def __init__(
        self, unit_id: str, config: Config, clock: Clock, keys: UnitKeys
    ) -> None:
        self._unit_id = unit_id
        self._keys = keys
        self._ids = Ids(clock.now_ms)
        self._configured = self._unit = config.units[unit_id]
        self._profile = profile(unit_id, config)
        self._clock = clock
        self._hours = hours(self._unit)
        self.duty = DutyBoard(unit_id, keys, clock, self._hours)
        self.warnings = DutyWarnings(
            unit_id, keys, clock, self._hours, self._ids, watched(self._unit)
        )
        self._words = words(unit_id, self._unit)
        self._services: Services | None = None
        self._built: tuple[Engine, Shelf] | None = None
        self._besides: tuple[Beside, ...] = ()
        self._aheads: tuple[Ahead, ...] = ()
        self._learnt = InForce()
        self._live: str | None = None
        self._wording = ""
        self._times = ""
        self.version: tuple[tuple[str, str], ...] = ()

    @property
    def services(self) -> Services:
        """The services in force; ``refresh`` must have run once."""
        if self._services is None:
            raise RuntimeError("catalogue not loaded")
        return self._services

    @property
    def unit(self) -> Unit:
        """The unit's settings in force: hours and days of the console over the file."""
        return self._unit

    @property
    def aheads(self) -> tuple[Ahead, ...]:
        """The servers to ask before the reader of these services, in order."""
        return self._aheads

    def read_beside(self, besides: Sequence[Beside]) -> None:
        """Let these servers read too, from now on and with every later catalogue."""
        self._besides = tuple(besides)
        if self._built is not None:
            self._aheads = self._stages(*self._built)

    async def refresh(self, database: Database) -> bool:
        """Load what moved, catalogue or model; returns whether either did.

        People and shifts are read again too; no services are made anew for them.
        """
        await self.duty.refresh(database)
        version, live, wording, times = await self._heads(database)
        is_retimed = await self._retime(database, times)
        is_reworded = await self._reword(database, wording) or is_retimed
        if self._services is not None and (version, live) == (self.version, self._live):
            return is_reworded
        learnt = await self._learn(database, live)
        loaded = await database.read(lambda c: load(c, self._unit_id))
        shelf = Shelf(loaded.entries(), self._unit.abbreviations)
        reader, aheads = await asyncio.to_thread(self._read, shelf, learnt.artefact)
        self._services = Services(
            unit=self._profile,
            clock=self._clock,
            reader=reader,
            catalogue=loaded,
            hours=self._hours,
            words=self._words,
            roster=self.duty,
            deadlines=deadlines_of(self._unit, self._hours),
        )
        self._built, self._aheads = (reader, shelf), aheads
        self.version, self._live, self._learnt = version, live, learnt
        return True

    @property
    def model_id(self) -> str | None:
        """The model that the reader speaks with; None: what ships with us."""
        return self._learnt.model_id

    async def _reword(self, database: Database, wording: str) -> bool:
        """Take over the sentences that staff wrote; whether they moved."""
        if wording == self._wording:
            return False
        own = await database.read(lambda c: chat.stored(c, self._unit_id))
        self._words = await asyncio.to_thread(sayable, self._words, self._unit, own)
        self._wording = wording
        if self._services is not None:
            self._services = replace(self._services, words=self._words)
        return True

    async def _retime(self, database: Database, times: str) -> bool:
        """Take over the hours and days that staff set; whether they moved."""
        if times == self._times:
            return False
        own = await database.read(lambda c: own_hours.stored(c, self._unit_id))
        self._unit = usable(self._unit_id, self._configured, own)
        self._hours = self.duty.hours = self.warnings.hours = hours(self._unit)
        self._times = times
        if self._services is not None:
            self._services = replace(
                self._services,
                hours=self._hours,
                deadlines=deadlines_of(self._unit, self._hours),
            )
        return True

    async def _heads(
        self, database: Database
    ) -> tuple[tuple[tuple[str, str], ...], str | None, str, str]:
        def work(connection: Connection) -> tuple[dict[str, str], str | None]:
            heads = catalogue_rows.heads(connection, self._unit_id)
            return heads, nlu_models.live_id(connection, self._unit_id)

        heads, live = await database.read(work)
        layers = tuple(sorted(pair for pair in heads.items() if not is_apart(pair[0])))
        times = heads.get(own_hours.LAYER, "")
        return layers, live, heads.get(chat.LAYER, ""), times

    async def _learn(self, database: Database, live: str | None) -> InForce:
        """Return what was learnt; a model already read is not read again."""
        if self._services is not None and live == self._live:
            return self._learnt
        found = await in_force.load(database, self._unit_id, self._keys)
        if found.damaged:
            await self._warn(database, found)
        return found

    async def _warn(self, database: Database, found: InForce) -> None:
        """Tell staff that a model was refused; the one before it goes on speaking."""
        log.error("nlu_model_damaged", unit=self._unit_id, models=len(found.damaged))
        now = self._clock.now_ms()
        try:
            await database.write(
                lambda c: in_force.tell_staff(c, self._unit_id, found, self._ids, now)
            )
        except StorageError as error:
            log.warning("notice_not_written", error=type(error).__name__)

    def _read(
        self, shelf: Shelf, learnt: Artefact | None
    ) -> tuple[Engine, tuple[Ahead, ...]]:
        engine = build(shelf, learnt)
        return engine, self._stages(engine, shelf)

    def _stages(self, engine: Engine, shelf: Shelf) -> tuple[Ahead, ...]:
        stages = (one.stage(self._unit_id, engine, shelf) for one in self._besides)
        return tuple(stages)


async def load_services(
    config: Config, database: Database, clock: Clock, ring: KeyRing | None = None
) -> dict[str, UnitServices]:
    """Load every unit once; ``ring`` is read from its file when it is not given.

    Raises CatalogueMissingError for a unit without any, KeysMissingError.
    """
    ring = ring or read_ring(config)
    services = {
        key: UnitServices(key, config, clock, ring.unit(key)) for key in config.units
    }
    for unit_id, unit in services.items():
        try:
            await unit.refresh(database)
        except EmptyIndexError as error:
            raise CatalogueMissingError(
                f"Đơn vị {unit_id} chưa có danh mục thủ tục."
            ) from error
    return services


async def watch_catalogues(
    database: Database, services: Mapping[str, UnitServices]
) -> None:
    """Take over imports and models made while the service runs; until cancelled."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for unit_id, unit in services.items():
            try:
                if await unit.refresh(database):
                    log.info("catalogue_renewed", unit=unit_id)
                await unit.warnings.tell(database)
            except (StorageError, NluError) as error:
                log.warning("catalogue_watch_failed", error=type(error).__name__)


def profile(unit_id: str, config: Config) -> UnitProfile:
    """Return the commune as citizens know it."""
    unit = config.units[unit_id]
    page, ai = unit.channels.facebook, config.nlu.ai
    return UnitProfile(
        unit_id=unit_id,
        name=unit.name,
        full_name=unit.full_name,
        place=unit.place,
        portal_url=unit.portal_url,
        public_url=config.server.public_url,
        phones=tuple(Phone(phone.label, phone.number) for phone in unit.phones),
        reception=unit.reception,
        retention=config.privacy.retention,
        hamlets=tuple(unit.hamlets),
        city_channels=tuple(
            CityChannel(one.label, one.url, one.phone) for one in unit.city_channels
        ),
        thanks_comments=page is not None and page.thank_comments,
        has_hosted_ai=ai is not None and not is_near(ai.url),
    )


def words(unit_id: str, unit: Unit) -> ChatWords:
    """Return the commune's sentences; raises ConfigError naming a bad one."""
    try:
        return ChatWords(overrides=unit.texts)
    except WordsError as error:
        raise ConfigError(f"units.{unit_id}.texts: {error}") from error


async def words_in_force(database: Database, unit_id: str, unit: Unit) -> ChatWords:
    """Return the sentences with what staff wrote in the console."""
    own = await database.read(lambda c: chat.stored(c, unit_id))
    return sayable(words(unit_id, unit), unit, own)


def sayable(before: ChatWords, unit: Unit, own: Mapping[str, str]) -> ChatWords:
    """Return the words with what staff wrote; what no longer fits is left out aloud.

    A sentence may be gone or use other values after an update of ours; the rest of
    what the commune wrote stays in force, ``before`` if nothing can be used.
    """
    kept = dict(own)
    while True:
        try:
            return ChatWords(overrides={**unit.texts, **kept})
        except WordsError as error:
            bad = [key for key in kept if f"({key}" in str(error)]
            log.warning("wording_left_out", keys=bad)
            if not bad:
                return before
            kept = {key: text for key, text in kept.items() if key not in bad}
