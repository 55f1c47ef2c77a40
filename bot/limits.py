"""How fast may we call a platform? A bucket an app, with a share kept for replies."""

from __future__ import annotations

from collections.abc import Callable

BULK_RESERVE = 0.3
"""Bulk never takes the last 30 % of a channel's rate."""
BURST_SECONDS = 1.0
ROUNDING = 1e-9

RATE_CODES = frozenset(
    {"-32", "4", "17", "32", "613", "80001", "80002", "80006", "429"}
)
"""Zalo: -32; staff channels: 429; Facebook: the rest (PLATFORMS.md 1.6, 3.3, 4.1)."""


def is_about_channel(code: str) -> bool:
    """Whether "not now" binds all our calls, not one citizen's or one message's."""
    return code.partition(":")[0] in RATE_CODES or code.startswith("http-")


class RateLimit:
    """A token bucket in seconds of an injected monotonic clock.

    ``burst`` calls may go at once where the platform counts by the minute.
    """

    def __init__(
        self, per_second: float, monotonic: Callable[[], float], burst: float = 1.0
    ) -> None:
        self._rate = per_second
        self._capacity = max(burst, per_second * BURST_SECONDS)
        self._tokens = self._capacity
        # Where one call is all there is, bulk must still be able to have it.
        self._bulk_floor = min(self._capacity * BULK_RESERVE, self._capacity - 1.0)
        self._monotonic = monotonic
        self._at = monotonic()
        self._paused_until = 0.0

    def take(self, *, is_bulk: bool = False) -> float:
        """Take one token and return 0, or return the seconds to wait for it."""
        now = self._monotonic()
        if now < self._paused_until:
            return self._paused_until - now
        self._refill(now)
        floor = self._bulk_floor if is_bulk else 0.0
        if self._tokens - 1.0 >= floor - ROUNDING:
            self._tokens -= 1.0
            return 0.0
        return (floor + 1.0 - self._tokens) / self._rate

    def pause(self, seconds: float) -> None:
        """The platform said stop: nobody takes anything before the time is over."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    @property
    def paused_for(self) -> float:
        """Seconds until the pause ends; 0 when there is none."""
        return max(0.0, self._paused_until - self._monotonic())

    def _refill(self, now: float) -> None:
        self._tokens = min(self._capacity, self._tokens + (now - self._at) * self._rate)
        self._at = now
