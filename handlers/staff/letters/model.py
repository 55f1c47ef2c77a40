"""Which step may follow which in the life of a letter, and who took each?

Pure: a ``Life`` in, a new one out. Nothing leaves that a named person did not approve
in the very version that leaves; a send of unknown fate is never repeated (ADR 0007).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from handlers.staff.letters.errors import (
    NobodyError,
    NotThisStepError,
    OtherVersionError,
)


class LetterState(StrEnum):
    """How far a letter got."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    DELIVERED = "delivered"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    ARCHIVED = "archived"


class LetterAct(StrEnum):
    """What is done to a letter."""

    EDIT = "edit"
    CHECK = "check"
    APPROVE = "approve"
    SIGN = "sign"
    SCHEDULE = "schedule"
    RECALL = "recall"
    SEND = "send"
    DELIVER = "deliver"
    LOSE = "lose"
    REFUSE = "refuse"
    ARCHIVE = "archive"


_S, _A = LetterState, LetterAct
_OPEN = (_S.DRAFT, _S.CHECKED, _S.APPROVED, _S.SIGNED, _S.SCHEDULED)

STEPS: Mapping[LetterAct, Mapping[LetterState, LetterState]] = MappingProxyType(
    {
        _A.EDIT: dict.fromkeys((*_OPEN, _S.REFUSED), _S.DRAFT),
        _A.CHECK: {_S.DRAFT: _S.CHECKED},
        _A.APPROVE: {_S.CHECKED: _S.APPROVED},
        _A.SIGN: {_S.APPROVED: _S.SIGNED},
        # A refused letter may take another road; one of unknown fate may not.
        _A.SCHEDULE: dict.fromkeys((_S.APPROVED, _S.SIGNED, _S.REFUSED), _S.SCHEDULED),
        _A.RECALL: dict.fromkeys(_OPEN[1:], _S.DRAFT),
        _A.SEND: {_S.SCHEDULED: _S.SENDING},
        _A.DELIVER: dict.fromkeys((_S.SENDING, _S.UNKNOWN), _S.DELIVERED),
        _A.LOSE: {_S.SENDING: _S.UNKNOWN},
        _A.REFUSE: {_S.SENDING: _S.REFUSED},
        _A.ARCHIVE: dict.fromkeys(
            (_S.DRAFT, _S.DELIVERED, _S.UNKNOWN, _S.REFUSED), _S.ARCHIVED
        ),
    }
)
"""From which state each act leads where; what is not here cannot be done."""

BY_THE_SENDER = frozenset({_A.SEND, _A.DELIVER, _A.LOSE, _A.REFUSE})
"""What the service does; everything else needs a person."""
SENDER = "sender"
_VOIDS = frozenset({_A.EDIT, _A.RECALL})


@dataclass(frozen=True, slots=True)
class LetterStep:
    """One act: by whom, at which instant (aware), and with which version."""

    act: LetterAct
    by: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Life:
    """Where a letter stands, and every step that led there.

    ``version`` counts its edits; ``approved`` is the version somebody approved, 0 for
    none; ``due_at`` (aware) is when it may leave.
    """

    state: LetterState = LetterState.DRAFT
    version: int = 1
    approved: int = 0
    due_at: datetime | None = None
    steps: tuple[LetterStep, ...] = ()


def may(life: Life, act: LetterAct) -> bool:
    """Whether an act can be done now."""
    return life.state in STEPS[act]


def step(life: Life, act: LetterAct, by: str, at: datetime) -> Life:
    """Do an act that needs nothing but a person and a time.

    For approving and scheduling see ``approve`` and ``schedule``. Raises
    NotThisStepError, NobodyError.
    """
    if act in {_A.APPROVE, _A.SCHEDULE}:
        raise NotThisStepError(act.value)
    return _done(life, act, by, at)


def approve(life: Life, by: str, at: datetime, read: int) -> Life:
    """Approve the version that ``by`` has read.

    Raises OtherVersionError when it is not the present one.
    """
    if read != life.version:
        raise OtherVersionError
    return replace(_done(life, _A.APPROVE, by, at), approved=life.version)


def schedule(life: Life, by: str, at: datetime, due_at: datetime) -> Life:
    """Let an approved letter leave at ``due_at`` (aware) or as soon after as it may."""
    if life.approved != life.version:
        raise NotThisStepError(_A.SCHEDULE.value)
    return replace(_done(life, _A.SCHEDULE, by, at), due_at=due_at)


def is_sendable(life: Life, now: datetime) -> bool:
    """Whether the letter may leave at this instant: due, approved, and not changed."""
    return (
        life.state is LetterState.SCHEDULED
        and life.approved == life.version
        and life.due_at is not None
        and life.due_at <= now
    )


def _done(life: Life, act: LetterAct, by: str, at: datetime) -> Life:
    if not may(life, act):
        raise NotThisStepError(f"{act.value}: {life.state.value}")
    if not by.strip() or (by == SENDER and act not in BY_THE_SENDER):
        raise NobodyError
    version = life.version + (act is _A.EDIT)
    taken = LetterStep(act, by, at, version)
    made = replace(
        life,
        state=STEPS[act][life.state],
        version=version,
        steps=(*life.steps, taken),
    )
    return replace(made, approved=0, due_at=None) if act in _VOIDS else made
