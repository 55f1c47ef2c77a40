"""Which full words stand behind the short forms people type?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nlu import resources
from nlu.normalise import Token, fold, tokenise


class Abbreviations:
    """A map from short to full form, found as typed or folded.

    A short form written with ``!`` counts only with its accents: "hông" is "không",
    but "hong" may be "hồng".
    """

    def __init__(self, extra: Mapping[str, str] | None = None) -> None:
        table = {**resources.abbreviations(), **(extra or {})}
        self._full: dict[str, tuple[Token, ...]] = {}
        for short, full in table.items():
            tokens, form = tuple(tokenise(full)), short.lower().rstrip("!")
            self._full[form] = tokens
            if not short.endswith("!"):
                self._full.setdefault(fold(form), tokens)

    def expand(self, tokens: Iterable[Token]) -> list[Token]:
        """Return the tokens with every known short form written out."""
        expanded: list[Token] = []
        for token in tokens:
            full = self._full.get(token.typed)
            if full is None and token.typed == token.folded:
                full = self._full.get(token.folded)
            expanded.extend(full or (token,))
        return expanded

    def folded(self, word: str) -> tuple[str, ...]:
        """Return the folded words of a word of ours, a short form written out."""
        return tuple(token.folded for token in self.expand([Token(word, fold(word))]))
