"""Which words do our own phrases use? They are no slips, whatever the index holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from nlu import resources
from nlu.intent_weights import shipped
from nlu.normalise import fold, words_all

FILES = ("noise", "facets", "lexicon", "cues", "abbreviations")


@cache
def data_words() -> frozenset[str]:
    """Return the folded words of all phrases in nlu/data."""
    texts = (text for name in FILES for text in _texts(resources.load(name)))
    own = frozenset(fold(word) for text in words_all(texts) for word in text)
    return own | shipped().words


def _texts(data: object) -> Iterator[str]:
    """Yield every line of text of a parsed file; keys of mappings are left out."""
    if isinstance(data, str):
        yield from data.splitlines()
    elif isinstance(data, Iterable):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _texts(part)
