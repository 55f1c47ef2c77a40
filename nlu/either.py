"""Does the message ask which of two places is the right one?

"Nộp ở xã hay lên tỉnh", "công an cấp hay ủy ban cấp": the word for *or*, a place soon
after it and another one not long before. Places and the words that lead to them are in
``data/facets.yml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.model import Facet
from nlu.normalise import Token
from nlu.pattern import Hit, Phrases

OR = "hay"
# How many leading words may stand before the second place ("hay phải ra tận tỉnh").
MOST_LEADING = 4
# How far before the "or" the first place may stand, and how much of it only asks.
REACH = 8
NEAR = 3


class Either:
    """Finds questions that offer two places; ``leading`` are words before the second.

    Raises ``BadPatternError`` for a place that is no pattern.
    """

    def __init__(self, places: Sequence[str], leading: Iterable[str]) -> None:
        led = " ".join([f"{'|'.join(leading)}?"] * MOST_LEADING)
        self._first: Phrases[None] = Phrases((place, None) for place in places)
        self._second: Phrases[None] = Phrases(
            (f"{OR} {led} {place}", None) for place in places
        )

    def hits(self, tokens: Sequence[Token]) -> list[Hit[Facet]]:
        """Return the words of such questions: the "or", and the places beside it."""
        second = self._second.hits(tokens)
        if not second:
            return []
        first = self._first.everywhere(tokens)
        return [
            Hit(Facet.PLACE, (*_within(first, hit.at[0], NEAR), *hit.at))
            for hit in second
            if _within(first, hit.at[0], REACH)
        ]


def _within(places: Iterable[int], end: int, reach: int) -> list[int]:
    """Return the places that stand before the end, at most so many words away."""
    return sorted(place for place in places if end - reach <= place < end)
