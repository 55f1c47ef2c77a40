"""Does one message ask for several things? "khai sinh với nhập khẩu cho con luôn"

The message is cut where people join matters. A part counts as a matter of its own when
search is sure of it alone, and what it names is not already part of the main one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from nlu import resources
from nlu.index import Index
from nlu.normalise import Text, Token
from nlu.pattern import Phrases
from nlu.reader import Reading

# From this confidence on a part is a matter of its own; beside a clear answer it has to
# be as clear itself, for what nobody asked is noise.
SURE_PART = 0.62
CLEAR_PART = 0.85
COVERED = 0.7
FEWEST_PARTS = 2
MOST_PARTS = 6
MOST_NEEDS = 3
FEWEST_WORDS = 2
_CLAUSE = re.compile(r"[,;.?!\n+]+(?=\s|$)|\n+|\s\+\s|\s-\s")

Normalise = Callable[[str], Text]


class Read(Protocol):
    """Reads tokens; searches for nothing when fewer words name a matter."""

    def __call__(self, tokens: Sequence[Token], *, fewest: int = 1) -> Reading:
        """Return the reading."""
        ...


@dataclass(frozen=True, slots=True)
class Needs:
    """The readings of further matters; ``first`` replaces an unsure whole."""

    first: Reading | None
    others: tuple[Reading, ...]


class NeedFinder:
    """Finds further matters in a message; reads its words once."""

    def __init__(self, index: Index, normalise: Normalise, read: Read) -> None:
        self._index = index
        self._normalise = normalise
        self._read = read
        self._joins: Phrases[None] = Phrases(
            (text, None) for text in resources.load("joins")
        )

    def find(self, text: str, whole: Reading, *, is_sure: bool) -> Needs:
        """Return the matters besides the main one.

        ``is_sure`` says that the whole message has a clear answer.
        """
        parts = self._parts(text, whole, is_sure=is_sure)
        least = CLEAR_PART if is_sure else SURE_PART
        sure = [part for part in parts if self._is_matter(part, least)]
        first = None if is_sure or len(sure) < FEWEST_PARTS else sure[0]
        main = first or whole
        others: list[Reading] = []
        for part in sure:
            if part is not main and self._is_new(part, [main, *others]):
                others.append(part)
        if not is_sure and not others:
            return Needs(None, ())
        return Needs(first, tuple(others[: MOST_NEEDS - 1]))

    def _parts(self, text: str, whole: Reading, *, is_sure: bool) -> list[Reading]:
        """Return the readings of the parts, none when the message is of one piece.

        What plainly belongs to a clear main matter is not searched for again.
        """
        parts = list(self._cut(text, whole))
        if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
            return []
        telling = frozenset(token.folded for token in whole.query.content)
        said = (telling & {token.folded for token in part} for part in parts)
        return [
            self._read(part, fewest=FEWEST_WORDS)
            for part, words in zip(parts, said, strict=True)
            if words and not (is_sure and self._holds(whole, words))
        ]

    def _cut(self, text: str, whole: Reading) -> Iterator[Sequence[Token]]:
        """Yield the parts between punctuation and joining words."""
        clauses = [part for part in _CLAUSE.split(text) if part.strip()]
        if len(clauses) == 1:
            yield from self._joined(whole.tokens)
            return
        for clause in clauses:
            yield from self._joined(self._normalise(clause).tokens)

    def _joined(self, tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
        """Yield the pieces between joining words."""
        cuts = self._joins.everywhere(tokens)
        piece: list[Token] = []
        for place, token in enumerate(tokens):
            if place not in cuts:
                piece.append(token)
                continue
            if len(piece) >= FEWEST_WORDS:
                yield piece
            piece = []
        if len(piece) >= FEWEST_WORDS:
            yield piece

    def _is_matter(self, part: Reading, least: float) -> bool:
        """Whether search is sure of the part alone, and the commune does it."""
        if part.bare or part.confidence < least:
            return False
        return self._index.groups[part.best].commune

    def _is_new(self, part: Reading, known: Sequence[Reading]) -> bool:
        """Whether no matter found before is, or covers, this one."""
        return not any(
            part.best == other.best or self._covers(other, part) for other in known
        )

    def _covers(self, other: Reading, part: Reading) -> bool:
        """Whether the words of the part all belong to the other matter."""
        return self._holds(other, {token.folded for token in part.query.content})

    def _holds(self, matter: Reading, words: Collection[str]) -> bool:
        """Whether the words, nearly all by weight, belong to a matter."""
        held = self._index.words_of(matter.best)
        total = sum(map(self._index.words.idf, words))
        fitting = sum(map(self._index.words.idf, held.intersection(words)))
        return total == 0 or fitting >= COVERED * total
