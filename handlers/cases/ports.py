"""What do cases need from outside: the clocks of the law, and what is stored?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from handlers.cases.case import Case, Pause


@dataclass(frozen=True, slots=True)
class Due:
    """When a step is due: to the end of ``date`` (local), the instant ``at`` (UTC).

    Both are None while the term is suspended. ``is_law`` False: the commune's promise.
    """

    date: date | None
    at: datetime | None
    is_law: bool


class Deadlines(Protocol):
    """The rules about time, as the calendar of one unit counts them."""

    def due(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str] = (),
        pauses: Sequence[Pause] = (),
        goal: str = "",
    ) -> Due:
        """Return when a step of a rule is due; ``goal`` "" is the term itself.

        ``extensions`` are codes of that rule, ``pauses`` its suspensions. Raises
        DeadlineRefusedError for what the rule does not allow or know.
        """
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """What a code led to: the case as far as this citizen may know of it.

    ``is_locked``: too many wrong tries, so nothing is said either way.
    """

    case: Case | None = None
    is_mine: bool = False
    is_locked: bool = False


class CaseDesk(Protocol):
    """The cases one citizen may hear about, and numbers for new ones."""

    def mine(self) -> tuple[Case, ...]:
        """Return the citizen's own newest cases, newest first."""
        ...

    def find(self, code: str, digits: str) -> Found:
        """Return the case of a code; ``digits`` are the last four of the phone."""
        ...

    def number(self) -> int:
        """Return the next number of today; each call another one."""
        ...
