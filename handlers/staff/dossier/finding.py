"""What was found for one criterion, and what is that worth?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from messages.criteria.model import Criterion, Mode

Rows = Iterable[Sequence[str]]


class State(StrEnum):
    """How a row stands; whether it earns points is for those who score."""

    FULL = "full"
    WEAK = "weak"
    MISSING = "missing"


STATE_NAMES = {
    State.FULL: "Đã đủ",
    State.WEAK: "Còn yếu",
    State.MISSING: "Còn thiếu",
}
MODE_NAMES = {
    Mode.SERVED: "Hệ thống tự lấy",
    Mode.PARTIAL: "Một phần tự lấy",
    Mode.FILED: "Nộp bằng tay",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of evidence: its name for people, and what makes its bytes.

    ``log`` is the id of the entry that holds its hash, with the salt; "" for what was
    drawn from the log itself. ``day``: of a paper.
    """

    title: str
    suffix: str
    make: Callable[[], bytes]
    day: date | None = None
    number: str = ""
    note: str = ""
    log: str = ""
    salt: str = ""
    position: int = -1


@dataclass(frozen=True, slots=True)
class Found:
    """What one draw (or the papers) brought: figures, a small table, files."""

    title: str
    count: int
    told: str
    is_enough: bool
    lacks: tuple[str, ...] = ()
    advice: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """An attachment with its number (1.1.a-01) and path in the dossier."""

    number: str
    path: str
    file: Attachment


@dataclass(frozen=True, slots=True)
class Section:
    """One row of the appendix with all that was found for it."""

    criterion: Criterion
    state: State
    found: tuple[Found, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    lacks: tuple[str, ...] = field(default=())
    todo: tuple[str, ...] = field(default=())


def judged(criterion: Criterion, found: Sequence[Found]) -> Section:
    """Return the section: full when all is enough, missing when nothing is there."""
    files = [one for part in found for one in part.files]
    numbered = tuple(
        Evidence(f"{criterion.number}-{at:02d}", _path(criterion, at, one), one)
        for at, one in enumerate(files, start=1)
    )
    is_full = all(one.is_enough for one in found)
    is_there = any(one.count for one in found)
    state = State.FULL if is_full and is_there else State.WEAK
    weak = [one for one in found if not one.is_enough]
    return Section(
        criterion,
        state if is_there else State.MISSING,
        tuple(found),
        numbered,
        tuple(text for one in weak for text in one.lacks),
        tuple(dict.fromkeys(one.advice for one in weak if one.advice)),
    )


def _path(criterion: Criterion, at: int, one: Attachment) -> str:
    return f"minh-chung/{criterion.number}/{criterion.number}-{at:02d}{one.suffix}"
