"""What does the citizen want, when it is not in the name of a procedure?

A ridge classifier over folded words, pairs of words and pieces of words, trained
from ``data/nlu.yml`` while the engine is built. Everything it sees is folded, so
typing without accents costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlu.letters import pieces
from nlu.model import Intent
from nlu.sparse import Floats, Ints, count

RIDGE = 0.6
LONGEST_PIECE = 4
# Turns ridge outputs (about 0..1) into shares; chosen by cross-validation.
SHARPNESS = 7.0


class IntentModel:
    """A linear model over intents; immutable after it is trained."""

    def __init__(self, examples: Sequence[tuple[Sequence[str], Intent]]) -> None:
        self._features: dict[str, int] = {}
        rows = [self._learned(words) for words, _ in examples]
        self._labels = list(dict.fromkeys(intent for _, intent in examples))
        matrix = self._matrix(rows)
        targets = _targets([intent for _, intent in examples], self._labels)
        kernel = matrix @ matrix.T
        kernel[np.diag_indices_from(kernel)] += RIDGE
        dual = np.linalg.solve(kernel, targets)
        self._weights: Floats = matrix.T.astype(np.float64) @ dual

    def shares(self, words: Sequence[str]) -> list[tuple[Intent, float]]:
        """Return the intents, likeliest first, with shares that sum to one."""
        output = self._outputs(words)
        powers = np.exp(SHARPNESS * (output - output.max()))
        powers = powers / powers.sum()
        order = np.argsort(-powers)
        return [(self._labels[i], float(powers[i])) for i in order]

    def _outputs(self, words: Sequence[str]) -> Floats:
        """Return the raw output for every intent."""
        known = [self._features.get(f) for f in features(words)]
        numbers, times = np.unique(
            [n for n in known if n is not None], return_counts=True
        )
        if not len(numbers):
            return np.full(len(self._labels), 0.0)
        numbers = numbers.astype(np.int64)
        values = (1 + np.log(times)) * self._idf[numbers]
        unseen = sum(n is None for n in known)
        norm = np.sqrt((values**2).sum() + unseen * self._unseen)
        output: Floats = (values / norm) @ self._weights[numbers]
        return output

    def _learned(self, words: Sequence[str]) -> list[int]:
        """Return the feature numbers of a training sentence, adding new ones."""
        table = self._features
        return [table.setdefault(f, len(table)) for f in features(words)]

    def _matrix(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float32]:
        """Return the normalised TF-IDF rows."""
        width = len(self._features)
        counts = count(rows)
        df = np.bincount(counts.features, minlength=width)
        self._idf = np.log((1 + len(rows)) / (1 + df)) + 1
        self._unseen = float(self._idf.max()) ** 2 / 4
        matrix = np.zeros((len(rows), width), dtype=np.float32)
        values = (1 + np.log(counts.times)) * self._idf[counts.features]
        matrix[counts.docs, counts.features] = values
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        return matrix


def features(words: Sequence[str]) -> list[str]:
    """Return words, pairs of neighbours, the ends of the message, and pieces."""
    marked = ["^", *words, "$"]
    pairs = [f"{a} {b}" for a, b in pairwise(marked)]
    letters = [
        piece for word in words for piece in pieces(word) if len(piece) <= LONGEST_PIECE
    ]
    return [*words, *pairs, *letters]


def _targets(intents: Sequence[Intent], labels: Sequence[Intent]) -> Floats:
    """Return one column an intent, 1 where the sentence has it."""
    numbers: Ints = np.array([labels.index(intent) for intent in intents])
    targets: Floats = np.zeros((len(intents), len(labels)))
    targets[np.arange(len(intents)), numbers] = 1.0
    return targets
