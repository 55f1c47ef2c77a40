"""Do counts become a prior that is fair, smooth and forgets?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.usage import DayCount, Sign, blended, prior

TODAY = date(2026, 11, 23)


def seen(code: str, count: int, sign: Sign = Sign.TAP, days: int = 0) -> DayCount:
    """Return a count of some days ago."""
    return DayCount(TODAY - timedelta(days=days), code, sign, count)


COUNTS = st.lists(
    st.builds(
        seen,
        st.sampled_from(["a", "b", "c"]),
        st.integers(1, 5000),
        st.sampled_from(Sign),
        st.integers(-3, 400),
    ),
    max_size=12,
)


def test_nothing_counted_is_believed_nothing() -> None:
    """Without counts, or with complaints alone, there is no prior."""
    assert prior([], TODAY) == prior([seen("a", 3, Sign.WRONG)], TODAY)
    assert prior([], TODAY).trust == 0


def test_a_tap_weighs_more_than_our_own_answer() -> None:
    """What a citizen pointed at counts more than what we guessed."""
    found = prior([seen("a", 100), seen("b", 100, Sign.ANSWER)], TODAY)

    assert found.wanted["a"] == 1000
    assert 0 < found.wanted["b"] < 1000


def test_old_days_fade() -> None:
    """The same count of two months ago weighs a quarter."""
    found = prior([seen("new", 25), seen("old", 100, days=60)], TODAY)

    assert found.wanted["new"] == found.wanted["old"] == 1000


def test_complaints_take_away() -> None:
    """A complaint outweighs several answers."""
    counts = [seen("a", 50), seen("b", 50, Sign.ANSWER), seen("b", 20, Sign.WRONG)]

    assert "b" not in prior(counts, TODAY).wanted


def test_few_counts_are_believed_little() -> None:
    """Trust grows with what was counted, and never becomes whole."""
    few, many = prior([seen("a", 4)], TODAY), prior([seen("a", 10**6)], TODAY)

    assert few.trust < 20
    assert many.trust == 600


@given(COUNTS, st.randoms())
def test_the_order_of_counts_does_not_matter(
    counts: list[DayCount], random: object
) -> None:
    """The same counts give the same whole numbers within bounds."""
    shuffled = sorted(counts, key=lambda _: random.random())  # type: ignore[attr-defined]  # hypothesis gives a Random
    found = prior(counts, TODAY)

    assert prior(shuffled, TODAY) == found
    assert all(0 < share <= 1000 for share in found.wanted.values())
    assert 0 <= found.trust <= 600


@given(st.floats(0, 1), st.integers(0, 1000), st.integers(0, 600))
def test_a_blend_lies_between(own: float, wanted: int, trust: int) -> None:
    """The prior stays 0..1 and moves towards what was counted."""
    found = blended(own, wanted, trust)

    low, high = sorted((own, wanted / 1000))
    assert low - 1e-9 <= found <= high + 1e-9
    assert blended(own, wanted, 0) == pytest.approx(own)
