"""What does every page of the console stand on? Units, their doors, words, the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.app import Service
from bot.clock import Clock
from bot.config import Config
from bot.console.live import Hub
from bot.console.render import Renderer
from bot.console.statics import Statics
from bot.runtime import UnitRuntime
from bot.security import SecurityEvents
from handlers.staff.access.model import Gate
from handlers.staff.access.passwords import Hasher
from storage.database import Database
from storage.ids import Ids

ROOT = "/console"


@dataclass(frozen=True, slots=True)
class House:
    """One process's console; ``gates`` and ``units`` go by unit."""

    config: Config
    database: Database
    clock: Clock
    ids: Ids
    units: Mapping[str, UnitRuntime]
    gates: Mapping[str, Gate]
    security: SecurityEvents
    hub: Hub
    renderer: Renderer
    statics: Statics
    service: Service

    @property
    def is_https(self) -> bool:
        """Whether people reach us over https."""
        return self.config.server.public_url.startswith("https://")

    @property
    def public_host(self) -> str:
        """The host of the public address, "" when there is none."""
        return urlsplit(self.config.server.public_url).netloc

    def unit_names(self) -> list[tuple[str, str]]:
        """Return (id, name) of the units, by name."""
        pairs = ((key, gate.unit_name) for key, gate in self.gates.items())
        return sorted(pairs, key=lambda pair: pair[1])


def open_house(service: Service, hasher: Hasher | None = None) -> House:
    """Build the house of a process; ``hasher`` makes and checks passwords."""
    ids, statics = Ids(service.clock.now_ms), Statics()
    own = hasher or Hasher()
    return House(
        config=service.config,
        database=service.database,
        clock=service.clock,
        ids=ids,
        units=service.units,
        gates=gates(service, own),
        security=service.security,
        hub=Hub(service.database, service.clock.now_ms),
        renderer=Renderer(statics, service.clock),
        statics=statics,
        service=service,
    )


def gates(service: Service, hasher: Hasher) -> dict[str, Gate]:
    """Return the door of each unit."""
    ids = Ids(service.clock.now_ms)
    return {
        unit_id: Gate(
            service.database,
            unit_id,
            unit.vault.keys,
            ids,
            service.clock.now_ms,
            hasher,
            service.config.units[unit_id].name,
        )
        for unit_id, unit in service.units.items()
    }
