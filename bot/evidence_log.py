"""How is the evidence log of a unit reached? The same way for service and commands."""

from __future__ import annotations

from bot.clock import Clock
from bot.config import Config
from bot.installation import Installation, data_folder
from bot.policy import LOCAL
from handlers.staff.evidence.stamps import Stamps, read_roots
from storage.evidence.sequencer import Sequencer

NOWHERE = "than-thien"


def origin_of(config: Config, unit_id: str) -> str:
    """Return the name a new log gets: its address without the scheme (C2SP)."""
    _, _, address = config.server.public_url.rpartition("://")
    return f"{address.strip('/') or NOWHERE}/log/{unit_id}"


def stamps_of(config: Config) -> Stamps:
    """Return what checks time stamps, with the configured roots; BadRootsError."""
    named = config.evidence.timestamp_ca
    return read_roots(data_folder(config) / named if named else None)


def today(clock: Clock) -> str:
    """Return the local day, YYYY-MM-DD."""
    return clock.now().astimezone(LOCAL).date().isoformat()


def sequencer_of(opened: Installation, unit_id: str) -> Sequencer:
    """Return the sequencer of a unit."""
    return Sequencer(
        opened.database,
        unit_id,
        opened.ring.unit(unit_id),
        origin_of(opened.config, unit_id),
        opened.clock.now_ms,
        lambda: today(opened.clock),
    )
