"""What does one unit answer with? Its catalogue, reader, words and hours."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from sqlalchemy import Connection

from bot.clock import Clock
from bot.config import Config, Unit
from bot.errors import CatalogueMissingError, ConfigError
from handlers.ports import Phone, Services, UnitProfile
from handlers.staff.catalogue.effective import UnitCatalogue, load
from messages.errors import WordsError
from messages.words import ChatWords
from nlu.engine import Engine
from nlu.errors import EmptyIndexError, NluError
from scheduler.office_hours import WeeklyHours
from storage import catalogue as catalogue_rows
from storage.database import Database
from storage.errors import StorageError

WATCH_SECONDS = 5.0

log = structlog.get_logger("catalogue")


class UnitServices:
    """The services of one unit; a changed catalogue replaces them whole."""

    def __init__(self, unit_id: str, config: Config, clock: Clock) -> None:
        self._unit_id = unit_id
        self._unit = config.units[unit_id]
        self._profile = profile(unit_id, config)
        self._clock = clock
        self._hours = hours(self._unit)
        self._words = words(unit_id, self._unit)
        self._services: Services | None = None
        self.version: tuple[tuple[str, str], ...] = ()

    @property
    def services(self) -> Services:
        """The services in force; ``refresh`` must have run once."""
        if self._services is None:
            raise RuntimeError("catalogue not loaded")
        return self._services

    async def refresh(self, database: Database) -> bool:
        """Load the catalogue when its head moved; returns whether it did."""

        def heads(connection: Connection) -> tuple[tuple[str, str], ...]:
            return tuple(
                sorted(catalogue_rows.heads(connection, self._unit_id).items())
            )

        version = await database.read(heads)
        if self._services is not None and version == self.version:
            return False
        loaded = await database.read(lambda c: load(c, self._unit_id))
        reader = await asyncio.to_thread(self._engine, loaded)
        self._services = Services(
            unit=self._profile,
            clock=self._clock,
            reader=reader,
            catalogue=loaded,
            hours=self._hours,
            words=self._words,
        )
        self.version = version
        return True

    def _engine(self, loaded: UnitCatalogue) -> Engine:
        return Engine.build(loaded.entries(), abbreviations=self._unit.abbreviations)


async def load_services(
    config: Config, database: Database, clock: Clock
) -> dict[str, UnitServices]:
    """Load every unit once; raises CatalogueMissingError for one without any."""
    services = {key: UnitServices(key, config, clock) for key in config.units}
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
    """Take over imports made while the service runs; until cancelled."""
    while True:
        await asyncio.sleep(WATCH_SECONDS)
        for unit_id, unit in services.items():
            try:
                if await unit.refresh(database):
                    log.info("catalogue_renewed", unit=unit_id)
            except (StorageError, NluError) as error:
                log.warning("catalogue_watch_failed", error=type(error).__name__)


def profile(unit_id: str, config: Config) -> UnitProfile:
    """Return the commune as citizens know it."""
    unit = config.units[unit_id]
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
    )


def words(unit_id: str, unit: Unit) -> ChatWords:
    """Return the commune's sentences; raises ConfigError naming a bad one."""
    try:
        return ChatWords(overrides=unit.texts)
    except WordsError as error:
        raise ConfigError(f"units.{unit_id}.texts: {error}") from error


def hours(unit: Unit) -> WeeklyHours:
    """Return the office hours of a unit."""
    return WeeklyHours.parse(
        unit.office_hours, days_off=unit.days_off, working_days=unit.working_days
    )
