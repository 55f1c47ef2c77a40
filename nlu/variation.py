"""Is a variant of the matter spoken of meant? "không, ý em là cấp lại"

The words said now are searched together with the name of the matter in the memory; a
variant counts only when its own words hold what was said now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nlu.index import Index
from nlu.normalise import Token, tokenise
from nlu.reader import Reading

HELD = 0.65
LEAST_CONFIDENCE = 0.2
MOST_NAME_WORDS = 12

Read = Callable[[Sequence[Token]], Reading]


class Variations:
    """Finds variants of procedures in one index."""

    def __init__(self, index: Index, read: Read) -> None:
        self._index = index
        self._read = read

    def find(
        self,
        group: int,
        reading: Reading,
        leading: frozenset[int],
        *,
        is_new: bool,
    ) -> Reading | None:
        """Return the reading of the variant meant, None when it is something else.

        ``group`` is the matter spoken of, ``leading`` the places of words that only
        lead up ("không, ý em là", "còn"); ``is_new`` says that the message names a
        clear matter by itself.
        """
        said = self._said(reading, leading)
        if not said or is_new:
            return None
        name = tokenise(self._index.groups[group].entries[0].name)[:MOST_NAME_WORDS]
        varied = self._read([*name, *said])
        if varied.best == group or varied.confidence < LEAST_CONFIDENCE:
            return None
        return varied if self._holds(varied.best, said) else None

    def _said(self, reading: Reading, leading: frozenset[int]) -> list[Token]:
        """Return the words that may name the variant."""
        left = sorted(reading.query.places - leading)
        return [reading.tokens[place] for place in left]

    def _holds(self, group: int, said: Sequence[Token]) -> bool:
        """Whether the words said now belong to the group."""
        held = self._index.words_of(group)
        words = {token.folded for token in said}
        total = sum(map(self._index.words.idf, words))
        return sum(map(self._index.words.idf, words & held)) >= HELD * total
