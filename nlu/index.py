"""Which procedures may the citizen mean, and how well do they fit?

A linear ranking over a few measures of every procedure (see ``MEASURES``). Its weights
were fitted by ``benchmarks/nlu_fit.py`` on the questions in ``nlu/questions/dev``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.abbreviations import Abbreviations
from nlu.errors import DuplicateCodeError, EmptyIndexError
from nlu.letters import Letters
from nlu.model import Entry
from nlu.overlap import Overlap
from nlu.qualifiers import Qualifiers
from nlu.query import ASKED, Query
from nlu.rows import rows
from nlu.sparse import Floats
from nlu.twins import Group, merge
from nlu.weights import RANKING

# A colloquial phrase speaks of a group that has this share, by weight, of its
# official words.
MEANING_FITS = 0.75
# So many groups' words are kept at once: people ask about few of them.
MOST_KEPT = 256

MEASURES = (
    "words",  # the share of the words said that the procedure holds
    "pairs",  # the same of pairs of neighbours
    "likelihood",  # how usual the words are for the procedure
    "asking",  # the share of the asking words, which sometimes name a matter
    "text",  # how alike its best text is
    "text_said",  # how much of its best text was said
    "name_said",  # how much of its name was said
    "letters",  # the likeness of letters, as a share of the best
    "letters_raw",  # the likeness of letters
    "understood",  # as "words", colloquial phrases that mean it held as well
    "meaning",  # the share of what colloquial phrases mean that it holds
    "meaning_text",  # how alike its best text is to what they mean
    "qualifiers",  # special words of its name that were, or were not, said
    "prior",  # how often people ask for it
    "commune",  # whether the commune does it
)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every group's probability of being meant, the measures behind it, by row."""

    probabilities: Floats
    measures: NDArray[np.float64]

    def measure(self, name: str, group: int) -> float:
        """Return one measure of one group."""
        return float(self.measures[MEASURES.index(name), group])


class Index:
    """The search index over procedures; what it answers never changes."""

    def __init__(self, entries: Sequence[Entry], abbreviations: Abbreviations) -> None:
        if not entries:
            raise EmptyIndexError
        _refuse_duplicates(entries)
        self.groups: list[Group] = merge(entries)
        texts = [_texts(group) for group in self.groups]
        sizes = [len(group) for group in texts]
        found = rows([text for group in texts for text in group], abbreviations.folded)
        self.words = Overlap(found, sizes)
        self._letters = Letters(found)
        firsts = np.cumsum(sizes) - sizes
        self._vocabulary = tuple(found.words)
        self._flat = found.flat
        self._bounds: list[int] = found.starts[[*firsts, found.count]].tolist()
        ends = found.starts[firsts + 1].tolist()
        self._words_of: dict[int, frozenset[str]] = {}
        names = zip(self._bounds, ends, strict=False)
        self._qualifiers = Qualifiers([" ".join(self._said(*name)) for name in names])
        self.is_commune = np.array([group.commune for group in self.groups])
        self._prior = np.array([group.prior for group in self.groups])

    def rank(self, query: Query) -> Ranking:
        """Return how probable every group is for the query."""
        measures = self._measures(query)
        scores = RANKING @ measures
        powers = np.exp(scores - scores.max())
        return Ranking(powers / powers.sum(), measures)

    def words_of(self, group: int) -> frozenset[str]:
        """Return the folded words under which the group is found; the last are kept."""
        found = self._words_of.get(group)
        if found is None:
            if len(self._words_of) >= MOST_KEPT:
                self._words_of.clear()
            found = frozenset(self._said(self._bounds[group], self._bounds[group + 1]))
            self._words_of[group] = found
        return found

    def _said(self, start: int, end: int) -> Iterator[str]:
        """Return the folded words of the texts between two places."""
        return map(self._vocabulary.__getitem__, self._flat[start:end].tolist())

    def _measures(self, query: Query) -> NDArray[np.float64]:
        """Return one row for each measure, one column for each group."""
        content = [token.folded for token in query.content]
        said = frozenset(content)
        asking = {t.folded for t in query.tokens if t.folded not in said} - {
            ASKED.folded
        }
        likeness, share, name = self.words.text_fit(said)
        letters = self.words.best(self._letters.score([(content, 1.0)]))
        closest = float(letters.max())
        meant = frozenset(t.folded for m in query.meant for t in m.official)
        meaning, alike = self._meaning(meant)
        words = self.words.coverage(said)
        everything = self.words.weight(said) + self.words.weight(asking)
        return np.stack(
            (
                words,
                self.words.pair_coverage(content),
                self.words.likelihood(content),
                self.words.coverage(asking) * self.words.weight(asking) / everything,
                likeness,
                share,
                name,
                letters / closest if closest else letters,
                letters,
                self._understood(query, said, words),
                meaning,
                alike,
                self._qualifiers.logs(query.topic),
                self._prior,
                self.is_commune.astype(np.float64),
            )
        )

    def _understood(self, query: Query, said: frozenset[str], words: Floats) -> Floats:
        """Return the share of the words that each group holds in one way or another."""
        total, found = self.words.weight(said), words
        for meaning in query.meant:
            official = {token.folded for token in meaning.official}
            fits = self.words.coverage(official) >= MEANING_FITS
            for word in meaning.said & said:
                lacking = 1 - self.words.coverage({word})
                found = found + fits * lacking * self.words.idf(word) / total
        return np.minimum(found, 1.0)

    def _meaning(self, meant: frozenset[str]) -> tuple[Floats, Floats]:
        """Return how well each group fits what colloquial phrases mean."""
        if not meant:
            return np.zeros(len(self.groups)), np.zeros(len(self.groups))
        return self.words.coverage(meant), self.words.likeness(meant)


def _texts(group: Group) -> list[str]:
    """Return the distinct texts under which a group is found, the name first."""
    said = (
        text
        for entry in group.entries
        for text in (entry.name, *entry.aliases, *entry.examples)
    )
    return list(dict.fromkeys(said))


def _refuse_duplicates(entries: Sequence[Entry]) -> None:
    """Raise ``DuplicateCodeError`` when two entries have one code."""
    seen: set[str] = set()
    for entry in entries:
        if entry.code in seen:
            raise DuplicateCodeError(entry.code)
        seen.add(entry.code)
