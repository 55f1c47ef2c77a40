"""What can be done with a case? One value for each step, with what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

STAFF = "staff"
CITIZEN = "citizen"
SYSTEM = "system"


class Act(StrEnum):
    """The name of a step, as the history keeps it."""

    OPEN = "open"
    TAKE = "take"
    ASSIGN = "assign"
    NOTE = "note"
    ADD = "add"
    CLASSIFY = "classify"
    ACCEPT = "accept"
    RETURN = "return"
    BEGIN = "begin"
    DRAFT = "draft"
    APPROVE = "approve"
    REJECT = "reject"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    TRANSFER = "transfer"
    RECEIPT = "receipt"
    MERGE = "merge"
    LINK = "link"
    ATTACH = "attach"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    RECOMPUTE = "recompute"
    GUIDE = "guide"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a code, never a name. ``roles`` None: not known, not checked here."""

    name: str
    side: str = STAFF
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """I see to it: the owner is whoever acts."""

    act: ClassVar[Act] = Act.TAKE


@dataclass(frozen=True, slots=True)
class Assign:
    """Somebody else sees to it; ``to`` may be the queue of whoever is on duty."""

    act: ClassVar[Act] = Act.ASSIGN
    to: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Words for staff alone; ``mentions`` are told that they are meant."""

    act: ClassVar[Act] = Act.NOTE
    text: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Add:
    """The citizen adds words."""

    act: ClassVar[Act] = Act.ADD
    text: str


@dataclass(frozen=True, slots=True)
class Classify:
    """It is of this kind; another one than before counts its clocks anew."""

    act: ClassVar[Act] = Act.CLASSIFY
    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Accept:
    """The commune will handle it."""

    act: ClassVar[Act] = Act.ACCEPT
    text: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """The commune cannot handle it as it is; ``text`` says why and what would help."""

    act: ClassVar[Act] = Act.RETURN
    text: str


@dataclass(frozen=True, slots=True)
class Begin:
    """Work has begun."""

    act: ClassVar[Act] = Act.BEGIN


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """An answer to be approved."""

    act: ClassVar[Act] = Act.DRAFT
    text: str


@dataclass(frozen=True, slots=True)
class Approve:
    """The draft may leave as it is."""

    act: ClassVar[Act] = Act.APPROVE


@dataclass(frozen=True, slots=True)
class Reject:
    """The draft may not leave; ``text`` says what to change."""

    act: ClassVar[Act] = Act.REJECT
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer leaves; where a draft was approved, ``text`` is its words."""

    act: ClassVar[Act] = Act.ANSWER
    text: str


@dataclass(frozen=True, slots=True)
class Close:
    """Nothing is expected any more."""

    act: ClassVar[Act] = Act.CLOSE
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """It is not solved after all."""

    act: ClassVar[Act] = Act.REOPEN
    text: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Another agency handles it; ``receipt`` is the number under which it took it."""

    act: ClassVar[Act] = Act.TRANSFER
    agency: str
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other agency's number came later."""

    act: ClassVar[Act] = Act.RECEIPT
    number: str


@dataclass(frozen=True, slots=True)
class Merge:
    """It is the same as another case, which goes on for both."""

    act: ClassVar[Act] = Act.MERGE
    into: str
    code: str


@dataclass(frozen=True, slots=True)
class LinkTo:
    """It has to do with another case."""

    act: ClassVar[Act] = Act.LINK
    other: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Files belong to it, by their ids."""

    act: ClassVar[Act] = Act.ATTACH
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extend:
    """More time, as the rule of the answer's clock allows; ``text`` is the reason."""

    act: ClassVar[Act] = Act.EXTEND
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Suspend:
    """The days do not count, for a lawful reason; ``text`` says more."""

    act: ClassVar[Act] = Act.PAUSE
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Resume:
    """The days count again."""

    act: ClassVar[Act] = Act.RESUME


@dataclass(frozen=True, slots=True)
class Recompute:
    """The calendar or the law changed; ``why`` is a short code."""

    act: ClassVar[Act] = Act.RECOMPUTE
    why: str


Action = (
    Take
    | Assign
    | Note
    | Add
    | Classify
    | Accept
    | Return
    | Begin
    | DraftAnswer
    | Approve
    | Reject
    | Answer
    | Close
    | Reopen
    | Transfer
    | Receipt
    | Merge
    | LinkTo
    | Attach
    | Extend
    | Suspend
    | Resume
    | Recompute
)
