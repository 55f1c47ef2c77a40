"""Which servers read beside the embedded engine, and how do they do?"""

from __future__ import annotations

import time
from typing import Any, Protocol

import aiohttp

from bot.beside_ai import AiBeside
from bot.clock import Clock
from bot.config import Config
from bot.config_nlu import Rasa
from bot.metrics import Metrics
from nlu.engine import Engine
from nlu.ports import Ahead
from nlu.rasa.client import RasaClient
from nlu.rasa.link import LinkState, RasaLink
from nlu.rasa.reader import RasaReader
from nlu.rasa.tally import Result
from nlu.train import Shelf
from storage.database import Database

CONNECTIONS = 32
"""One for each lane; apart from the platforms', which must never wait for these."""
IDLE_CONNECTION_SECONDS = 3.0
"""Shorter than the server's five: a question must not meet a connection being shut."""
STATE_WORDS = {
    LinkState.UNASKED: "chưa hỏi câu nào",
    LinkState.OK: "đang trả lời",
    LinkState.FAILING: "câu vừa rồi không trả lời được",
    LinkState.RESTING: "không trả lời, đang dùng bộ đọc hiểu có sẵn",
}


class Beside(Protocol):
    """One server as this process knows it: made at the start, closed at the stop."""

    @property
    def name(self) -> str:
        """The name by which health pages call it."""
        ...

    def stage(self, unit_id: str, engine: Engine, shelf: Shelf) -> Ahead:
        """Return the stage of a unit; ``engine`` was built from the shelf."""
        ...

    def health(self) -> dict[str, Any]:
        """Return its state, without asking it."""
        ...

    async def close(self) -> None:
        """Free the connections; what is asked from now on fails quietly."""
        ...


class RasaBeside:
    """The Rasa server of an installation; its session is its own."""

    name = "rasa"

    def __init__(self, settings: Rasa, metrics: Metrics) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=CONNECTIONS, keepalive_timeout=IDLE_CONNECTION_SECONDS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._counters = {
            result: metrics.rasa.labels(result.value) for result in Result
        }
        self.link = RasaLink(
            rasa_client(self._session, settings), time.monotonic, self._count
        )

    def stage(self, unit_id: str, engine: Engine, shelf: Shelf) -> Ahead:
        """Return a reader with the unit's catalogue; all share what is known of it."""
        del unit_id
        return RasaReader(engine, shelf.entries, self.link, shelf.abbreviations)

    def health(self) -> dict[str, Any]:
        """Return how it did lately, and the counts since the start."""
        state = self.link.state
        counts = {name: n for name, n in self.link.snapshot().items() if n}
        return {"status": state.value, "text": STATE_WORDS[state], "results": counts}

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    def _count(self, result: Result) -> None:
        self._counters[result].inc()


def rasa_client(
    session: aiohttp.ClientSession,
    settings: Rasa,
    *,
    timeout_seconds: float | None = None,
) -> RasaClient:
    """Return a client with the settings of the installation, or with more patience."""
    return RasaClient(
        session,
        settings.url,
        timeout_seconds=timeout_seconds or settings.timeout_seconds,
        token=settings.token,
    )


def besides(
    config: Config, metrics: Metrics, database: Database, clock: Clock
) -> tuple[Beside, ...]:
    """Return the servers in the order in which they are asked; the loop must run."""
    found: list[Beside] = []
    if config.nlu.backend == "rasa":
        found.append(RasaBeside(config.nlu.rasa, metrics))
    # Last: it is asked only about what all before it left open.
    if config.nlu.ai is not None:
        found.append(AiBeside(config.nlu.ai, metrics, database, clock))
    return tuple(found)
