"""Which documents hold a feature, and how strongly? Inverted lists on numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.signedinteger[Any]]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a feature occurs in a document: parallel columns, by feature."""

    docs: Ints
    features: Ints
    times: Ints

    def only(self, kept: NDArray[np.bool_]) -> Counts:
        """Return the rows that are kept."""
        return Counts(self.docs[kept], self.features[kept], self.times[kept])


def expanded(features: Ints, parts: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return the parts of each feature, one after another, and how many it has."""
    each = np.fromiter(map(len, parts), dtype=np.int32, count=len(parts))
    flat = np.fromiter(
        chain.from_iterable(parts), dtype=np.int32, count=int(each.sum())
    )
    lengths = each[features]
    ends = np.cumsum(lengths, dtype=np.int32)
    starts = np.cumsum(each, dtype=np.int32) - each
    places = np.repeat(starts[features] - (ends - lengths), lengths)
    places += np.arange(len(places), dtype=np.int32)
    return flat[places], lengths


def counted(docs: Ints, features: Ints, *, documents: int) -> Counts:
    """Return how often each pair occurs, ordered by feature, then document."""
    highest = (int(features.max(initial=0)) + 1) * documents
    dtype = np.int32 if highest <= np.iinfo(np.int32).max else np.int64
    keys: NDArray[Any] = features.astype(dtype)
    keys *= documents
    keys += docs
    keys.sort()
    is_first = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    times = np.diff(firsts, append=len(keys))
    found, unique = np.divmod(keys[firsts], documents)
    return Counts(unique, found, times)


class Postings:
    """For every feature the documents that hold it, with a weight each.

    Without ``weights`` every document holds a feature equally.
    """

    def __init__(
        self, counts: Counts, width: int, docs: int, weights: Floats | None = None
    ) -> None:
        sizes = np.bincount(counts.features, minlength=width)
        self._bounds = [0, *np.cumsum(sizes).tolist()]
        self._docs = counts.docs.astype(np.int32)
        self._weights = None if weights is None else weights.astype(np.float32)
        self._count = docs

    def score(self, features: Sequence[int], weights: Sequence[float]) -> Floats:
        """Return the weighted sum of the features' lists, one number a document."""
        if not features:
            return np.zeros(self._count)
        bounds = self._bounds
        slices = [slice(bounds[f], bounds[f + 1]) for f in features]
        docs = np.concatenate([self._docs[part] for part in slices], dtype=np.intp)
        lengths = [part.stop - part.start for part in slices]
        values = np.asarray(weights, dtype=np.float64).repeat(lengths)
        if self._weights is not None:
            values *= np.concatenate([self._weights[part] for part in slices])
        scores = np.bincount(docs, weights=values, minlength=self._count)
        return scores.astype(np.float64, copy=False)
