"""May one more question be asked today, and what has been spent?

What a question can cost at most is taken before it is asked and set right after, so
that a crash between the two errs on the side of having spent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Caps:
    """How much one unit may spend on one day (local)."""

    calls: int
    tokens: int


class Ledger(Protocol):
    """Keeps what one unit has spent, by day; survives a restart; never raises."""

    async def take(self, day: str, tokens: int, caps: Caps) -> bool:
        """Add a call and its tokens if both stay within the caps; whether they did.

        False as well when nothing can be counted now.
        """
        ...

    async def settle(self, day: str, tokens: int) -> None:
        """Add tokens (negative: give back) to the day; what fails stays spent."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What was put aside for one question."""

    day: str
    tokens: int


class Budget:
    """One unit's spending; ``today`` returns its local day, ISO."""

    def __init__(self, ledger: Ledger, caps: Caps, today: Callable[[], str]) -> None:
        self._ledger = ledger
        self._caps = caps
        self._today = today

    async def take(self, tokens: int) -> Taken | None:
        """Put tokens aside for one call; None when the day's budget does not allow."""
        day = self._today()
        if await self._ledger.take(day, tokens, self._caps):
            return Taken(day, tokens)
        return None

    async def settle(self, taken: Taken, tokens: int | None) -> int:
        """Set right what a call cost, and return it; None leaves it as taken."""
        if tokens is None:
            return taken.tokens
        if tokens != taken.tokens:
            await self._ledger.settle(taken.day, tokens - taken.tokens)
        return tokens
