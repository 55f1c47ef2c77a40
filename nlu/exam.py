"""How do two readers compare, question by question?

Both read the questions that ship with us and what the unit itself taught. Shares alone
would not tell a model that lost ten questions and won ten others from one that changed
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlu.artefact import MEANS, Artefact
from nlu.engine import Engine
from nlu.errors import NoQuestionsError
from nlu.measure.questions import Asked
from nlu.measure.report import NOT_OURS
from nlu.model import Decision, Intent, Understanding
from nlu.paper import Kind, Paper, kind_of
from nlu.train import Shelf, build, fresh, is_same
from nlu.variants import folded, with_typos

SEED = 1
TYPED: tuple[Callable[[str], str], ...] = (
    str,
    folded,
    lambda text: with_typos(text, SEED),
)
"""An example is read as it stands, without accents, and with the same slips always."""
MOST_KEPT = 200
"""Earlier lessons that are read again; each costs as much time as a question."""

Missed = tuple[tuple[int, str], ...]
Lesson = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """How one reader did on a paper.

    ``first`` is acc@1 on procedures, ``intents`` the share of intents told right,
    ``outside`` the share of other offices' matters that were recognised; 0..1, None:
    nothing tells. ``missed`` holds the numbers of all questions read wrongly, each
    with what it was taken for ("" for nothing).
    """

    first: float | None
    intents: float | None
    outside: float | None
    missed: Missed = ()


@dataclass(frozen=True, slots=True)
class Exam:
    """How one reader did: on the paper, on new lessons, on those it had before.

    ``right`` counts readings of new lessons; ``learnt`` counts each lesson once, by the
    share of its readings that are right. ``otherwise`` are new lessons that it would
    have answered outright with another procedure, each with its code.
    """

    figures: Figures
    right: int = 0
    learnt: float = 0.0
    kept: tuple[bool, ...] = ()
    otherwise: tuple[Lesson, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """Questions of a kind that only the old one got right, or only the new one."""

    kind: Kind
    lost: int
    won: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The model in force (``old``) against a new one.

    ``since`` is what small losses are added up from: the first model that was
    measured over the same catalogue and questions. ``fresh`` counts readings of
    newly approved lessons, ``old_right`` and ``new_right`` those that either got
    right, ``learnt`` the lessons gained; ``forgotten`` and ``recalled`` count earlier
    lessons that only the old, or only the new one reads right. ``withdrawn`` counts
    lessons that the new one no longer holds, ``held_lost`` lost questions that must
    hold.
    """

    old: Figures
    new: Figures
    since: Figures
    changes: tuple[Tally, ...] = ()
    drift: tuple[Tally, ...] = ()
    held_lost: int = 0
    fresh: int = 0
    old_right: int = 0
    new_right: int = 0
    learnt: float = 0.0
    forgotten: int = 0
    recalled: int = 0
    withdrawn: int = 0
    is_same: bool = False

    @property
    def lost(self) -> Missed:
        """Questions that only the new one misses, each with what it took them for."""
        return _lost(self.old, self.new)

    @property
    def gain(self) -> float:
        """What was won less what was lost, questions and lessons together."""
        asked = sum(one.won - one.lost for one in self.changes)
        return asked + self.learnt + self.recalled - self.forgotten


def examine(
    shelf: Shelf,
    artefact: Artefact | None,
    questions: Paper | Figures,
    lessons: Sequence[Lesson],
    kept: Sequence[Lesson] = (),
) -> Exam:
    """Let the reader over an artefact read the questions and the lessons.

    Figures in place of questions are taken over. Raises NoQuestionsError.
    """
    engine = build(shelf, artefact)
    if not isinstance(questions, Figures):
        questions = judge(engine, questions)
    told = [[_is_right(engine, *r) for r in readings([one])] for one in lessons]
    return Exam(
        figures=questions,
        right=sum(map(sum, told)),
        learnt=sum(sum(one) / len(one) for one in told),
        kept=tuple(_is_right(engine, *one) for one in kept),
        otherwise=tuple(_otherwise(engine, lessons)),
    )


def judge(engine: Engine, questions: Paper) -> Figures:
    """Return how an engine reads the questions; raises NoQuestionsError."""
    seen = [_seen(engine, asked) for asked in questions.asked]
    kinds = [kind_of(asked) for asked in questions.asked]
    missed = tuple((n, said) for n, (said, right) in enumerate(seen) if not right)
    shares = {
        kind: _share(
            right for k, (_, right) in zip(kinds, seen, strict=True) if k == kind
        )
        for kind in Kind
    }
    if shares[Kind.PROCEDURE] is None:
        raise NoQuestionsError
    return Figures(
        shares[Kind.PROCEDURE], shares[Kind.INTENT], shares[Kind.OUTSIDE], missed
    )


