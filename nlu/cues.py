"""Which intents give themselves away by a phrase?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlu import resources
from nlu.model import Intent
from nlu.normalise import Token
from nlu.pattern import Phrases


@dataclass(frozen=True, slots=True)
class Cue:
    """An intent with the places of the words that give it away.

    ``certain`` says that a phrase was among them that means nothing else.
    """

    intent: Intent
    places: frozenset[int]
    certain: bool = False


class Cues:
    """Finds intents by phrases; the data file's order is their priority."""

    def __init__(self) -> None:
        data = resources.load("cues")
        kinds = [(Intent(name), rule) for name, rule in data.items()]
        self._order = [intent for intent, _ in kinds]
        self._certain = _phrases(kinds, "certain")
        self._said = _phrases(kinds, "say")
        self._unless = _phrases(kinds, "unless")

    def find(self, tokens: Sequence[Token]) -> list[Cue]:
        """Return the intents that are given away, most pressing first."""
        certain = self._certain.hits(tokens)
        barred = {hit.payload for hit in self._unless.hits(tokens)}
        said = [hit for hit in self._said.hits(tokens) if hit.payload not in barred]
        spans: dict[Intent, set[int]] = {}
        for hit in (*certain, *said):
            spans.setdefault(hit.payload, set()).update(hit.at)
        if Intent.OUT_OF_SCOPE in barred:
            spans.pop(Intent.OUT_OF_SCOPE, None)
        beyond_doubt = {hit.payload for hit in certain}
        return [
            Cue(intent, frozenset(spans[intent]), intent in beyond_doubt)
            for intent in self._order
            if intent in spans
        ]


def _phrases(
    kinds: Sequence[tuple[Intent, dict[str, list[str]]]], part: str
) -> Phrases[Intent]:
    """Return all phrases of one part of the data."""
    return Phrases(
        (text, intent) for intent, rule in kinds for text in rule.get(part, ())
    )
