"""Is a case's code unmistakable, and read however people type it?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.code import CaseCode, find, last_digits, parse
from handlers.cases.errors import BadCodeError

CODE = CaseCode("PA", date(2026, 11, 25), 42)
CODES = st.builds(
    CaseCode,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=2, max_size=2),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999_999),
)


def test_a_code_is_written_in_one_way() -> None:
    """Letters, two-digit year, month, day, and a number of at least four digits."""
    assert str(CODE) == "PA-261125-0042"


@pytest.mark.parametrize(
    "text",
    [
        "PA-261125-0042",
        "pa-261125-0042",
        "PA261125 42",
        "pa 261125 0042",
        " Pa–261125–0042. ",
        "pa2611250042",
        "#PA.261125.0042",
    ],
)
def test_it_is_read_however_it_is_typed(text: str) -> None:
    """Lower case, blanks, other dashes and missing ones do not matter."""
    assert parse(text) == CODE


@pytest.mark.parametrize(
    "text", ["", "PA", "261125-0042", "PA-261325-0042", "PA-26112-0042", "hôm nay"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    """Missing letters and days that do not exist are no code."""
    with pytest.raises(BadCodeError):
        parse(text)


def test_more_than_a_code_is_not_a_code() -> None:
    """Staff commands take a code alone; a sentence around it is for citizens."""
    assert find("tra cứu PA-261125-0042 giúp tôi") == CODE
    with pytest.raises(BadCodeError):
        parse("tra cứu PA-261125-0042 giúp tôi")


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("tra cứu PA-261125-0042 5678", "5678"),
        ("pa2611250042, số cuối 0001", "0001"),
        ("PA-261125-0042", ""),
        ("PA-261125-0042 0912345678", ""),
    ],
)
def test_the_digits_beside_a_code(text: str, digits: str) -> None:
    """Four digits that are not the code's own number; never part of a longer one."""
    assert last_digits(text) == digits


@given(CODES)
def test_every_code_comes_back(code: CaseCode) -> None:
    """What is written is read again, with and without its dashes."""
    assert parse(str(code)) == code
    assert parse(str(code).lower().replace("-", " ")) == code


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    """Anything may be typed; it is a code or it is none."""
    found = find(text)

    assert found is None or isinstance(found, CaseCode)
    assert len(last_digits(text)) in (0, 4)
