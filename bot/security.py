"""What is left of a request nobody signed? A count for each kind and hour."""

from __future__ import annotations

from collections import Counter

import structlog

from bot.clock import Clock
from storage import operations
from storage.database import Database
from storage.errors import StorageError

ANY_UNIT = "-"

log = structlog.get_logger("security")


class SecurityEvents:
    """Counts in memory and adds to the database now and then: cheap under attack."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def count(self, kind: str, unit_id: str = ANY_UNIT) -> None:
        """Count one event, for example ``zalo_bad_signature``."""
        hour = self._clock.now().strftime("%Y-%m-%dT%H")
        if not self._counts[unit_id, kind, hour]:
            log.warning("security_event", kind=kind, unit=unit_id)
        self._counts[unit_id, kind, hour] += 1

    async def flush(self, database: Database) -> None:
        """Write what was counted; kept for the next time when storage is away."""
        counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            await database.write(lambda c: operations.count_security(c, counts))
        except StorageError:
            self._counts.update(counts)
