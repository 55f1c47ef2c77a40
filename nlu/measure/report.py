"""How good are the readings of many questions? One report for one way of typing.

Every figure is a share, 0..1, or None when the questions say nothing about it; times
are milliseconds of one reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlu.measure.counts import (
    Bin,
    Score,
    bins,
    calibration_error,
    confusions,
    percentile,
    score,
    share,
)
from nlu.measure.questions import Asked, Questions
from nlu.model import Candidate, Decision, Facet, Intent, Memory, Understanding
from nlu.ports import Reader

SHOWN = 3
NOT_OURS = frozenset({Decision.ELSEWHERE, Decision.UNKNOWN, Decision.CHAT})
STEPS = tuple(step / 20 for step in range(20))

Twins = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Read:
    """A question, what was understood, and the place of the right procedure, from 0."""

    asked: Asked
    seen: Understanding
    place: int | None


@dataclass(frozen=True, slots=True)
class Procedures:
    """Questions about one procedure of the commune."""

    questions: int
    first: float | None
    third: float | None
    answered: float | None
    offered: float | None
    sent_on: float | None
    refused: float | None
    chatted: float | None
    precision: float | None
    one_tap: float | None
    calibration: tuple[Bin, ...]
    calibration_error: float | None


@dataclass(frozen=True, slots=True)
class Outside:
    """Matters of other offices, and talk that is no matter at all.

    ``curve`` holds (least confidence, share caught, share of ours lost).
    """

    matters: int
    caught: float | None
    named: float | None
    chatter: int
    chatter_caught: float | None
    false_alarms: float | None
    curve: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything measured about one way of typing."""

    procedures: Procedures
    outside: Outside
    intents: dict[Intent, Score]
    macro_f1: float | None
    confusions: tuple[tuple[Intent, Intent, int], ...]
    facets: dict[Facet, Score]
    several: tuple[int, float | None]
    talks: tuple[int, float | None]
    p50_ms: float | None
    p99_ms: float | None


def measure(reader: Reader, questions: Questions, twins: Twins) -> Report:
    """Return the report; ``twins`` names all codes of a procedure."""
    read = [_read(reader, asked, twins) for asked in questions.asked]
    turns = [turn for talk in questions.talks for turn in _talk(reader, talk, twins)]
    labelled = [
        (r.asked.intent, r.seen.intent) for r in read if r.asked.intent is not None
    ]
    intents = _intents(labelled)
    several = [r for r in read if len(r.asked.needs) > 1]
    times = [r.seen.ms for r in read]
    return Report(
        procedures=_procedures([r for r in read if r.asked.is_procedure]),
        outside=_outside(read),
        intents=intents,
        macro_f1=_mean(one.f1 for one in intents.values()),
        confusions=tuple(confusions(labelled)),
        facets=_facets(read),
        several=(len(several), share(_all_found(r, twins) for r in several)),
        talks=(len(turns), share(turns)),
        p50_ms=percentile(times, 50),
        p99_ms=percentile(times, 99),
    )


def _read(
    reader: Reader, asked: Asked, twins: Twins, memory: Memory | None = None
) -> Read:
    seen = reader.parse(asked.text, memory)
    return Read(asked, seen, _place(seen.candidates, asked.gold, twins))


def _place(
    candidates: Iterable[Candidate], gold: Sequence[str], twins: Twins
) -> int | None:
    """Return at which place the right procedure stands, counted from zero."""
    for place, candidate in enumerate(candidates):
        if {candidate.code, *twins(candidate.code)} & set(gold):
            return place
    return None


def _procedures(read: Sequence[Read]) -> Procedures:
    direct = [r for r in read if r.seen.decision is Decision.ANSWER]
    classes = bins((r.seen.confidence, r.place == 0) for r in read)

    def decided(decision: Decision) -> float | None:
        return share(r.seen.decision is decision for r in read)

    return Procedures(
        questions=len(read),
        first=share(r.place == 0 for r in read),
        third=share(_is_shown(r) for r in read),
        answered=decided(Decision.ANSWER),
        offered=decided(Decision.ASK),
        sent_on=decided(Decision.ELSEWHERE),
        refused=decided(Decision.UNKNOWN),
        chatted=decided(Decision.CHAT),
        precision=share(r.place == 0 for r in direct),
        one_tap=share(map(_is_resolved, read)),
        calibration=tuple(classes),
        calibration_error=calibration_error(classes),
    )


