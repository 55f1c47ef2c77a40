"""Are shares, scores and calibration counted as their names say?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.measure.counts import (
    bins,
    calibration_error,
    confusions,
    percentile,
    score,
    share,
)


def test_score() -> None:
    """Precision, recall and F1 follow from what was right and what was said."""
    found = score([(True, True), (True, True), (True, False), (False, True)])

    assert found.precision == pytest.approx(2 / 3)
    assert found.recall == pytest.approx(2 / 3)
    assert found.f1 == pytest.approx(2 / 3)
    assert found.support == 3


def test_nothing_said_scores_nothing() -> None:
    """A label that nobody said has no precision, and that is no error."""
    assert score([(True, False)]).f1 == 0.0


def test_nothing_has_no_share() -> None:
    """Of nothing there is no share, percentile or calibration."""
    assert share([]) is None
    assert percentile([], 99) is None
    assert calibration_error(bins([])) is None


def test_calibration() -> None:
    """Who says 0.95 and is right half the time is off by 0.45."""
    classes = bins([(0.95, True), (0.95, False)])

    assert [one.readings for one in classes] == [2]
    assert calibration_error(classes) == pytest.approx(0.45)


def test_confusions() -> None:
    """Mistakes are counted, the most frequent first; what was right is left out."""
    pairs = [("a", "b"), ("a", "b"), ("b", "a"), ("a", "a")]

    assert confusions(pairs) == [("a", "b", 2), ("b", "a", 1)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans())))
def test_no_reading_is_lost_in_the_bins(rated: list[tuple[float, bool]]) -> None:
    """Every reading is in one class, and the error is a share."""
    classes = bins(rated)

    assert sum(one.readings for one in classes) == len(rated)
    assert 0 <= (calibration_error(classes) or 0.0) <= 1


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(0, 100))
def test_a_percentile_is_one_of_the_values(values: list[float], percent: int) -> None:
    """A percentile was measured, and grows with the percentage."""
    found = percentile(values, percent)

    assert found in values
    assert found is not None
    assert found <= max(values)
