"""What is a criterion, and what may be shown for it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Level(StrEnum):
    """A row of the appendix: a great criterion, a heading, or what is scored."""

    CRITERION = "criterion"
    GROUP = "group"
    ITEM = "item"


class Mode(StrEnum):
    """Who brings the evidence of a row: the system, both, or only people."""

    SERVED = "served"
    PARTIAL = "partial"
    FILED = "filed"


class Source(StrEnum):
    """From where evidence is drawn; each is one function of the dossier builder."""

    ENTRIES = "entries"
    CASES = "cases"
    LETTERS = "letters"
    ROSTER = "roster"
    REPLIES = "replies"
    SURVEY = "survey"
    ONLINE = "online"
    PUBLISHED = "published"
    TALKS = "talks"


class Every(StrEnum):
    """In which spans something is wanted each time; ONCE: once in all."""

    ONCE = ""
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Papers:
    """What people file by hand: at least ``need``, in each span of ``every``."""

    what: str
    need: int = 1
    every: Every = Every.ONCE


@dataclass(frozen=True, slots=True)
class Draw:
    """Something the log can tell; ``where`` is a field and the values that count.

    ``most`` is how many talks or letters are shown. ``advice`` is said when there is
    too little.
    """

    source: Source
    title: str
    tags: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    kinds: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    need: int = 1
    every: Every = Every.ONCE
    most: int = 2
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row; ``number`` is how evidence is numbered, ``score`` what it may earn."""

    id: str
    number: str
    level: Level
    title: str
    lead: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    product: str = ""
    when: str = ""
    note: str = ""
    score: float | None = None
    mode: Mode = Mode.FILED
    papers: Papers | None = None
    draws: tuple[Draw, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether it is a row that is scored."""
        return self.level is Level.ITEM


@dataclass(frozen=True, slots=True)
class Criteria:
    """A whole set, in the order of its document; ``source`` says which that is."""

    name: str
    source: Mapping[str, str]
    rows: tuple[Criterion, ...]

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """The rows that are scored."""
        return tuple(row for row in self.rows if row.is_scored)

    def named(self, criterion_id: str) -> Criterion | None:
        """Return a row by its id."""
        return next((row for row in self.rows if row.id == criterion_id), None)
