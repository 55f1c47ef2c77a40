"""Is what is near found by its grid, wherever it lies, and nothing that is far?"""

from __future__ import annotations

import math

from hypothesis import assume, example, given
from hypothesis import strategies as st

from handlers.cases.nearby import (
    METRES,
    Area,
    NothingNearby,
    cell_of,
    metres,
    point_of,
)

LATITUDES = st.floats(8.0, 23.4)
LONGITUDES = st.floats(102.0, 110.0)
STEPS = st.floats(-0.003, 0.003)


@given(LATITUDES, LONGITUDES, STEPS, STEPS)
def test_whatever_is_close_lies_in_a_square_around(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    """Two points within 300 m always share a square of the nine."""
    one = f"{latitude},{longitude}"
    other = f"{latitude + north},{longitude + east}"
    assume(metres(one, other) <= METRES)
    assume(latitude + north <= 23.4)

    assert Area(point=other).own[0] in Area(point=one).around


def test_metres() -> None:
    """A thousandth of a degree to the north is about 111 m."""
    assert round(metres("20.9,106.4", "20.901,106.4")) == 111
    assert round(metres("20.9,106.4", "20.9,106.401")) == 104
    assert metres("20.9,106.4", "") == math.inf


@given(st.text(max_size=30))
@example("nan,1")
@example("1,2,3")
@example("inf,inf")
@example("91,0")
def test_any_text_is_a_point_or_none(text: str) -> None:
    """What is no place on earth has no square."""
    found = point_of(text)
    assert (cell_of(text) is None) is (found is None)


def test_a_hamlet_and_a_point_are_both_found() -> None:
    """Either alone is enough; without both there is nothing to look for."""
    assert Area("thon dong").around == ("hamlet:thon dong",)
    assert len(Area("thon dong", "20.9,106.4").around) == 10
    assert Area().own == Area().around == ()


def test_whoever_knows_nothing_remembers_what_was_asked() -> None:
    """So that it can be looked up before the message is handled again."""
    nobody = NothingNearby()
    assert nobody.near("phan_anh", Area("a"), "đèn") == ()
    assert nobody.asked == [("phan_anh", Area("a"), "đèn")]
