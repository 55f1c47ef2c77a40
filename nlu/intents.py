"""What does the citizen want, when it is not in the name of a procedure?

A linear model over the signs of a message. It is trained ahead by
``benchmarks/intents_fit.py`` and shipped as numbers, so starting costs nothing. All
words are folded, so typing without accents costs nothing either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from nlu.intent_weights import Weights
from nlu.model import Intent
from nlu.signs import Signs, of_letters, of_words
from nlu.sparse import Floats

# What a sentence of the commune's own, said again, adds; and how like it must be.
TAUGHT = 6.0
ALIKE = 0.5


class IntentModel:
    """Tells intents by their signs; ``said`` are a commune's own sentences, folded."""

    def __init__(
        self, weights: Weights, said: Iterable[tuple[Sequence[str], Intent]] = ()
    ) -> None:
        self._weights = weights
        self._taught = [
            (
                self._direction((*of_words(words), *of_letters(words))),
                weights.labels.index(intent),
            )
            for words, intent in said
        ]

    def shares(self, found: Signs) -> list[tuple[Intent, float]]:
        """Return the intents, likeliest first, with shares that sum to one."""
        scores = self._weights.scores(found)
        if self._taught:
            scores = scores + self._remembered((*found.words, *found.letters))
        powers = np.exp(scores - scores.max())
        shares = powers / powers.sum()
        labels = self._weights.labels
        return [(labels[i], float(shares[i])) for i in np.argsort(-shares)]

    def _remembered(self, words: Sequence[str]) -> Floats:
        """Return what the commune's own sentences add to every intent."""
        mine = self._direction(words)
        added = np.zeros(len(self._weights.labels))
        for theirs, label in self._taught:
            likeness = sum(
                value * theirs.get(sign, 0.0) for sign, value in mine.items()
            )
            if likeness > ALIKE:
                gain = TAUGHT * (likeness - ALIKE) / (1 - ALIKE)
                added[label] = max(added[label], gain)
        return added

    def _direction(self, words: Sequence[str]) -> dict[str, float]:
        """Return the signs of words with weights whose squares sum to one."""
        counts = Counter(words)
        norm = sum(times**2 for times in counts.values()) ** 0.5 or 1.0
        return {sign: times / norm for sign, times in counts.items()}
