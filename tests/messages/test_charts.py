"""Are charts drawn to scale, told in words, and harmless whatever they are called?"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from messages.charts import BOTTOM, HEIGHT, TOP, Chart, Series, columns, nice

SVG = "{http://www.w3.org/2000/svg}"
ROOM = HEIGHT - TOP - BOTTOM


def parsed(chart: Chart) -> ET.Element:
    """Return the SVG as a browser reads it."""
    text = columns(chart).replace(
        "<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1
    )
    return ET.fromstring(text)  # noqa: S314  our own text


def test_heights_are_the_values() -> None:
    """Half of the top is half as high; None draws nothing."""
    chart = Chart("a", "t", "d", ["1", "2", "3"], [Series("x", [4, 2, None])])
    tall = [float(one.get("height", "")) for one in parsed(chart).iter(f"{SVG}rect")]

    assert tall == [ROOM, ROOM / 2]


def test_title_and_description_are_tied_to_the_picture() -> None:
    """A screen reader says both."""
    root = parsed(Chart("m", 'Việc <b> & "nhà"', "12 tuần", ["1"], [Series("x", [1])]))
    named = root.get("aria-labelledby", "").split()

    assert root.get("role") == "img"
    assert [root.find(f"{SVG}title").get("id"), root.find(f"{SVG}desc").get("id")] == (  # type: ignore[union-attr]
        named
    )
    assert root.findtext(f"{SVG}title") == 'Việc <b> & "nhà"'


@given(st.lists(st.none() | st.floats(0, 1e6), min_size=1, max_size=20), st.booleans())
def test_no_column_leaves_the_picture(
    values: list[float | None], is_percent: bool
) -> None:
    """Whatever the figures are."""
    labels = [str(place) for place in range(len(values))]
    shown = Chart("a", "t", "d", labels, [Series("x", values)], is_percent)
    for one in parsed(shown).iter(f"{SVG}rect"):
        assert 0 <= float(one.get("height", "")) <= ROOM + 0.1
        assert TOP <= float(one.get("y", "")) <= HEIGHT - BOTTOM


@given(st.floats(0, 1e9))
def test_the_top_of_the_scale_is_near_and_even(most: float) -> None:
    """Never below the greatest value, never far above it."""
    top = nice(most)

    assert most <= top <= max(2, most * 1.6 + 2)
    assert top % 2 == 0
