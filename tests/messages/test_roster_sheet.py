"""Is the paper whole, escaped, and free of anything from outside?"""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from messages.roster_sheet import Sheet, SheetRow, render

WORDS = st.text(max_size=40)
ROWS = st.builds(SheetRow, *[WORDS] * 7)
SHEETS = st.builds(
    Sheet,
    WORDS,
    WORDS,
    WORDS,
    st.integers(2026, 2100),
    WORDS,
    st.lists(ROWS, max_size=3),
    st.lists(WORDS, max_size=2),
    st.lists(WORDS, max_size=2),
)


@given(SHEETS)
def test_nothing_that_was_typed_becomes_markup(sheet: Sheet) -> None:
    """Whatever people are called, the page has only the tags of its layout."""
    page = render(sheet)

    assert set(re.findall(r"<([a-z0-9]+)", page)) <= {
        *("html", "head", "meta", "title", "style", "body", "header", "footer", "div"),
        *("p", "h1", "br", "table", "thead", "tbody", "tr", "th", "td", "ul", "li"),
    }


def test_the_layout_of_an_official_paper() -> None:
    """National heading, signatures, and no address of anything to load."""
    page = render(Sheet("UBND xã Mẫu", "Mẫu", "Từ …", 2026, "sáng", ()))

    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in page
    assert "Độc lập - Tự do - Hạnh phúc" in page
    assert "THỦ TRƯỞNG CƠ QUAN" in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page)
