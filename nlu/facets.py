"""Which part of a procedure does the message ask about?"""

from __future__ import annotations

from collections.abc import Sequence

from nlu import resources
from nlu.model import Facet
from nlu.normalise import Token
from nlu.pattern import Hit, Phrases


class FacetFinder:
    """Finds the facets by phrases, accented or not."""

    def __init__(self) -> None:
        self._phrases: Phrases[Facet] = Phrases(
            (text, Facet(name))
            for name, texts in resources.load("facets").items()
            for text in texts
        )

    def hits(self, tokens: Sequence[Token]) -> list[Hit[Facet]]:
        """Return where facets are asked for."""
        return self._phrases.hits(tokens)


def asked(hits: Sequence[Hit[Facet]]) -> tuple[Facet, ...]:
    """Return the facets in the order in which the citizen asked for them."""
    ordered = sorted(hits, key=lambda hit: hit.at)
    return tuple(dict.fromkeys(hit.payload for hit in ordered))
