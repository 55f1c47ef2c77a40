"""How sure may we be that the best procedure is the one that is meant?

A logistic model over a few measures of the ranking. Its weights were fitted by
``benchmarks/nlu_accuracy.py --fit`` on example questions that were kept out of the
index and on questions about other matters; only the weight of the prior was set by
hand, because those questions name every procedure alike and citizens do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np

from nlu.index import Index, Ranking
from nlu.query import Query

MOST_CANDIDATES = 5
HEAVY = 1.6
# A colloquial phrase speaks of a group that has this share, by weight, of its
# official words.
MEANING_FITS = 0.75


@dataclass(frozen=True, slots=True)
class Evidence:
    """The best groups with their scores, and measures of how well they fit.

    ``margin`` is the lead over the second as a share of the best score, ``cosine``
    the likeness in letters, ``coverage`` the share of the telling words found,
    all 0..1; ``weight`` counts them in rarest words; ``meant`` says that a colloquial
    phrase means the best; ``prior`` is how often people ask for the best, 0..1.
    """

    groups: tuple[int, ...]
    scores: tuple[float, ...]
    margin: float
    cosine: float
    coverage: float
    weight: float
    meant: bool
    prior: float

    @property
    def features(self) -> tuple[float, ...]:
        """The measures as the model takes them."""
        return (
            min(self.margin, 0.6),
            self.cosine,
            self.coverage,
            min(self.weight, HEAVY) / HEAVY,
            float(self.meant),
            self.margin * self.coverage,
            self.prior,
        )


WEIGHTS = (3.9, 1.55, 1.7, 3.8, 0.55, 1.7, 0.4)
BIAS = -6.1


def weigh(index: Index, query: Query, ranking: Ranking) -> Evidence:
    """Return the evidence for the best groups."""
    scores = ranking.scores
    count = min(MOST_CANDIDATES, len(scores))
    top = np.argpartition(-scores, count - 1)[:count]
    order = top[np.argsort(-scores[top], kind="stable")]
    values = [float(scores[i]) for i in order]
    best = int(order[0])
    meant = _understood(index, query, best)
    coverage, weight = _coverage(index, query, best, meant)
    second = values[1] if count > 1 else 0.0
    return Evidence(
        groups=tuple(int(i) for i in order),
        scores=tuple(values),
        margin=(values[0] - second) / values[0] if values[0] > 0 else 0.0,
        cosine=min(1.0, float(ranking.cosine[best])),
        coverage=coverage,
        weight=weight,
        meant=bool(meant),
        prior=index.groups[best].prior,
    )


def confidence(evidence: Evidence) -> float:
    """Return the estimated probability that the best group is meant, 0..1."""
    total = BIAS + sum(w * f for w, f in zip(WEIGHTS, evidence.features, strict=True))
    return 1 / (1 + exp(-total))


def shares(scores: Sequence[float]) -> list[float]:
    """Return the scores as shares of a perfect fit, 0..1."""
    return [max(0.0, min(1.0, score / PERFECT)) for score in scores]


PERFECT = 4.0


def _understood(index: Index, query: Query, group: int) -> frozenset[str]:
    """Return the said words whose colloquial meaning is this group's."""
    held = index.words_of(group)
    said: set[str] = set()
    for meaning in query.meant:
        words = {token.folded for token in meaning.official}
        weights = {word: index.words.idf(word) for word in words}
        fitting = sum(weights[word] for word in words & held)
        if fitting >= MEANING_FITS * sum(weights.values()):
            said |= meaning.said
    return frozenset(said)


def _coverage(
    index: Index, query: Query, group: int, meant: frozenset[str]
) -> tuple[float, float]:
    """Return the share of the telling words that fit the group, and their weight.

    The weight is counted in words that are as rare as can be.
    """
    words = {token.folded for token in query.content} | meant
    if not words:
        return 0.0, 0.0
    fitting = index.words_of(group) | meant
    weights = {word: index.words.idf(word) for word in words}
    found = sum(weight for word, weight in weights.items() if word in fitting)
    return found / sum(weights.values()), found / index.words.highest_idf
