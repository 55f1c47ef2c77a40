"""Which procedures may the citizen mean, and how well do they fit?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlu.abbreviations import Abbreviations
from nlu.bm25 import Bm25
from nlu.errors import DuplicateCodeError, EmptyIndexError
from nlu.letters import Letters
from nlu.model import Entry
from nlu.normalise import Token, tokenise
from nlu.qualifiers import Qualifiers
from nlu.query import Query, Run
from nlu.sparse import Floats
from nlu.twins import Group, merge

COSINE_WEIGHT = 0.7
ACCENT_WEIGHT = 0.4
# How much the meaning of colloquial phrases counts beside the words as said, and how
# much more when they are all that was said and no text is spelt like it.
MEANT_SHARE = 0.4
MEANT_ALONE = 2.5
MEANT_COSINE = 0.8
BREADTH_WEIGHT = 0.5
PRIOR_BONUS = 0.10
ELSEWHERE_FACTOR = 0.93


@dataclass(frozen=True, slots=True)
class Ranking:
    """All groups' scores, and the raw cosine that tells a weak best from a good."""

    scores: Floats
    cosine: Floats


class Index:
    """The search index over procedures; immutable after it is built."""

    def __init__(self, entries: Sequence[Entry], abbreviations: Abbreviations) -> None:
        if not entries:
            raise EmptyIndexError
        _refuse_duplicates(entries)
        self.groups: list[Group] = merge(entries)
        texts = [_texts(group, abbreviations) for group in self.groups]
        rows = [row for group in texts for row in group]
        sizes = [len(group) for group in texts]
        self._starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
        self._roots = np.sqrt(sizes)
        folded = [[token.folded for token in row] for row in rows]
        self.words = Bm25(folded)
        self._letters = Letters(folded, self.words.words)
        self._typed = Bm25([[token.typed for token in row] for row in rows])
        names = [" ".join(t.folded for t in group[0]) for group in texts]
        self._qualifiers = Qualifiers(names)
        self._held = [
            frozenset(t.folded for row in group for t in row) for group in texts
        ]
        self._boost = np.array([_boost(group) for group in self.groups])

    def rank(self, query: Query) -> Ranking:
        """Return the score of every group for the query."""
        said, cosine = self._fit(query.said, query.accented)
        total = said
        if query.meant:
            runs = [(meaning.official, 1.0) for meaning in query.meant]
            meant, close = self._fit(runs, 0.0)
            strange = (1 - float(cosine.max())) ** 2
            share = MEANT_SHARE + MEANT_ALONE * strange * _explained(query)
            total = total + share * meant
            cosine = np.maximum(cosine, MEANT_COSINE * close)
        total = total * self._qualifiers.factors(query.topic) * self._boost
        return Ranking(total, cosine)

    def words_of(self, group: int) -> frozenset[str]:
        """Return the folded words under which the group is found."""
        return self._held[group]

    def _fit(self, runs: Sequence[Run], accented: float) -> tuple[Floats, Floats]:
        """Return how well each group fits the runs (0..2), and the bare cosine."""
        folded = [_folded(run) for run in runs]
        cosine = self._best_of_group(self._letters.score(folded))
        fit = self._worded(self.words.score(folded))
        fit = fit + COSINE_WEIGHT * _normalised(cosine)
        if accented:
            typed = self._typed.score([_typed(run) for run in runs])
            fit = fit + ACCENT_WEIGHT * self._worded(typed)
        return fit, cosine

    def _worded(self, scores: Floats) -> Floats:
        """Return each group's words as a share of the best: one text and all."""
        breadth = np.add.reduceat(scores, self._starts) / self._roots
        return _normalised(self._best_of_group(scores) + BREADTH_WEIGHT * breadth)

    def _best_of_group(self, values: Floats) -> Floats:
        """Return the best text of each group."""
        best: Floats = np.maximum.reduceat(values, self._starts)
        return best


def _folded(run: Run) -> tuple[list[str], float]:
    """Return the run in folded words."""
    return [token.folded for token in run[0]], run[1]


def _typed(run: Run) -> tuple[list[str], float]:
    """Return the run as typed."""
    return [token.typed for token in run[0]], run[1]


def _explained(query: Query) -> float:
    """Return the share of the content that colloquial phrases account for, 0..1."""
    if not query.content:
        return 1.0
    understood = {word for meaning in query.meant for word in meaning.said}
    return sum(t.folded in understood for t in query.content) / len(query.content)


def _texts(group: Group, abbreviations: Abbreviations) -> list[list[Token]]:
    """Return the texts under which a group is found, the name first."""
    said = [
        text
        for entry in group.entries
        for text in (entry.name, *entry.aliases, *entry.examples)
    ]
    distinct = list(dict.fromkeys(said))
    return [abbreviations.expand(tokenise(text)) for text in distinct]


def _boost(group: Group) -> float:
    """Return the factor for what is asked often and for what is done elsewhere."""
    place = 1.0 if group.commune else ELSEWHERE_FACTOR
    return place * (1 + PRIOR_BONUS * group.prior)


def _normalised(values: Floats) -> Floats:
    """Return the values as shares of the greatest."""
    greatest = values.max()
    return values / greatest if greatest > 0 else values


def _refuse_duplicates(entries: Sequence[Entry]) -> None:
    """Raise ``DuplicateCodeError`` when a code is given twice."""
    seen: set[str] = set()
    for entry in entries:
        if entry.code in seen:
            raise DuplicateCodeError(entry.code)
        seen.add(entry.code)