def compare(
    models: tuple[Artefact | None, Artefact],
    exams: tuple[Exam, Exam],
    questions: Paper,
    since: Figures | None = None,
) -> Comparison:
    """Return the exams of the old and the new model side by side."""
    (old, new), (before, after) = models, exams
    since = since or before.figures
    pairs = list(zip(before.kept, after.kept, strict=True))
    lost = _lost(before.figures, after.figures)
    return Comparison(
        old=before.figures,
        new=after.figures,
        since=since,
        changes=_tallies(before.figures, after.figures, questions),
        drift=_tallies(since, after.figures, questions),
        held_lost=sum(number in questions.held for number, _ in lost),
        fresh=len(readings(fresh(old, new))),
        old_right=before.right,
        new_right=after.right,
        learnt=after.learnt - before.learnt,
        forgotten=pairs.count((True, False)),
        recalled=pairs.count((False, True)),
        withdrawn=len((old.lessons if old else frozenset()) - new.lessons),
        is_same=is_same(old, new),
    )


def kept(old: Artefact | None, new: Artefact) -> list[Lesson]:
    """Return lessons that both hold, spread evenly when there are too many."""
    both = sorted(new.lessons & old.lessons) if old else []
    step = max(1, -(-len(both) // MOST_KEPT))
    return both[::step]


def readings(lessons: Iterable[Lesson]) -> list[Lesson]:
    """Return the lessons as they are read: sentences typed three ways, words once."""
    return [
        (change(text), label)
        for text, label in lessons
        for change in (TYPED[:1] if label.startswith(MEANS) else TYPED)
    ]


def _seen(engine: Engine, asked: Asked) -> tuple[str, bool]:
    """Return what a question was taken for, and whether that is right."""
    reading = engine.parse(asked.text)
    kind, code = kind_of(asked), _first(reading)
    if kind is Kind.OUTSIDE:
        return code, reading.decision in NOT_OURS
    if kind is Kind.INTENT:
        return reading.intent.value, reading.intent is asked.intent
    return code, _is(engine, code, asked.gold)


def _is_right(engine: Engine, text: str, label: str) -> bool:
    reading = engine.parse(text)
    if label.startswith(MEANS):
        return _same(reading, engine.parse(label.removeprefix(MEANS)))
    if label in set(Intent):
        return reading.intent == label
    return _is(engine, _first(reading), (label,))


def _otherwise(engine: Engine, lessons: Iterable[Lesson]) -> Iterator[Lesson]:
    for text, label in lessons:
        reading = engine.parse(text)
        code = _first(reading)
        is_sure = reading.decision is Decision.ANSWER and not label.startswith(MEANS)
        if is_sure and not _is(engine, code, (label,)):
            yield text, code


def _same(one: Understanding, other: Understanding) -> bool:
    """Whether a local word is read as what it stands for."""
    return (one.intent, _first(one)) == (other.intent, _first(other))


def _first(reading: Understanding) -> str:
    """Return the code that came first, "" when none did."""
    return reading.candidates[0].code if reading.candidates else ""


def _is(engine: Engine, code: str, gold: Sequence[str]) -> bool:
    """Whether the code is, or is a twin of, one of those that would be right."""
    return not {code, *engine.twins(code)}.isdisjoint(gold)


def _lost(old: Figures, new: Figures) -> Missed:
    before = {number for number, _ in old.missed}
    return tuple(one for one in new.missed if one[0] not in before)


def _tallies(old: Figures, new: Figures, questions: Paper) -> tuple[Tally, ...]:
    lost, won = (
        _numbers(_lost(old, new), questions),
        _numbers(_lost(new, old), questions),
    )
    return tuple(Tally(kind, lost[kind], won[kind]) for kind in Kind)


def _numbers(missed: Missed, questions: Paper) -> Mapping[Kind, int]:
    kinds = [kind_of(questions.asked[number]) for number, _ in missed]
    return {kind: kinds.count(kind) for kind in Kind}


def _share(flags: Iterable[bool]) -> float | None:
    values = list(flags)
    return sum(values) / len(values) if values else None
