"""How well do the words, and the pairs of neighbours, of a question fit each text?

BM25 over Vietnamese syllables and pairs of them: two syllables side by side are most
often one word. Built over folded words (always used) and over accented words (an
extra when the citizen typed accents).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from nlu.sparse import Floats, Ints, Postings, columns, counted, numbered

K1 = 0.8
B = 0.9
PAIR_WEIGHT = 1.3

Weighted = Sequence[tuple[Sequence[str], float]]


class Bm25:
    """An index of texts, each a row of words; immutable after it is built."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.words: dict[str, int] = {}
        rows = [numbered(text, self.words) for text in texts]
        docs, flat = columns(rows)
        inside = docs[1:] == docs[:-1]
        keys = (flat[:-1] * len(self.words) + flat[1:])[inside]
        self._pairs: Ints = np.unique(keys)
        pairs = len(self.words) + np.searchsorted(self._pairs, keys)
        counts = counted(
            np.concatenate((docs, docs[1:][inside])),
            np.concatenate((flat, pairs)),
            documents=len(texts),
        )
        width = len(self.words) + len(self._pairs)
        size = len(texts)
        df = np.bincount(counts.features, minlength=width)
        self._idf = np.log(1 + (size - df + 0.5) / (df + 0.5))
        self.highest_idf = float(np.log(1 + (size + 0.5) / 0.5))
        lengths = np.bincount(docs, minlength=size)
        norm = K1 * (1 - B + B * lengths / max(lengths.mean(), 1))
        weights = counts.times * (K1 + 1) / (counts.times + norm[counts.docs])
        self._lists = Postings(
            counts, weights * self._idf[counts.features], width, size
        )

    def idf(self, word: str) -> float:
        """How telling a word is; a word never seen is the most telling."""
        number = self.words.get(word)
        return self.highest_idf if number is None else float(self._idf[number])

    def knows_pair(self, first: str, second: str) -> bool:
        """Whether the two words stand side by side in a text."""
        return self._pair(first, second) is not None

    def score(self, runs: Weighted) -> Floats:
        """Return the score of every text for the weighted runs of words."""
        wanted: dict[int, float] = {}
        for words, weight in runs:
            singles = [self.words.get(word) for word in words]
            doubles = [self._pair(a, b) for a, b in pairwise(words)]
            for numbers, share in ((singles, weight), (doubles, weight * PAIR_WEIGHT)):
                for number in numbers:
                    if number is not None:
                        wanted[number] = max(wanted.get(number, 0.0), share)
        return self._lists.score(list(wanted), list(wanted.values()))

    def _pair(self, first: str, second: str) -> int | None:
        """Return the number of a pair of neighbours, None when never seen."""
        left, right = self.words.get(first), self.words.get(second)
        if left is None or right is None:
            return None
        key = left * len(self.words) + right
        place = int(self._pairs.searchsorted(key))
        if place == len(self._pairs) or self._pairs[place] != key:
            return None
        return len(self.words) + place
