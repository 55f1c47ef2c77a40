"""Which questions does a new model have to answer, and which of them must hold?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from nlu.measure.questions import Asked, read_all


class Kind(StrEnum):
    """What a question tells of a reader."""

    PROCEDURE = "procedure"
    INTENT = "intent"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Paper:
    """Questions with answers; ``held`` numbers those that must hold."""

    asked: tuple[Asked, ...] = ()
    held: frozenset[int] = frozenset()


def regression_files() -> list[Path]:
    """Return the files of regression questions that ship with us."""
    return sorted((_folder() / "regression").glob("*.jsonl"))


def held_files() -> list[Path]:
    """Return the file of questions that no lesson may cost."""
    return [_folder() / "must_hold.jsonl"]


def paper(files: Iterable[Path], held: Iterable[Path] = ()) -> Paper:
    """Return the paper; talks test the memory, which does not learn.

    Questions of several matters at once are left out: they read like single ones.
    Raises BadQuestionsError, OSError.
    """
    shipped = [one for one in read_all(files).asked if kind_of(one)]
    must = [one for one in read_all(held).asked if kind_of(one)]
    numbers = range(len(shipped), len(shipped) + len(must))
    return Paper((*shipped, *must), frozenset(numbers))


def kind_of(asked: Asked) -> Kind | None:
    """Return what the question tells, None when it is none of ours to compare."""
    if asked.foreign:
        return Kind.OUTSIDE
    if asked.is_procedure:
        return Kind.PROCEDURE
    return Kind.INTENT if asked.intent is not None and not asked.needs else None


def _folder() -> Path:
    return Path(str(resources.files("nlu"))) / "questions"
