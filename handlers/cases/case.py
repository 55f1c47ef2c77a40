"""What is a case? A value; every change makes a new one.

It holds codes, times and ids only. What the citizen and staff wrote lies in the vault
and is named by ``item_id`` and by the entries of the history.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

QUEUE = "on_duty"
"""The owner of a case nobody took yet: whoever is on duty."""


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    TRANSFERRED = "transferred"
    GUIDED = "guided"
    ERASED = "erased"


IN_HAND = frozenset(
    {
        State.RECEIVED,
        State.CLASSIFIED,
        State.ACCEPTED,
        State.IN_PROGRESS,
        State.REOPENED,
    }
)
"""Somebody of the commune has to do something, so a clock runs."""
ENDED = frozenset({State.CLOSED, State.GUIDED, State.ERASED})
"""Nothing is expected of anybody any more."""


class Source(StrEnum):
    """How a case came to us."""

    MESSAGE = "message"
    VISIT = "visit"
    TELEPHONE = "telephone"
    LETTER = "letter"
    CITY_LINE = "city_line"
    COMMENT = "comment"


class Goal(StrEnum):
    """What a clock waits for."""

    ACKNOWLEDGE = "acknowledge"
    FORWARD = "forward"
    CLASSIFY = "classify"
    ACCEPT = "accept"
    ANSWER = "answer"
    GUIDE = "guide"


class Ended(StrEnum):
    """How a clock ended; ``VOID``: what it waited for is not needed any more."""

    IN_TIME = "in_time"
    OVERDUE = "overdue"
    VOID = "void"


class Drafted(StrEnum):
    """Where a draft answer stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Clock:
    """One term: to the end of ``date`` (local), which is the instant ``at`` (UTC).

    Both are None while the term is lawfully suspended. ``is_law`` False: the commune
    promised it. ``started_at`` is what it counts from.
    """

    goal: Goal
    rule: str
    is_law: bool
    started_at: datetime
    date: date | None
    at: datetime | None
    stopped_at: datetime | None = None
    ended: Ended | None = None

    @property
    def is_running(self) -> bool:
        """Whether it still waits."""
        return self.stopped_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it runs and its time is over at an instant."""
        return self.is_running and self.at is not None and now >= self.at


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer term granted under a rule, by the code the rule gives it."""

    rule: str
    code: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Days of a rule that do not count, from ``start`` to the day before ``end``."""

    rule: str
    reason: str
    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft answer: the history entry that holds its words, who wrote it."""

    seq: int
    by: str
    state: Drafted = Drafted.WAITING


@dataclass(frozen=True, slots=True)
class Link:
    """Something that belongs to a case: another case or a file, by its id."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case as it stands; ``version`` is that of the stored row (0: not stored).

    ``seq`` counts the entries of its history. ``person_id`` and ``item_id`` are "" for
    a record of guidance and after an erasure. ``receipt`` is the number under which
    another agency took it. ``is_waiting``: something is still to be told.
    """

    unit_id: str
    case_id: str
    code: str
    kind: str
    state: State
    person_id: str
    channel: str
    source: Source
    owner: str
    received_at: datetime
    clocks: tuple[Clock, ...] = ()
    version: int = 0
    seq: int = 0
    item_id: str = ""
    contact_mac: str = ""
    extensions: tuple[Extension, ...] = ()
    pauses: tuple[Pause, ...] = ()
    draft: Draft | None = None
    receipt: str = ""
    merged_into: str = ""
    links: tuple[Link, ...] = ()
    is_waiting: bool = False
    updated_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def due(self) -> Clock | None:
        """The running clock that ends first; a suspended one last."""
        return first_due([clock for clock in self.clocks if clock.is_running])

    @property
    def answer_clock(self) -> Clock | None:
        """The newest clock that waits (or waited) for the answer."""
        found = [clock for clock in self.clocks if clock.goal is Goal.ANSWER]
        return found[-1] if found else None

    @property
    def is_in_hand(self) -> bool:
        """Whether somebody of the commune has to do something."""
        return self.state in IN_HAND

    @property
    def open_pause(self) -> Pause | None:
        """The suspension that has not ended."""
        return next((pause for pause in self.pauses if pause.end is None), None)


def first_due(clocks: Sequence[Clock]) -> Clock | None:
    """Return the clock that ends first, None when there is none."""
    dated = [clock for clock in clocks if clock.at is not None]
    if dated:
        return min(dated, key=lambda clock: (clock.at, clock.goal))
    return clocks[0] if clocks else None
