"""What time is it? Injected everywhere, so that tests never sleep."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The present, aware UTC, and the same in milliseconds."""

    def now(self) -> datetime:
        """Return the present instant."""
        ...

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant."""
        return datetime.now(UTC)

    def now_ms(self) -> int:
        """Return UTC milliseconds since 1970."""
        return time.time_ns() // 1_000_000


def from_ms(at: int) -> datetime:
    """Turn stored milliseconds into an aware instant."""
    return datetime.fromtimestamp(at / 1000, tz=UTC)


def to_ms(at: datetime) -> int:
    """Turn an aware instant into stored milliseconds."""
    return int(at.timestamp() * 1000)
