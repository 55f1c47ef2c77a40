"""Which documents hold a feature, and how strongly? Inverted lists on numpy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a feature occurs in a document: parallel columns, by feature."""

    docs: Ints
    features: Ints
    times: Floats

    def only(self, kept: NDArray[np.bool_]) -> Counts:
        """Return the rows that are kept."""
        return Counts(self.docs[kept], self.features[kept], self.times[kept])


def numbered(items: Iterable[T], known: dict[T, int]) -> list[int]:
    """Return the number of each item, giving new ones the next number."""
    return [known.setdefault(item, len(known)) for item in items]


def count(rows: Sequence[Sequence[int]]) -> Counts:
    """Count the features of each document."""
    return counted(*columns(rows), documents=len(rows))


def count_parts(
    rows: Sequence[Sequence[int]], parts: Sequence[Sequence[int]]
) -> Counts:
    """Count the parts of the features of each document (the pieces of its words)."""
    docs, features = columns(rows)
    owners, flat = columns(parts)
    sizes = np.bincount(owners, minlength=len(parts))
    starts = np.cumsum(sizes) - sizes
    lengths = sizes[features]
    ends = np.cumsum(lengths)
    inside = np.arange(int(lengths.sum())) - np.repeat(ends - lengths, lengths)
    pieces = flat[np.repeat(starts[features], lengths) + inside]
    return counted(np.repeat(docs, lengths), pieces, documents=len(rows))


def columns(rows: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Return the row numbers and the values of all rows, one after another."""
    lengths = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    flat = np.fromiter(
        chain.from_iterable(rows), dtype=np.int64, count=int(lengths.sum())
    )
    return np.repeat(np.arange(len(rows)), lengths), flat


def counted(docs: Ints, features: Ints, *, documents: int) -> Counts:
    """Return how often each pair occurs, ordered by feature, then document."""
    unique, times = np.unique(features * documents + docs, return_counts=True)
    return Counts(unique % documents, unique // documents, times.astype(np.float64))


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
        docs = np.concatenate([self._docs[part] for part in slices])
        values = np.repeat(weights, [part.stop - part.start for part in slices])
        if self._weights is not None:
            values *= np.concatenate([self._weights[part] for part in slices])
        scores = np.bincount(docs, weights=values, minlength=self._count)
        return scores.astype(np.float64, copy=False)
