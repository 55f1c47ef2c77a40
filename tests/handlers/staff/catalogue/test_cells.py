"""Does a spreadsheet cell hold lists, papers and laws without loss?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.catalogue import cells
from handlers.staff.catalogue.columns import fold
from handlers.staff.catalogue.validate import RowError

WORD = st.text(
    st.characters(blacklist_categories=("C", "Z"), blacklist_characters="|"),
    min_size=1,
    max_size=8,
)
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
ITEM = PHRASE.filter(lambda text: text[0] not in "-•*–'")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("a; b;c", ["a", "b", "c"]),
        ("a; b\nc", ["a; b", "c"]),
        ("- a; b", ["a; b"]),
        ("- a\n• b\n\n* c", ["a", "b", "c"]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        (" ; ", []),
    ],
)
def test_items(cell: str, expected: list[str]) -> None:
    """New lines part items; a single line may use semicolons."""
    assert cells.items(cell) == expected


@given(st.lists(ITEM, min_size=1, max_size=5))
def test_lists_come_back(values: list[str]) -> None:
    """A list written as a cell, made safe, and read again is the same list."""
    assert cells.items(cells.neutral(cells.lines(values))) == values


PAPER = st.fixed_dictionaries(
    {"name": ITEM},
    optional={
        "original": st.integers(0, 20).filter(lambda n: n != 1),
        "copies": st.integers(1, 20),
        "form": PHRASE,
        "when": PHRASE,
    },
)


@given(st.lists(PAPER, min_size=1, max_size=4))
def test_papers_come_back(values: list[dict[str, Any]]) -> None:
    """Papers with counts, forms and cases survive the way through a cell."""
    assert cells.papers(cells.neutral(cells.papers_cell(values))) == values


LAW = st.fixed_dictionaries({"number": ITEM}, optional={"title": PHRASE, "date": WORD})


@given(st.lists(LAW, min_size=1, max_size=4))
def test_laws_come_back(values: list[dict[str, str]]) -> None:
    """Legal bases survive, also those with a date and no title."""
    assert cells.laws(cells.neutral(cells.laws_cell(values))) == values


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_formulas_are_disarmed_and_come_back(start: str) -> None:
    """A text a program would run gets an apostrophe and loses it on the way in."""
    text = f"{start}SUM(A1)"

    assert cells.neutral(text) == f"'{text}"
    assert cells.plain(cells.neutral(text)) == text.strip()


def test_an_apostrophe_of_a_name_stays() -> None:
    """Only the apostrophe before a formula is taken away."""
    assert cells.plain("'Y Kđăm") == "'Y Kđăm"


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("Đơn | ba tờ", "không hiểu phần 'ba tờ' của giấy tờ"),
        ("| chính 1", "thiếu tên ở trước dấu |"),
    ],
)
def test_unclear_papers_are_refused(cell: str, reason: str) -> None:
    """What is not understood is refused with the part that is unclear."""
    with pytest.raises(RowError) as caught:
        cells.papers(cell)

    assert reason in str(caught.value)


def test_a_law_of_four_parts_is_refused() -> None:
    """A legal basis has a number, a title and a date."""
    with pytest.raises(RowError, match="căn cứ"):
        cells.laws("1 | 2 | 3 | 4")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("Có", True), ("x", True), ("không", False), ("KHONG", False)],
)
def test_yes_or_no(cell: str, *, expected: bool) -> None:
    """Yes and no are understood with and without accents."""
    assert cells.yes_or_no(cell, fold) is expected


def test_neither_yes_nor_no_is_refused() -> None:
    """A third answer is refused."""
    with pytest.raises(RowError):
        cells.yes_or_no("tùy", fold)
