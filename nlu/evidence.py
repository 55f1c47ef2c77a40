"""How sure may we be that the best procedure is the one that is meant?

A logistic model over a few measures of the ranking. Its weights were fitted by
``benchmarks/nlu_fit.py`` on the questions in ``nlu/questions/dev``: our own matters,
matters of others and talk about anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np

from nlu.index import MEANING_FITS, Index, Ranking
from nlu.query import Query
from nlu.weights import CONFIDENCE, CONFIDENCE_BIAS

MOST_CANDIDATES = 5
HEAVY = 2.0
# How sure we are of a usual matter asked for outright, and what counts as that.
OUTRIGHT = 0.9
FULL = 0.99
ALIKE = 0.8
# Odds beyond this say nothing more.
SUREST = 6.0
FEATURES = (
    "odds",  # the log odds of the best in the ranking
    "lead",  # its lead over the second
    "coverage",  # the share of the telling words that fit it
    "weight",  # how telling they are together
    "missing",  # how telling the most telling word is that does not fit
    "letters",  # the likeness in letters
    "text",  # the likeness of its best text
    "meant",  # whether a colloquial phrase means it
    "prior",  # how often people ask for it
    "commune",  # whether the commune does it
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best groups with their probabilities in the ranking, and how well they fit.

    ``outside`` is the probability, 0..1, of all that the commune does not do.
    """

    groups: tuple[int, ...]
    probabilities: tuple[float, ...]
    outside: float
    features: tuple[float, ...]


NOTHING = Evidence((0,), (0.0,), 0.0, (0.0,) * len(FEATURES))
"""What speaks for any procedure when none was named."""


def weigh(index: Index, query: Query, ranking: Ranking) -> Evidence:
    """Return the evidence for the best groups."""
    shares = ranking.probabilities
    count = min(MOST_CANDIDATES, len(shares))
    top = np.argpartition(-shares, count - 1)[:count]
    order = [int(i) for i in top[np.argsort(-shares[top], kind="stable")]]
    values = [float(shares[i]) for i in order]
    return Evidence(
        groups=tuple(order),
        probabilities=tuple(values),
        outside=float(shares[~index.is_commune].sum()),
        features=_features(index, query, ranking, order, values),
    )


def confidence(evidence: Evidence) -> float:
    """Return the estimated probability that the best group is meant, 0..1."""
    pairs = zip(CONFIDENCE, evidence.features, strict=True)
    fitted = 1 / (1 + exp(-CONFIDENCE_BIAS - sum(w * f for w, f in pairs)))
    return max(fitted, OUTRIGHT) if _is_outright(evidence) else fitted


def _is_outright(evidence: Evidence) -> bool:
    """Whether what people ask for most was asked in nearly the words we know.

    The fitting questions ask for rare matters as often as for usual ones; people say
    "làm khai sinh" and mean the usual one.
    """
    told = dict(zip(FEATURES, evidence.features, strict=True))
    is_usual = told["prior"] >= 1 and told["commune"] >= 1
    return is_usual and told["coverage"] >= FULL and told["text"] >= ALIKE


def _features(
    index: Index,
    query: Query,
    ranking: Ranking,
    order: Sequence[int],
    values: Sequence[float],
) -> tuple[float, ...]:
    """Return the measures named in ``FEATURES``, all about 0..1."""
    best = order[0]
    meant = _understood(index, query, best)
    words = {token.folded for token in query.content} | meant
    fitting = words & (index.words_of(best) | meant)
    total = sum(map(index.words.idf, words))
    found = sum(map(index.words.idf, fitting))
    missing = max(map(index.words.idf, words - fitting), default=0.0)
    second = values[1] if len(values) > 1 else 0.0
    return (
        _odds(values[0]) / SUREST,
        values[0] - second,
        found / total if total else 0.0,
        min(found / index.words.highest_idf, HEAVY) / HEAVY,
        missing / index.words.highest_idf,
        min(1.0, ranking.measure("letters_raw", best)),
        ranking.measure("text", best),
        float(bool(meant)),
        index.groups[best].prior,
        float(index.groups[best].commune),
    )


def _odds(share: float) -> float:
    """Return the log odds of a probability, bounded."""
    least = 1e-4
    bounded = min(max(share, least), 1 - least)
    return max(-SUREST, min(SUREST, log(bounded / (1 - bounded))))


def _understood(index: Index, query: Query, group: int) -> frozenset[str]:
    """Return the said words whose colloquial meaning is this group's."""
    held = index.words_of(group)
    said: set[str] = set()
    for meaning in query.meant:
        words = {token.folded for token in meaning.official}
        fitting = sum(map(index.words.idf, words & held))
        if fitting >= MEANING_FITS * sum(map(index.words.idf, words)):
            said |= meaning.said
    return frozenset(said)
