"""May a new model go live?

Compared question by question. One question more or less is chance; what must hold may
not be lost, losses may not outweigh gains beyond chance, now or added up, and in all
more must be read right than before. Taking a lesson away is a right, so it always may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from math import comb

from nlu.exam import Comparison, Tally
from nlu.paper import Kind

LEVEL = 0.05
"""A model is refused when chance alone would bring so bad a balance this rarely."""
LEAST = 0.25
"""A lesson that is read right in one way of typing more counts as a third."""


class Refusal(StrEnum):
    """Why a new model stays outside."""

    NOTHING_NEW = "nothing_new"
    HELD_LOST = "held_lost"
    WORSE_FIRST = "worse_first"
    WORSE_INTENTS = "worse_intents"
    WORSE_OUTSIDE = "worse_outside"
    NOTHING_GAINED = "nothing_gained"
    TAKEN_BACK = "taken_back"


WORSE: Mapping[Kind, Refusal] = {
    Kind.PROCEDURE: Refusal.WORSE_FIRST,
    Kind.INTENT: Refusal.WORSE_INTENTS,
    Kind.OUTSIDE: Refusal.WORSE_OUTSIDE,
}


def refusals(found: Comparison) -> tuple[Refusal, ...]:
    """Return why the new model may not go live; () when it may."""
    if found.is_same:
        return (Refusal.NOTHING_NEW,)
    if found.withdrawn and not found.fresh:
        return ()
    return tuple(_refusals(found))


def chance(lost: int, won: int) -> float:
    """Return how often a fair coin would lose at least so many of these (sign test)."""
    changed = lost + won
    return float(sum(comb(changed, n) for n in range(lost, changed + 1)) / 2**changed)


def _refusals(found: Comparison) -> Iterator[Refusal]:
    if found.held_lost:
        yield Refusal.HELD_LOST
    worse = {one.kind for one in (*found.changes, *found.drift) if _is_worse(one)}
    yield from (WORSE[kind] for kind in Kind if kind in worse)
    if found.gain < LEAST:
        yield Refusal.NOTHING_GAINED


def _is_worse(tally: Tally) -> bool:
    return chance(tally.lost, tally.won) <= LEVEL
