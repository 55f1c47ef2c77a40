"""What does a handler see before anything was looked up? Nothing, but it is noted.

Handlers are pure, so a message is handled with this desk first. Only when it asked for
something is that loaded, and the message handled again with a desk that knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers.cases.case import Case, Pause
from handlers.cases.ports import Due, Found


class BlindDesk:
    """Knows no case and has no number; remembers what it was asked for."""

    def __init__(self) -> None:
        self.wants_mine = False
        self.wanted: list[tuple[str, str]] = []
        self.numbers = 0

    @property
    def was_asked(self) -> bool:
        """Whether a handler could not do without a desk that knows."""
        return self.wants_mine or bool(self.wanted) or self.numbers > 0

    def mine(self) -> tuple[Case, ...]:
        """Return nothing."""
        self.wants_mine = True
        return ()

    def find(self, code: str, digits: str) -> Found:
        """Return that nothing was found."""
        self.wanted.append((code, digits))
        return Found()

    def number(self) -> int:
        """Return 0, which is no number."""
        self.numbers += 1
        return 0


class Undated:
    """Knows no calendar: every term is open."""

    def due(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str] = (),
        pauses: Sequence[Pause] = (),
        goal: str = "",
    ) -> Due:
        """Return no date."""
        del rule, received_at, extensions, pauses, goal
        return Due(None, None, is_law=False)
