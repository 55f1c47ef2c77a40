"""Deciding: answer what is clear, ask what is close, admit what is weak."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.decision import ANSWER_AT, ASK_AT, Contest, decide
from nlu.model import Decision

OURS = Contest(best_is_commune=True, best=2.0, best_commune=2.0)
THEIRS = Contest(best_is_commune=False, best=2.0, best_commune=1.0)
CLOSE = Contest(best_is_commune=False, best=2.0, best_commune=1.95)


@pytest.mark.parametrize(
    ("confidence", "contest", "expected"),
    [
        (ANSWER_AT, OURS, Decision.ANSWER),
        (ANSWER_AT - 0.01, OURS, Decision.ASK),
        (ASK_AT, OURS, Decision.ASK),
        (ASK_AT - 0.01, OURS, Decision.UNKNOWN),
        (0.9, THEIRS, Decision.ELSEWHERE),
        (0.05, THEIRS, Decision.UNKNOWN),
        (0.9, CLOSE, Decision.ASK),
    ],
)
def test_decide(confidence: float, contest: Contest, expected: Decision) -> None:
    """The thresholds part the decisions; another level wins only by a clear lead."""
    assert expected is decide(confidence, contest)


@given(st.floats(0, 1), st.floats(0.1, 4), st.floats(0, 1))
def test_another_level_is_never_answered(
    confidence: float, best: float, share: float
) -> None:
    """What the commune does not do is never answered directly."""
    contest = Contest(best_is_commune=False, best=best, best_commune=best * share)

    assert decide(confidence, contest) is not Decision.ANSWER
