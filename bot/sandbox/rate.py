"""How many calls are left in this window of time?"""

from __future__ import annotations


class FixedWindow:
    """Counts calls in windows of ``span_ms`` milliseconds."""

    def __init__(self, limit: int, span_ms: int) -> None:
        self.limit = limit
        self._span_ms = span_ms
        self._window = -1
        self._used = 0

    def take(self, now_ms: int) -> bool:
        """Count one call; False when the window is full."""
        window = now_ms // self._span_ms
        if window != self._window:
            self._window, self._used = window, 0
        self._used += 1
        return self._used <= self.limit

    @property
    def left(self) -> int:
        """Calls that remain in the window of the last call."""
        return max(0, self.limit - self._used)
