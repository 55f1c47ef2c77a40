"""How well does a reader understand a set of questions with known answers?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nlu.model import Decision, Understanding
from nlu.ports import Reader

SHOWN = 3

Twins = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the codes of the procedures that answer it."""

    text: str
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Shares of all questions, 0..1; ``precision`` is about direct answers only.

    ``first`` and ``third``: the right procedure came first, or among the first
    three. ``answered``, ``asked``, ``sent_on``, ``refused`` and ``chatted`` add up to
    one. Times of one reading are in milliseconds.
    """

    questions: int
    first: float
    third: float
    answered: float
    asked: float
    sent_on: float
    refused: float
    chatted: float
    precision: float
    p50_ms: float
    p99_ms: float


def evaluate(reader: Reader, questions: Sequence[Question], twins: Twins) -> Report:
    """Return the report; ``twins`` names all codes of a procedure.

    Raises ``ValueError`` without questions.
    """
    if not questions:
        raise ValueError(questions)
    readings = [reader.parse(question.text) for question in questions]
    places = [
        _place(reading, question, twins)
        for reading, question in zip(readings, questions, strict=True)
    ]
    times = sorted(reading.ms for reading in readings)
    return Report(
        questions=len(questions),
        first=_share(place == 0 for place in places),
        third=_share(place is not None and place < SHOWN for place in places),
        answered=_decided(readings, Decision.ANSWER),
        asked=_decided(readings, Decision.ASK),
        sent_on=_decided(readings, Decision.ELSEWHERE),
        refused=_decided(readings, Decision.UNKNOWN),
        chatted=_decided(readings, Decision.CHAT),
        precision=_precision(readings, places),
        p50_ms=times[len(times) // 2],
        p99_ms=times[min(len(times) - 1, len(times) * 99 // 100)],
    )


def _place(reading: Understanding, question: Question, twins: Twins) -> int | None:
    """Return at which place the right procedure stands, counted from zero."""
    for place, candidate in enumerate(reading.candidates):
        if {candidate.code, *twins(candidate.code)} & set(question.gold):
            return place
    return None


def _precision(
    readings: Sequence[Understanding], places: Sequence[int | None]
) -> float:
    """Return which share of the direct answers was right; 0 without any."""
    direct = [
        place == 0
        for reading, place in zip(readings, places, strict=True)
        if reading.decision is Decision.ANSWER
    ]
    return _share(direct) if direct else 0.0


def _decided(readings: Sequence[Understanding], decision: Decision) -> float:
    """Return the share of readings with that decision."""
    return _share(reading.decision is decision for reading in readings)


def _share(flags: Iterable[bool]) -> float:
    """Return the share of flags that are true."""
    values = list(flags)
    return sum(values) / len(values)
