"""Which words, and pairs of neighbours, of a question do texts and procedures hold?

Two syllables side by side are most often one Vietnamese word, so pairs count on their
own. Everything is folded. How telling a word is, is counted over procedures, not over
texts: a procedure with many texts does not make its words common.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import numpy as np

from nlu.rows import Rows
from nlu.sparse import Counts, Floats, Ints, Postings, counted

# How many words the whole language weighs against the words of one procedure.
SMOOTHING = 60.0
# A text of fewer telling words than this does not count as held by a question.
LEAST_SHARED = 3.0


class Overlap:
    """An index of texts that belong to procedures; immutable after it is built."""

    def __init__(self, texts: Rows, sizes: Sequence[int]) -> None:
        self._words = texts.words
        owners = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self._starts: Ints = np.cumsum(sizes) - np.asarray(sizes, dtype=np.int64)
        self._by_words(owners[texts.docs], texts.flat, groups=len(sizes))
        self._by_pairs(texts.docs, texts.flat, owners)
        self._by_texts(texts.docs, texts.flat, texts=texts.count)

    @property
    def words(self) -> Collection[str]:
        """Every word of the texts."""
        return self._words.keys()

    def idf(self, word: str) -> float:
        """How telling a word is; a word never seen is the most telling."""
        number = self._words.get(word)
        return self.highest_idf if number is None else float(self._idf[number])

    def knows_pair(self, first: str, second: str) -> bool:
        """Whether the two words stand side by side in a text."""
        return self._pair(first, second) is not None

    def coverage(self, words: Collection[str]) -> Floats:
        """Return the share of the words, by weight, each procedure holds, 0..1."""
        known, weights = self._weighted(words)
        return self._held.score(known, weights) / self.weight(words)

    def weight(self, words: Collection[str]) -> float:
        """Return how telling the words are together; a tiny number for none."""
        return max(sum(map(self.idf, words)), 1e-9)

    def pair_coverage(self, words: Sequence[str]) -> Floats:
        """Return the share of the pairs of neighbours each procedure holds, 0..1."""
        pairs = [self._pair(*pair) for pair in set(pairwise(words))]
        known = [pair for pair in pairs if pair is not None]
        weights = [float(self._pair_idf[pair]) for pair in known]
        total = sum(weights) + self.highest_idf * (len(pairs) - len(known))
        return self._held_pairs.score(known, weights) / max(total, 1e-9)

    def likelihood(self, words: Sequence[str]) -> Floats:
        """Return how much likelier each procedure makes a word than chance, in logs."""
        if not words:
            return np.zeros(len(self._brevity))
        known = [self._words[word] for word in words if word in self._words]
        sums = self._likely.score(known, [1.0] * len(known))
        return sums / len(words) + self._brevity

    def text_fit(self, words: Collection[str]) -> tuple[Floats, Floats, Floats]:
        """Return how well the best text of each procedure fits the words, 0..1.

        The first is the likeness of text and words, the second the share of a text
        that was said, the third the share of the procedure's first text, its name.
        """
        shared, likeness = self._in_texts(words)
        share = shared / self._text_weight
        said = np.where(shared > LEAST_SHARED, share, 0.0)
        return self.best(likeness), self.best(said), share[self._starts]

    def likeness(self, words: Collection[str]) -> Floats:
        """Return how alike the best text of each procedure and the words are, 0..1."""
        return self.best(self._in_texts(words)[1])

    def best(self, by_text: Floats) -> Floats:
        """Return the best value of each procedure's texts."""
        found: Floats = np.maximum.reduceat(by_text, self._starts)
        return found

    def _in_texts(self, words: Collection[str]) -> tuple[Floats, Floats]:
        """Return what each text shares with the words, and their likeness."""
        known, weights = self._weighted(words)
        shared = self._in_text.score(known, weights)
        return shared, 2 * shared / (self.weight(words) + self._text_weight)

    def _by_words(self, owners: Ints, flat: Ints, *, groups: int) -> None:
        """Count the words of each procedure."""
        width = len(self._words)
        counts = counted(owners, flat, documents=groups)
        self._idf = _idf(counts, width, groups)
        self.highest_idf = float(np.log(1 + (groups + 0.5) / 0.5))
        self._held = Postings(counts, width, groups)
        share = (np.bincount(flat, minlength=width) + 0.5) / len(flat)
        gain = np.log1p(counts.times / (SMOOTHING * share[counts.features]))
        self._likely = Postings(counts, width, groups, gain)
        self._brevity = -np.log1p(np.bincount(owners, minlength=groups) / SMOOTHING)

    def _by_pairs(self, docs: Ints, flat: Ints, owners: Ints) -> None:
        """Count the pairs of neighbours of each procedure."""
        inside = docs[1:] == docs[:-1]
        keys = (flat[:-1].astype(np.int64) * len(self._words) + flat[1:])[inside]
        self._keys: Ints = np.unique(keys)
        groups, width = int(owners[-1]) + 1, len(self._keys)
        pairs = np.searchsorted(self._keys, keys)
        counts = counted(owners[docs[1:][inside]], pairs, documents=groups)
        self._pair_idf = _idf(counts, width, groups)
        self._held_pairs = Postings(counts, width, groups)

    def _by_texts(self, docs: Ints, flat: Ints, *, texts: int) -> None:
        """Count the words of each text."""
        counts = counted(docs, flat, documents=texts)
        self._in_text = Postings(counts, len(self._words), texts)
        weights = np.bincount(counts.docs, self._idf[counts.features], texts)
        self._text_weight = np.maximum(weights, 1e-9)

    def _weighted(self, words: Collection[str]) -> tuple[list[int], list[float]]:
        """Return the numbers and weights of the words that are known."""
        known = [self._words[word] for word in words if word in self._words]
        return known, [float(self._idf[number]) for number in known]

    def _pair(self, first: str, second: str) -> int | None:
        """Return the number of a pair of neighbours, None when never seen."""
        left, right = self._words.get(first), self._words.get(second)
        if left is None or right is None:
            return None
        key = left * len(self._words) + right
        place = int(self._keys.searchsorted(key))
        if place == len(self._keys) or self._keys[place] != key:
            return None
        return place


def _idf(counts: Counts, width: int, groups: int) -> Floats:
    """Return how telling each feature is: rare ones more."""
    df = np.bincount(counts.features, minlength=width)
    values: Floats = np.log(1 + (groups - df + 0.5) / (df + 0.5))
    return values
