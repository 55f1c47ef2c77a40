"""How alike in spelling are a question and each text?

The cosine of pieces of words (2 to 5 letters), which forgives typing mistakes and
lost spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from math import sqrt

import numpy as np

from nlu.rows import Rows, numbered
from nlu.sparse import Floats, Postings, counted, expanded

Weighted = Sequence[tuple[Sequence[str], float]]

SHORTEST = 2
LONGEST = 5
# A piece that many texts hold says little and costs the most time.
COMMON_SHARE = 0.03
FEW = 8
# What an unknown piece adds to the length of the question, as a share of a rare one.
UNKNOWN_SHARE = 0.5


@lru_cache(maxsize=20_000)
def pieces(word: str) -> tuple[str, ...]:
    """Return the 2- to 5-letter pieces of a word with its borders."""
    padded = f" {word} "
    return tuple(
        padded[start : start + size]
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - size + 1)
    )


class Letters:
    """An index of texts by pieces of words; immutable after it is built."""

    def __init__(self, texts: Rows) -> None:
        cut = [pieces(word) for word in texts.words]
        self._pieces = numbered(chain.from_iterable(cut))
        parts = [[self._pieces[piece] for piece in one] for one in cut]
        features, lengths = expanded(texts.flat, parts)
        docs = np.repeat(texts.docs, lengths)
        counts = counted(docs, features, documents=texts.count)
        size, width = texts.count, len(self._pieces)
        df = np.bincount(counts.features, minlength=width)
        idf = np.log((1 + size) / (1 + df)) + 1
        idf[df > max(COMMON_SHARE * size, FEW)] = 0.0
        self._idf: list[float] = idf.tolist()
        self._unknown = (UNKNOWN_SHARE * (np.log(1 + size) + 1)) ** 2
        telling = counts.only(idf[counts.features] > 0)
        weights = (1 + np.log(telling.times)) * idf[telling.features]
        norms = np.sqrt(np.bincount(telling.docs, weights**2, minlength=size))
        weights = weights / np.maximum(norms, 1e-9)[telling.docs]
        self._lists = Postings(telling, width, size, weights)

    def score(self, runs: Weighted) -> Floats:
        """Return the cosine of every text with the weighted runs of words."""
        wanted: dict[int, float] = {}
        unknown = 0.0
        for words, weight in runs:
            for piece in (piece for word in words for piece in pieces(word)):
                number = self._pieces.get(piece)
                if number is None:
                    unknown += weight * weight * self._unknown
                elif self._idf[number]:
                    wanted[number] = wanted.get(number, 0.0) + weight
        values = [times * self._idf[number] for number, times in wanted.items()]
        norm = max(sqrt(sum(v * v for v in values) + unknown), 1e-9)
        return self._lists.score(list(wanted), [value / norm for value in values])
