"""Which procedures do some words mean, typed in a hurry and without accents?"""

from __future__ import annotations

from collections.abc import Iterable

from nlu.model import Entry
from nlu.normalise import fold


def found(entries: Iterable[Entry], words: str) -> list[Entry]:
    """Return what fits, the commune's own matters and plain names first."""
    wanted = fold(words.lower()).split()
    ranked = [(rank(entry, wanted), entry) for entry in entries]
    fits = [(near, entry) for near, entry in ranked if near is not None]
    fits.sort(key=lambda pair: (pair[0], fold(pair[1].name.lower())))
    return [entry for _, entry in fits]


def rank(entry: Entry, words: list[str]) -> int | None:
    """Return how near a procedure is to folded words, 0 the nearest; None: not it."""
    lift = 0 if entry.commune else 2
    if not words:
        return lift
    name = fold(f"{entry.code} {entry.name}".lower())
    if all(word in name for word in words):
        return lift
    told = f"{name} {fold(' '.join((*entry.aliases, entry.field)).lower())}"
    return lift + 1 if all(word in told for word in words) else None
