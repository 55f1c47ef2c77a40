"""Which of many questions say about the same? For people who look through them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from nlu import masking, resources
from nlu.normalise import tokenise
from nlu.pattern import Phrases, places

ALIKE = 0.6
"""The share of their words that two questions have in common."""


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Return the places of texts that say about the same, each text in one group.

    Groups are in the order of their first text, which the others are compared with.
    What was masked, accents and the order of words make no difference.
    """
    groups: list[list[int]] = []
    leaders: list[frozenset[str]] = []
    holding: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        words = _words(text)
        near = {group for word in words for group in holding[word]}
        best = max(near, key=lambda g: (_share(words, leaders[g]), -g), default=None)
        if best is not None and _share(words, leaders[best]) >= ALIKE:
            groups[best].append(place)
            continue
        for word in words:
            holding[word].append(len(groups))
        groups.append([place])
        leaders.append(words)
    return groups


def _words(text: str) -> frozenset[str]:
    """Return the folded words that carry meaning; all of them when none does."""
    told = tokenise(masking.without_masked(text))
    polite = places(_noise().hits(told))
    words = {token.folded for n, token in enumerate(told) if n not in polite}
    return frozenset(words or {token.folded for token in told})


@cache
def _noise() -> Phrases[None]:
    return Phrases((text, None) for text in resources.load("noise"))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
