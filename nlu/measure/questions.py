"""Which questions with known answers are in a file?

JSON lines. A line holds ``q`` and what is right about it: ``gold`` (codes, any of
them), ``needs`` (several matters, codes for each), ``intent``, ``facets``, ``scope``
("elsewhere" for what others settle), or it holds ``turns``, the questions of one talk.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlu.errors import BadQuestionsError
from nlu.model import Facet, Intent

ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and what is right about it; None means that nothing was said.

    ``needs`` holds one tuple of acceptable codes for each matter; a plain ``gold`` is
    one matter. ``foreign`` says that other offices settle it.
    """

    text: str
    needs: tuple[tuple[str, ...], ...] = ()
    intent: Intent | None = None
    facets: frozenset[Facet] | None = None
    foreign: bool = False

    @property
    def gold(self) -> tuple[str, ...]:
        """The codes that answer the first (mostly the only) matter."""
        return self.needs[0] if self.needs else ()

    @property
    def is_procedure(self) -> bool:
        """Whether it asks about one procedure that the commune does."""
        return len(self.needs) == 1 and not self.foreign


@dataclass(frozen=True, slots=True)
class Questions:
    """Single questions and whole talks."""

    asked: tuple[Asked, ...] = ()
    talks: tuple[tuple[Asked, ...], ...] = ()


def read_all(paths: Iterable[Path]) -> Questions:
    """Return the questions of several files, or folders of them, in order of name.

    Raises ``BadQuestionsError`` naming the file and line, ``OSError`` when unreadable.
    """
    asked: list[Asked] = []
    talks: list[tuple[Asked, ...]] = []
    for path in _files(paths):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                item = _item(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise BadQuestionsError(f"{path.name}:{number}") from error
            if isinstance(item, Asked):
                asked.append(item)
            else:
                talks.append(item)
    return Questions(tuple(asked), tuple(talks))


def _files(paths: Iterable[Path]) -> list[Path]:
    """Return the files; of a folder all that end in .jsonl."""
    return [
        file
        for path in paths
        for file in (sorted(path.glob("*.jsonl")) if path.is_dir() else [path])
    ]


def _item(row: dict[str, Any]) -> Asked | tuple[Asked, ...]:
    if "turns" in row:
        return tuple(_asked(turn) for turn in row["turns"])
    return _asked(row)


def _asked(row: dict[str, Any]) -> Asked:
    """Return one question; raises KeyError, TypeError or ValueError for a bad one."""
    gold = row.get("gold") or ()
    needs = row.get("needs") or ([gold] if gold else [])
    named = row.get("intent")
    facets = row.get("facets")
    return Asked(
        text=_text(row["q"]),
        needs=tuple(tuple(map(_text, codes)) for codes in needs),
        intent=Intent(named) if named else None,
        facets=None if facets is None else frozenset(map(Facet, facets)),
        foreign=row.get("scope") == ELSEWHERE,
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError(value)
    return value
