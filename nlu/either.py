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
# A question that ends before the "or" has named its place, however far before: "xã có
# chứng được hợp đồng mua nhà không hay phải ra phòng công chứng".
CLOSING = frozenset({"khong", "hong"})
# How far before the "or" the first place may stand, and how much of it only asks.
REACH = 8
NEAR = 3


class Either:
    """Finds questions that offer two places; ``leading`` are words before the second.

    Nothing is found beside one of the phrases ``beside``: those tell of places that are
    written down or lived at. Raises ``BadPatternError`` for a place that is no pattern.
    """

    def __init__(
        self, places: Sequence[str], leading: Iterable[str], beside: Iterable[str]
    ) -> None:
        led = " ".join([f"{'|'.join(leading)}?"] * MOST_LEADING)
        self._first: Phrases[None] = Phrases((place, None) for place in places)
        self._second: Phrases[None] = Phrases(
            (f"{OR} {led} {place}", None) for place in places
        )
        self._beside: Phrases[None] = Phrases((text, None) for text in beside)

    def hits(self, tokens: Sequence[Token]) -> list[Hit[Facet]]:
        """Return the words of such questions: the "or", and the places beside it."""
        second = self._second.hits(tokens)
        if not second or self._beside.any(tokens):
            return []
        first = self._first.everywhere(tokens)
        return [
            Hit(Facet.PLACE, (*_within(first, hit.at[0], NEAR), *hit.at))
            for hit in second
            if _within(first, hit.at[0], REACH) or _closed(tokens, hit.at[0])
        ]


def _closed(tokens: Sequence[Token], end: int) -> bool:
    """Whether a question ends right before this place."""
    return end > 0 and tokens[end - 1].folded in CLOSING


def _within(places: Iterable[int], end: int, reach: int) -> list[int]:
    """Return the places that stand before the end, at most so many words away."""
    return sorted(place for place in places if end - reach <= place < end)
