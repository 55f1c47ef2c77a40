"""What do our row ids look like? Sortable by creation, random beyond guessing."""

from __future__ import annotations

import threading
from collections.abc import Callable

from storage.randomness import random_bytes


class Ids:
    """Makes 32-digit hex ids: 48 bits of milliseconds, then 80 random bits.

    Ids of one process never go backwards, even when the wall clock does.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self._now_ms = now_ms
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        """Return the next id."""
        fresh = (self._now_ms() << 80) | int.from_bytes(random_bytes(10))
        with self._lock:
            self._last = fresh if fresh > self._last else self._last + 1
            return f"{self._last:032x}"
