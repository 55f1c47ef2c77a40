"""Deciding: answer what is clear, ask what is close, admit what is weak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.decision import ANSWER_AT, ASK_AT, ELSEWHERE_AT, ELSEWHERE_SURE, decide
from nlu.model import Decision


@pytest.mark.parametrize(
    ("confidence", "outside", "commune", "expected"),
    [
        (ANSWER_AT, 0.1, True, Decision.ANSWER),
        (ANSWER_AT - 0.01, 0.1, True, Decision.ASK),
        (ASK_AT, 0.1, True, Decision.ASK),
        (ASK_AT - 0.01, 0.1, True, Decision.UNKNOWN),
        (0.9, 0.9, False, Decision.ELSEWHERE),
        (ELSEWHERE_SURE - 0.01, ELSEWHERE_AT, False, Decision.ASK),
        (0.05, 0.9, False, Decision.UNKNOWN),
        (0.9, ELSEWHERE_AT - 0.01, False, Decision.ASK),
    ],
)
def test_decide(
    confidence: float, outside: float, commune: bool, expected: Decision
) -> None:
    """The thresholds part the decisions; others get what is probably theirs."""
    assert expected is decide(confidence, outside, best_is_commune=commune)


@given(st.floats(0, 1), st.floats(0, 1))
def test_another_level_is_never_answered(confidence: float, outside: float) -> None:
    """What the commune does not do is never answered directly."""
    found = decide(confidence, outside, best_is_commune=False)

    assert found is not Decision.ANSWER
