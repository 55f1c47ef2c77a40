"""What does a reader become with what was approved and counted?

Training makes an artefact; an engine is built over the catalogue and the artefact.
Whether it is better is the matter of ``nlu.exam``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import chain
from pathlib import Path

from nlu.artefact import MEANS, Artefact
from nlu.engine import Engine
from nlu.learning import said, taught, words
from nlu.model import Entry, Intent
from nlu.usage import DayCount, prior

READING = ("*.py", "measure/*.py", "data/**/*.yml", "data/*.npz")
"""Code and data of the embedded reader and of measuring it, below ``nlu``."""


@dataclass(frozen=True, slots=True)
class Example:
    """An approved sentence and what it stands for: a code, or the name of an intent.

    A local word has a label that begins with ``MEANS``, followed by its full form.
    """

    text: str
    label: str
    is_intent: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """What every engine of the unit is built from, besides what was learnt."""

    entries: Sequence[Entry]
    abbreviations: Mapping[str, str]


def train(
    artefact: Artefact,
    examples: Iterable[Example],
    counts: Iterable[DayCount],
    today: date,
) -> Artefact:
    """Return the artefact filled: same examples and counts, same knowledge.

    ``artefact`` names unit, model and time. ``today`` is local to the commune.
    """
    sentences: dict[str, set[str]] = {}
    intents: set[tuple[str, Intent]] = set()
    local: dict[str, str] = {}
    for example in examples:
        if example.label.startswith(MEANS):
            local[example.text] = example.label.removeprefix(MEANS)
        elif example.is_intent:
            intents.add((example.text, Intent(example.label)))
        else:
            sentences.setdefault(example.label, set()).add(example.text)
    wanted = prior(counts, today)
    return Artefact(
        unit=artefact.unit,
        model=artefact.model,
        trained_at=artefact.trained_at,
        examples={code: tuple(sorted(v)) for code, v in sorted(sentences.items())},
        said=tuple(sorted(intents)),
        words=dict(sorted(local.items())),
        wanted=wanted.wanted,
        trust=wanted.trust,
    )


def build(shelf: Shelf, artefact: Artefact | None) -> Engine:
    """Return the engine of a unit with what it learnt; None: nothing yet.

    A short form in the unit's configuration goes before one that was learnt.
    """
    return Engine.build(
        taught(shelf.entries, artefact),
        abbreviations={**words(artefact), **shelf.abbreviations},
        said=said(artefact),
    )


def fresh(old: Artefact | None, new: Artefact) -> list[tuple[str, str]]:
    """Return the lessons that the new one holds and the old one does not."""
    return sorted(new.lessons - (old.lessons if old else frozenset()))


def is_same(old: Artefact | None, new: Artefact) -> bool:
    """Whether both know the same, whoever was trained when."""
    return (old or Artefact(new.unit, "", 0)).knowledge == new.knowledge


def basis(shelf: Shelf, paths: Iterable[Path]) -> str:
    """Return a hash (64 hex) of all that figures depend on but the artefact."""
    digest = hashlib.sha256()
    code = Path(str(resources.files("nlu")))
    ours = (path for pattern in READING for path in code.glob(pattern))
    for path in chain(sorted(ours), sorted(paths)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for entry in shelf.entries:
        digest.update(repr(entry).encode() + b"\0")
    digest.update(repr(sorted(shelf.abbreviations.items())).encode())
    return digest.hexdigest()
