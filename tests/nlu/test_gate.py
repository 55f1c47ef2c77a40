"""Does the gate let chance pass, and stop what is really worse?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.exam import Comparison, Figures, Tally
from nlu.gate import LEVEL, Refusal, chance, refusals
from nlu.paper import Kind

SAME = Figures(0.8, 0.9, 0.7)


def gate(*changes: tuple[Kind, int, int], **more: Any) -> tuple[Refusal, ...]:
    """Ask the gate about questions lost and won, and a lesson well learnt."""
    tallies = tuple(Tally(kind, lost, won) for kind, lost, won in changes)
    learnt: dict[str, Any] = {"fresh": 3, "learnt": 1.0, "changes": tallies} | more
    return refusals(Comparison(SAME, SAME, SAME, **learnt))


P, I, O = Kind.PROCEDURE, Kind.INTENT, Kind.OUTSIDE  # noqa: E741


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        ([], {}, ()),
        ([], {"learnt": 1 / 3}, ()),
        ([], {"learnt": 0.0}, (Refusal.NOTHING_GAINED,)),
        ([(P, 1, 0)], {}, (Refusal.NOTHING_GAINED,)),
        ([(P, 1, 1), (I, 0, 1)], {"learnt": 0.0}, ()),
        ([(P, 4, 0)], {"learnt": 5.0}, ()),
        ([(P, 5, 0)], {"learnt": 9.0}, (Refusal.WORSE_FIRST,)),
        ([(P, 12, 3)], {"learnt": 30.0}, (Refusal.WORSE_FIRST,)),
        ([(P, 12, 10)], {"learnt": 3.0}, ()),
        ([(I, 5, 0)], {"learnt": 9.0}, (Refusal.WORSE_INTENTS,)),
        ([(O, 5, 0), (P, 0, 9)], {}, (Refusal.WORSE_OUTSIDE,)),
        ([], {"held_lost": 1}, (Refusal.HELD_LOST,)),
        ([], {"forgotten": 1}, (Refusal.NOTHING_GAINED,)),
        ([], {"forgotten": 1, "recalled": 1}, ()),
        ([(P, 0, 1)], {"fresh": 0, "learnt": 0.0}, ()),
        ([], {"fresh": 0, "learnt": 0.0}, (Refusal.NOTHING_GAINED,)),
        ([], {"drift": (Tally(P, 5, 0),)}, (Refusal.WORSE_FIRST,)),
        ([(P, 9, 0)], {"fresh": 0, "learnt": 0.0, "withdrawn": 1}, ()),
        ([(P, 9, 0)], {"withdrawn": 1, "learnt": 12.0}, (Refusal.WORSE_FIRST,)),
        ([], {"is_same": True}, (Refusal.NOTHING_NEW,)),
    ],
)
def test_the_gate(
    changes: list[tuple[Kind, int, int]],
    more: dict[str, Any],
    expected: tuple[Refusal, ...],
) -> None:
    """One question is chance, five are not; more must be won than lost in all."""
    assert gate(*changes, **more) == expected


@pytest.mark.parametrize(
    ("lost", "won", "expected"),
    [
        (0, 0, 1.0),
        (0, 3, 1.0),
        (1, 0, 0.5),
        (4, 0, 0.0625),
        (5, 0, 0.03125),
        (2, 1, 0.5),
    ],
)
def test_the_sign_test(lost: int, won: int, expected: float) -> None:
    """How often a fair coin does as badly, worked out by hand."""
    assert chance(lost, won) == pytest.approx(expected)


@given(st.integers(0, 60), st.integers(0, 60))
def test_more_losses_are_never_more_likely(lost: int, won: int) -> None:
    """One more lost is rarer, one more won is more usual; never below nought."""
    assert 0 < chance(lost + 1, won) <= chance(lost, won) <= chance(lost, won + 1) <= 1
    assert chance(lost, won) > LEVEL or lost > won
