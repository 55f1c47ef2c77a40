"""How often is each procedure really wanted, as far as taps and answers tell?

Counts by day and procedure, of nobody in particular. Old days weigh less, few counts
move little.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

HALF_LIFE_DAYS = 30
WINDOW_DAYS = 365
"""Older days weigh less than a four-thousandth; they need not be read."""
ENOUGH = 400.0
"""With this much weight counted, what was counted is believed half."""
MOST_TRUST = 600
"""In thousandths: what the catalogue says of itself never counts for nothing."""


class Sign(StrEnum):
    """What somebody did that tells that a procedure was wanted, or was not."""

    TAP = "tap"
    ANSWER = "answer"
    WRONG = "wrong"


WEIGHTS: Mapping[Sign, float] = {Sign.TAP: 1.0, Sign.ANSWER: 0.3, Sign.WRONG: -1.0}
"""An answer is our own guess: it counts, but cannot confirm itself for ever."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """How often a sign was seen for a procedure on one day (local to the commune)."""

    day: date
    code: str
    sign: Sign
    count: int


@dataclass(frozen=True, slots=True)
class Prior:
    """How often a procedure is wanted, and how far that is believed: thousandths."""

    wanted: Mapping[str, int]
    trust: int


def prior(counts: Iterable[DayCount], today: date) -> Prior:
    """Return the prior that follows from the counts; nothing from nothing."""
    weights = {code: w for code, w in _weights(counts, today).items() if w > 0}
    if not weights:
        return Prior({}, 0)
    top = math.log1p(max(weights.values()))
    wanted = {c: round(1000 * math.log1p(w) / top) for c, w in weights.items()}
    total = sum(weights.values())
    trust = min(MOST_TRUST, round(1000 * total / (total + ENOUGH)))
    return Prior({c: w for c, w in sorted(wanted.items()) if w}, trust)


def blended(own: float, wanted: int, trust: int) -> float:
    """Return the prior (0..1) of an entry: its own, moved towards what was counted."""
    return own + (wanted / 1000 - own) * trust / 1000


def _weights(counts: Iterable[DayCount], today: date) -> dict[str, float]:
    """Return the decayed weight of each procedure; a day to come counts as today."""
    weights: defaultdict[str, float] = defaultdict(float)
    for one in _ordered(counts):
        age = max(0, (today - one.day).days)
        faded = 0.5 ** (age / HALF_LIFE_DAYS)
        weights[one.code] += WEIGHTS[one.sign] * one.count * faded
    return weights


def _ordered(counts: Iterable[DayCount]) -> Sequence[DayCount]:
    """Sums of floats depend on their order: the same counts give the same bytes."""
    return sorted(counts, key=lambda one: (one.day, one.code, one.sign))