def _is_shown(read: Read) -> bool:
    """Whether the right procedure is among the first three."""
    return read.place is not None and read.place < SHOWN


def _is_resolved(read: Read) -> bool:
    """Whether the answer is right at once, or by one tap on a button offered."""
    if read.seen.decision is Decision.ANSWER:
        return read.place == 0
    return read.seen.decision is Decision.ASK and _is_shown(read)


def _outside(read: Sequence[Read]) -> Outside:
    foreign = [r for r in read if r.asked.foreign]
    chatter = [r for r in read if r.asked.intent is Intent.OUT_OF_SCOPE]
    ours = [r for r in read if r.asked.is_procedure]
    coded = [r for r in foreign if r.asked.gold]
    return Outside(
        matters=len(foreign),
        caught=share(map(_is_declined, foreign)),
        named=share(_is_shown(r) for r in coded),
        chatter=len(chatter),
        chatter_caught=share(map(_is_declined, chatter)),
        false_alarms=share(map(_is_declined, ours)),
        curve=tuple(_curve([*foreign, *chatter], ours)),
    )


def _is_declined(read: Read) -> bool:
    """Whether no procedure of the commune was answered or offered."""
    return read.seen.decision in NOT_OURS


def _curve(
    others: Sequence[Read], ours: Sequence[Read]
) -> Iterable[tuple[float, float, float]]:
    """Yield what every threshold of confidence would catch, and lose."""
    if not others or not ours:
        return
    for least in STEPS:
        caught, lost = (
            share(_is_declined(r) or r.seen.confidence < least for r in some) or 0.0
            for some in (others, ours)
        )
        yield least, caught, lost


def _intents(pairs: Sequence[tuple[Intent, Intent]]) -> dict[Intent, Score]:
    """Return the score of every intent that occurs among the right ones."""
    return {
        intent: score((right is intent, said is intent) for right, said in pairs)
        for intent in Intent
        if any(right is intent for right, _ in pairs)
    }


def _facets(read: Iterable[Read]) -> dict[Facet, Score]:
    """Return the score of every facet, over the questions that tell theirs."""
    told = [(r.asked.facets, r.seen.facets) for r in read if r.asked.facets is not None]
    found = {
        facet: score((facet in right, facet in seen) for right, seen in told)
        for facet in Facet
    }
    return {facet: one for facet, one in found.items() if one.support}


def _all_found(read: Read, twins: Twins) -> bool:
    """Whether every matter of the message is answered or offered."""
    parts = (read.seen, *read.seen.others)
    shown = [c for part in parts for c in part.candidates[:SHOWN]]
    return all(_place(shown, gold, twins) is not None for gold in read.asked.needs)


def _talk(reader: Reader, talk: Sequence[Asked], twins: Twins) -> Iterable[bool]:
    """Yield for every turn whether it was understood in the light of the others."""
    memory = Memory()
    for asked in talk:
        read = _read(reader, asked, twins, memory)
        yield _is_turn_right(read)
        memory = _remember(memory, read.seen)


def _is_turn_right(read: Read) -> bool:
    if read.asked.intent is not None and read.seen.intent is not read.asked.intent:
        return False
    if read.asked.gold and not _is_shown(read):
        return False
    return not read.asked.facets or set(read.seen.facets) >= read.asked.facets


def _remember(memory: Memory, seen: Understanding) -> Memory:
    """Return what a handler would keep after this reading."""
    codes = tuple(candidate.code for candidate in seen.candidates[:SHOWN])
    if seen.decision is Decision.ANSWER:
        return Memory(codes[0], (), seen.facets)
    if seen.decision is Decision.ASK:
        return Memory(memory.code, codes, seen.facets or memory.facets)
    return memory


def _mean(values: Iterable[float]) -> float | None:
    found = list(values)
    return sum(found) / len(found) if found else None
