"""What does a step of a case look at, and what does it give back?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers.cases import clocks
from handlers.cases.actions import Actor
from handlers.cases.case import Case, Clock, Goal, Link
from handlers.cases.change import Notice
from handlers.cases.errors import DeadlineRefusedError, TextMissingError
from handlers.cases.kind import CaseKind, Kinds
from handlers.cases.ports import Deadlines

DATA = dict[str, str | int | bool]
CASE = "case"
FILE = "file"


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a step is made: the case before it, who makes it, when (aware)."""

    case: Case
    kind: CaseKind
    kinds: Kinds
    deadlines: Deadlines
    actor: Actor
    at: datetime

    def again(self, case: Case) -> Case:
        """Return the case with its running terms worked out anew."""
        found = clocks.counted_again(case, self.kind, self.deadlines)
        return replace(case, clocks=found)

    def stop(self, *done: Goal, void: frozenset[Goal] = clocks.NOTHING) -> Case:
        """Return the case with clocks stopped, and suspensions when none runs on."""
        goals = frozenset(done)
        found = clocks.stopped(self.case.clocks, self.at, goals, void - goals)
        is_over = Goal.ANSWER in goals | void
        pauses = clocks.ended_pauses(self.case, self.at) if is_over else None
        return replace(self.case, clocks=found, pauses=pauses or self.case.pauses)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step changes, proves (``data``, ``texts``) and tells (``told``)."""

    case: Case
    data: DATA = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    told: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    notice: Notice | None = None


def answer_clock(scene: Scene) -> Clock:
    """Return the running clock of the answer; raises DeadlineRefusedError."""
    found = scene.case.answer_clock
    if found is None or not found.is_running:
        raise DeadlineRefusedError(scene.case.code)
    return found


def linked(case: Case, kind: str, *refs: str) -> tuple[Link, ...]:
    """Return the links with further ones, each once."""
    return tuple(dict.fromkeys((*case.links, *(Link(kind, ref) for ref in refs))))


def agency_number(text: str) -> str:
    """A number of another agency: short, and no place for anybody's name."""
    found = re.fullmatch(r"[A-Za-z0-9Đđ./\-]{1,40}", text.strip())
    if found is None or not any(char.isdigit() for char in text):
        raise TextMissingError(text[:40])
    return text.strip()


def texts_of(text: str) -> dict[str, str]:
    """Return words as the vault keeps them, nothing for blanks."""
    return {"text": text.strip()} if text.strip() else {}


def needed(text: str) -> dict[str, str]:
    """Return words that must be there; raises TextMissingError."""
    if not text.strip():
        raise TextMissingError
    return texts_of(text)


def due_was(case: Case) -> DATA:
    """Return the day the answer was due, for the trail."""
    return {"due_was": date_of(case.answer_clock)}


def due_now(case: Case) -> DATA:
    """Return the day the answer is due now, for the trail."""
    return {"due": date_of(case.answer_clock)}


def date_of(clock: Clock | None) -> str:
    """Return the day of a clock as ISO, "" for none."""
    return clock.date.isoformat() if clock is not None and clock.date else ""
