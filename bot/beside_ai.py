"""How does this process ask a language model, and what has it cost?

Off unless ``nlu.ai`` is configured. See docs/adr/0013.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import aiohttp
import structlog

from bot.addresses import host
from bot.clock import Clock
from bot.config_nlu import Ai
from bot.metrics import Metrics
from bot.policy import LOCAL
from nlu.ai.budget import Budget, Caps
from nlu.ai.client import AiClient
from nlu.ai.link import MOST_AT_ONCE, AiLink
from nlu.ai.lookup import EngineLookup
from nlu.ai.stage import AiStage
from nlu.ai.use import Purpose, Result
from nlu.engine import Engine
from nlu.ports import Ahead
from nlu.train import Shelf
from storage import ai_spending
from storage.database import Database
from storage.errors import StorageError

IDLE_CONNECTION_SECONDS = 3.0
RESTING = "không trả lời, đang dùng bộ đọc hiểu có sẵn"
READY = "sẵn sàng; câu hỏi gửi đi đã che dữ liệu cá nhân"

log = structlog.get_logger("message")


class StoredLedger:
    """One unit's spending in the database; a restart does not begin the day anew."""

    def __init__(self, database: Database, unit_id: str) -> None:
        self._database = database
        self._unit_id = unit_id

    async def take(self, day: str, tokens: int, caps: Caps) -> bool:
        """Add a call within the caps; False as well when it cannot be written."""
        try:
            return await self._database.write(
                lambda c: ai_spending.take(
                    c,
                    self._unit_id,
                    day,
                    tokens,
                    most_calls=caps.calls,
                    most_tokens=caps.tokens,
                )
            )
        except StorageError as error:
            log.warning("ai_spending_not_counted", error=type(error).__name__)
            return False

    async def settle(self, day: str, tokens: int) -> None:
        """Add tokens to the day; what cannot be written stays as it was taken."""
        try:
            await self._database.write(
                lambda c: ai_spending.settle(c, self._unit_id, day, tokens)
            )
        except StorageError as error:
            log.warning("ai_spending_not_settled", error=type(error).__name__)


class AiBeside:
    """The AI server of an installation; its session is its own."""

    name = "ai"

    def __init__(
        self, settings: Ai, metrics: Metrics, database: Database, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                limit=MOST_AT_ONCE, keepalive_timeout=IDLE_CONNECTION_SECONDS
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        self._results = {result: metrics.ai.labels(result.value) for result in Result}
        self._tokens = metrics.ai_tokens
        self._counts: Counter[str] = Counter()
        self.link = AiLink(self._client(), time.monotonic, self._count)

    def stage(self, unit_id: str, engine: Engine, shelf: Shelf) -> Ahead:
        """Return the stage of a unit, with the unit's own budget."""
        caps = Caps(self._settings.daily_calls, self._settings.daily_tokens)
        ledger = StoredLedger(self._database, unit_id)
        purposes = [Purpose(name) for name in self._settings.purpose]
        return AiStage(
            self.link,
            EngineLookup(engine, shelf.entries),
            Budget(ledger, caps, self._today),
            purposes,
        )

    def health(self) -> dict[str, Any]:
        """Return how it did lately, and the counts since the start."""
        status, text = ("resting", RESTING) if self.link.is_resting else ("ok", READY)
        return {
            "status": status,
            "text": text,
            "host": host(self._settings.url),
            "model": self._settings.model,
            "results": dict(self._counts),
        }

    async def close(self) -> None:
        """Close the session."""
        await self._session.close()

    def _client(self) -> AiClient:
        return AiClient(
            self._session,
            self._settings.url,
            self._settings.model,
            api_key=self._settings.api_key,
            timeout_seconds=self._settings.timeout_seconds,
        )

    def _today(self) -> str:
        return self._clock.now().astimezone(LOCAL).date().isoformat()

    def _count(self, result: Result, tokens: int) -> None:
        self._results[result].inc()
        self._tokens.inc(tokens)
        self._counts[result.value] += 1
