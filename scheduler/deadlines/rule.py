"""What does a rule about time say: how much, of what, from when, and by which law?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """What is counted."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    HOURS = "hours"
    WORKING_HOURS = "working_hours"
    WEEKS = "weeks"


class Goal(StrEnum):
    """What must be done by then."""

    ACKNOWLEDGE = "acknowledge"
    FORWARD = "forward"
    CLASSIFY = "classify"
    ACCEPT = "accept"
    ANSWER = "answer"
    NOTIFY = "notify"
    PUBLISH = "publish"
    RECEIVE = "receive"
    LODGE = "lodge"


class Mode(StrEnum):
    """How an extension lengthens a term."""

    TOTAL = "total"
    ADD = "add"


@dataclass(frozen=True, slots=True)
class Term:
    """A number of units."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Extension:
    """A longer term the rule allows: another total, or more at the end (``times``)."""

    code: str
    name: str
    mode: Mode
    term: Term
    times: int


@dataclass(frozen=True, slots=True)
class PauseReason:
    """A reason for which days do not count, if the pause began in its validity."""

    code: str
    name: str
    basis: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do within a term; a ``promise`` is the commune's, not the law's."""

    goal: Goal
    name: str
    term: Term
    basis: str
    promise: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule; in force from ``valid_from`` to ``valid_to``, both with.

    ``last`` is what the term itself is for; ``steps`` come on the way. ``is_before``
    counts back from the day it starts at.
    """

    code: str
    kind: str
    name: str
    start: str
    last: Step
    steps: tuple[Step, ...]
    is_before: bool
    valid_from: date | None
    valid_to: date | None
    verified: bool
    note: str
    extensions: tuple[Extension, ...]
    pauses: tuple[PauseReason, ...]

    def is_in_force(self, day: date) -> bool:
        """Whether this version is the law on a day."""
        return is_valid(day, self.valid_from, self.valid_to)


def is_valid(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies in a validity; None is open."""
    return (first is None or first <= day) and (last is None or day <= last)
