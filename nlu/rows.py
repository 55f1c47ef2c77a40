"""Which words stand in each of many texts? Their numbers, in arrays.

Texts repeat few words, so each word is looked at once and then only its number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from nlu.normalise import one_line, words_in
from nlu.sparse import Ints, expanded

# Stands between texts; what is read space by space is printable.
END = "\0"

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rows:
    """The words of texts, one after another: ``flat`` their numbers in ``words``.

    ``docs`` says which of the ``count`` texts each stands in; ``starts`` has where
    each text begins, and at its end the length of all.
    """

    words: Mapping[str, int]
    flat: Ints
    docs: Ints
    starts: Ints
    count: int


def rows(texts: Sequence[str], written: Callable[[str], Sequence[str]]) -> Rows:
    """Return the words of the texts; ``written`` tells what each stands for."""
    parts = f" {END} ".join(map(one_line, texts)).split()
    known = numbered((END, *parts))
    numbers = np.fromiter(map(known.__getitem__, parts), np.int32, len(parts))
    forms = [
        [form for word in words_in(part) for form in written(word)] for part in known
    ]
    words = numbered(word for form in forms for word in form)
    flat, lengths = expanded(numbers, [[words[w] for w in form] for form in forms])
    docs = np.repeat(np.cumsum(numbers == 0, dtype=np.int32), lengths)
    starts = np.searchsorted(docs, np.arange(len(texts) + 1))
    return Rows(words, flat, docs, starts, len(texts))


def numbered(items: Iterable[T]) -> dict[T, int]:
    """Return the number of each item, in the order in which they first come."""
    return {item: number for number, item in enumerate(dict.fromkeys(items))}
