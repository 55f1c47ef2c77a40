"""What does a reader become with what was approved and counted, and is it better?

Training makes an artefact; measuring builds an engine over it and lets it read the
regression questions and the examples approved since the model in force was trained.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from itertools import chain
from pathlib import Path

from nlu.artefact import Artefact
from nlu.engine import Engine
from nlu.errors import NoQuestionsError
from nlu.learning import said, taught
from nlu.measure.questions import Questions, read_all
from nlu.measure.report import measure
from nlu.model import Entry, Intent, Memory, Understanding
from nlu.usage import DayCount, prior
from nlu.variants import folded, with_typos

SEED = 1
TYPED: tuple[Callable[[str], str], ...] = (
    str,
    folded,
    lambda text: with_typos(text, SEED),
)
"""An example is read as it stands, without accents, and with the same slips always."""


@dataclass(frozen=True, slots=True)
class Example:
    """An approved sentence and what it stands for: a code, or the name of an intent."""

    text: str
    label: str
    is_intent: bool = False


@dataclass(frozen=True, slots=True)
class Shelf:
    """What every engine of the unit is built from, besides what was learnt."""

    entries: Sequence[Entry]
    abbreviations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one engine reads the regression questions; None: nothing tells.

    ``first`` is acc@1 on procedures, ``intents`` macro-F1, ``outside`` the share of
    other offices' matters that were recognised; all 0..1. ``missed`` holds the numbers
    of questions whose procedure did not come first, each with the code that did ("").
    """

    first: float | None
    intents: float | None
    outside: float | None
    missed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exam:
    """How one engine did: the questions, and how often lessons were read right."""

    figures: Figures
    right: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The model in force against a new one.

    ``fresh`` counts readings of newly approved examples, ``old_right`` and
    ``new_right`` those that either got right; ``withdrawn`` counts examples that
    the new one no longer holds. ``is_same`` says that both know the same.
    """

    old: Figures
    new: Figures
    fresh: int
    old_right: int
    new_right: int
    withdrawn: int
    is_same: bool

    @property
    def lost(self) -> tuple[tuple[int, str], ...]:
        """Questions that only the new one misses, each with the code it took."""
        before = {number for number, _ in self.old.missed}
        return tuple(one for one in self.new.missed if one[0] not in before)


class _Recorder:
    """An engine that remembers what it read."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.seen: dict[str, Understanding] = {}

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Read, and remember by the text."""
        self.seen[text] = self._engine.parse(text, memory)
        return self.seen[text]


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
    for example in examples:
        if example.is_intent:
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
        wanted=wanted.wanted,
        trust=wanted.trust,
    )


def build(shelf: Shelf, artefact: Artefact | None) -> Engine:
    """Return the engine of a unit with what it learnt; None: nothing yet."""
    return Engine.build(
        taught(shelf.entries, artefact),
        abbreviations=shelf.abbreviations,
        said=said(artefact),
    )


def fresh(old: Artefact | None, new: Artefact) -> list[tuple[str, str]]:
    """Return the lessons that the new one holds and the old one does not."""
    return sorted(new.lessons - (old.lessons if old else frozenset()))


def is_same(old: Artefact | None, new: Artefact) -> bool:
    """Whether both know the same, whoever was trained when."""
    return (old or Artefact(new.unit, "", 0)).knowledge == new.knowledge


def examine(
    shelf: Shelf,
    artefact: Artefact | None,
    questions: Questions | Figures,
    lessons: Sequence[tuple[str, str]],
) -> Exam:
    """Let the engine over an artefact read the questions and the lessons.

    Figures in place of questions are taken over. Raises NoQuestionsError.
    """
    engine = build(shelf, artefact)
    if not isinstance(questions, Figures):
        questions = judge(engine, questions)
    return Exam(questions, _right(engine, lessons))


def compare(
    old: Artefact | None, new: Artefact, before: Exam, after: Exam
) -> Comparison:
    """Return the two exams side by side."""
    held = old.lessons if old else frozenset()
    return Comparison(
        old=before.figures,
        new=after.figures,
        fresh=len(fresh(old, new)) * len(TYPED),
        old_right=before.right,
        new_right=after.right,
        withdrawn=len(held - new.lessons),
        is_same=is_same(old, new),
    )


def judge(engine: Engine, questions: Questions) -> Figures:
    """Return how an engine reads the questions; raises NoQuestionsError."""
    recorder = _Recorder(engine)
    report = measure(recorder, questions, engine.twins)
    if report.procedures.first is None:
        raise NoQuestionsError
    shown = (
        (number, _first(recorder.seen[asked.text]), asked.gold)
        for number, asked in enumerate(questions.asked)
        if asked.is_procedure
    )
    return Figures(
        report.procedures.first,
        report.macro_f1,
        report.outside.caught,
        tuple((n, code) for n, code, gold in shown if not _is(engine, code, gold)),
    )


def regression_files() -> list[Path]:
    """Return the files of regression questions that ship with us."""
    folder = Path(str(resources.files("nlu"))) / "questions" / "regression"
    return sorted(folder.glob("*.jsonl"))


def regression(paths: Iterable[Path]) -> Questions:
    """Return the single questions; talks test the memory, which does not learn.

    Raises BadQuestionsError, OSError.
    """
    return Questions(read_all(paths).asked)


def basis(shelf: Shelf, paths: Iterable[Path]) -> str:
    """Return a hash (64 hex) of all that figures depend on but the artefact."""
    digest = hashlib.sha256()
    code = Path(str(resources.files("nlu")))
    ours = (p for s in ("*.py", "*.yml") for p in code.rglob(s))
    for path in chain(sorted(ours), sorted(paths)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for entry in shelf.entries:
        digest.update(repr(entry).encode() + b"\0")
    digest.update(repr(sorted(shelf.abbreviations.items())).encode())
    return digest.hexdigest()


def _right(engine: Engine, lessons: Iterable[tuple[str, str]]) -> int:
    """Return how many readings of these sentences, each typed three ways, are right."""
    return sum(
        _is_right(engine, engine.parse(change(text)), label)
        for text, label in lessons
        for change in TYPED
    )


def _is_right(engine: Engine, reading: Understanding, label: str) -> bool:
    if label in set(Intent):
        return reading.intent == label
    return _is(engine, _first(reading), (label,))


def _first(reading: Understanding) -> str:
    """Return the code that came first, "" when none did."""
    return reading.candidates[0].code if reading.candidates else ""


def _is(engine: Engine, code: str, gold: Sequence[str]) -> bool:
    """Whether the code is, or is a twin of, one of those that would be right."""
    return not {code, *engine.twins(code)}.isdisjoint(gold)
