"""Which figures follow from readings and what was right? Pure arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean of one label, 0..1."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings of about one confidence: how sure they were, how often right, 0..1."""

    confidence: float
    right: float
    readings: int


def share(flags: Iterable[bool]) -> float | None:
    """Return the share of flags that are true, None of nothing."""
    values = list(flags)
    return sum(values) / len(values) if values else None


def score(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """Return the score of one label from (was right, was said) pairs."""
    counted = Counter(pairs)
    hit = counted[True, True]
    said = hit + counted[False, True]
    right = hit + counted[True, False]
    precision = hit / said if said else 0.0
    recall = hit / right if right else 0.0
    total = precision + recall
    f1 = 2 * precision * recall / total if total else 0.0
    return Score(precision, recall, f1, right)


def bins(rated: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Return (confidence, right) pairs in ten classes of confidence, none empty."""
    classes: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in rated:
        place = min(int(confidence * BINS), BINS - 1)
        classes.setdefault(place, []).append((confidence, right))
    return [
        Bin(
            sum(c for c, _ in found) / len(found),
            sum(r for _, r in found) / len(found),
            len(found),
        )
        for _, found in sorted(classes.items())
    ]


def calibration_error(classes: Sequence[Bin]) -> float | None:
    """Return the expected calibration error, 0..1, None without readings."""
    total = sum(one.readings for one in classes)
    if not total:
        return None
    gaps = (abs(one.confidence - one.right) * one.readings for one in classes)
    return sum(gaps) / total


def confusions(pairs: Iterable[tuple[T, T]]) -> list[tuple[T, T, int]]:
    """Return (right, said, how often) of what was mistaken, most frequent first."""
    counted = Counter((right, said) for right, said in pairs if right != said)
    return [(right, said, times) for (right, said), times in counted.most_common()]


def percentile(values: Iterable[float], percent: int) -> float | None:
    """Return the value below which that percentage lies, None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
