"""May a new model go live?

It must not read the regression questions worse, and must read newly approved
examples strictly better. Taking an example away is a right, so it always may.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from nlu.train import Comparison

SLACK = 0.005
"""Half a point: what one question more or less may move beside the main figure."""
EXACT = 1e-9


class Refusal(StrEnum):
    """Why a new model stays outside."""

    NOTHING_NEW = "nothing_new"
    WORSE_FIRST = "worse_first"
    WORSE_INTENTS = "worse_intents"
    WORSE_OUTSIDE = "worse_outside"
    NOTHING_GAINED = "nothing_gained"
    TAKEN_BACK = "taken_back"


def refusals(found: Comparison) -> tuple[Refusal, ...]:
    """Return why the new model may not go live; () when it may."""
    if found.is_same:
        return (Refusal.NOTHING_NEW,)
    if found.withdrawn and not found.fresh:
        return ()
    return tuple(_refusals(found))


def _refusals(found: Comparison) -> Iterator[Refusal]:
    if _fell(found.old.first, found.new.first, EXACT):
        yield Refusal.WORSE_FIRST
    if _fell(found.old.intents, found.new.intents, SLACK):
        yield Refusal.WORSE_INTENTS
    if _fell(found.old.outside, found.new.outside, SLACK):
        yield Refusal.WORSE_OUTSIDE
    if not _gained(found):
        yield Refusal.NOTHING_GAINED


def _gained(found: Comparison) -> bool:
    """Whether new examples are read better; without any, the questions."""
    if found.fresh:
        return found.new_right > found.old_right
    return (found.new.first or 0) > (found.old.first or 0) + EXACT


def _fell(old: float | None, new: float | None, most: float) -> bool:
    return (old or 0) - (new or 0) > most
