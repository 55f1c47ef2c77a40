"""What was meant by a word nobody writes: a Telex leftover, a slip, a lost space?

Works on folded words against the words of the index and of our own data. A word is
only touched when it is unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from nlu.normalise import Token

SHORTEST_TO_DECODE = 3
SHORTEST_TO_MEND = 4
LONGEST_TO_MEND = 20
MOST_MENDED = 8
_DOUBLED = re.compile(r"(aa|ee|oo|dd|aw|ow|uw)")
_TONE_KEY = re.compile(r"[sfrxj]")
_DIGITS = re.compile(r"\d")
_VOWEL = re.compile(r"[aeiouy]")

Together = Callable[[str, str], bool]


class Speller:
    """Mends unknown words; ``together`` says which pairs of words are usual."""

    def __init__(self, known: Iterable[str], together: Together) -> None:
        self._known = frozenset(known)
        self._choices = [
            word
            for word in sorted(self._known)
            if len(word) >= SHORTEST_TO_MEND - 1 and word.isalpha()
        ]
        self._together = together

    def mend(self, tokens: Sequence[Token]) -> list[Token]:
        """Return the tokens with unknown words replaced where we can tell."""
        mended: list[Token] = []
        budget = MOST_MENDED
        for place, token in enumerate(tokens):
            if budget == 0 or not self._is_strange(token):
                mended.append(token)
                continue
            budget -= 1
            before = mended[-1].folded if mended else ""
            after = tokens[place + 1].folded if place + 1 < len(tokens) else ""
            mended.extend(self._mended(token, before, after))
        return mended

    def _is_strange(self, token: Token) -> bool:
        """Whether the word is unknown and long enough to be guessed."""
        word = token.folded
        return (
            word not in self._known
            and not word.isdigit()
            and SHORTEST_TO_DECODE <= len(word) <= LONGEST_TO_MEND
        )

    def _mended(self, token: Token, before: str, after: str) -> list[Token]:
        """Return what the word may have been, itself when nobody knows."""
        word = token.folded
        decoded = self._from_keys(word)
        if decoded:
            return [Token(decoded, decoded)]
        parts = self._split(word)
        if parts:
            return [Token(part, part) for part in parts]
        near = self._near(word, before, after)
        return [Token(near, near)] if near else [token]

    def _from_keys(self, word: str) -> str | None:
        """Return the word behind Telex or VNI keys that were left as letters."""
        plain = _DIGITS.sub("", word)
        plain = _DOUBLED.sub(lambda found: found.group()[0], plain)
        tries = [plain, *_without_one(plain, _TONE_KEY)]
        return next((t for t in tries if t != word and t in self._known), None)

    def _split(self, word: str) -> list[str] | None:
        """Return two or three known words written without a space between."""
        pairs = [
            (word[:i], word[i:])
            for i in range(2, len(word) - 1)
            if word[:i] in self._known and word[i:] in self._known
        ]
        usual = [pair for pair in pairs if self._together(*pair)]
        if usual:
            return list(usual[0])
        for i in range(2, len(word) - 3):
            rest = self._split(word[i:]) if word[:i] in self._known else None
            if rest and self._together(word[:i], rest[0]):
                return [word[:i], *rest]
        return None

    def _near(self, word: str, before: str, after: str) -> str | None:
        """Return the known word one slip away that suits its neighbours."""
        if len(word) < SHORTEST_TO_MEND or not word.isalpha():
            return None
        found = process.extract(
            word, self._choices, scorer=OSA.distance, score_cutoff=1, limit=12
        )
        for choice, _, _ in found:
            if self._together(before, choice) or self._together(choice, after):
                return str(choice)
        return None


def _without_one(word: str, letter: re.Pattern[str]) -> list[str]:
    """Return the word without one of the letters after its first vowel, last first."""
    vowel = _VOWEL.search(word)
    if vowel is None:
        return []
    places = [found.start() for found in letter.finditer(word, vowel.end())]
    return [word[:place] + word[place + 1 :] for place in reversed(places)]
