"""Are days written as Nghị định 30/2020 wants them?"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.letters.dates import parsed, read, written
from messages.letters.errors import BadDataError


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("2026-11-05", "05 tháng 11 năm 2026"),
        ("2026-02-15T08:00:00+07:00", "15 tháng 02 năm 2026"),
        ("1/3/2026", "01 tháng 3 năm 2026"),
        ("Ngày 9 tháng 9 năm 2026", "09 tháng 9 năm 2026"),
        ("mùng 3 tháng Giêng năm Đinh Mùi", "mùng 3 tháng Giêng năm Đinh Mùi"),
        ("ngày rằm tháng Bảy", "rằm tháng Bảy"),
    ],
)
def test_every_usual_way_is_read(typed: str, text: str) -> None:
    """Days below 10 and the months 1 and 2 take a zero; a day in words stays."""
    assert read(typed, "ngày") == text


@pytest.mark.parametrize("typed", ["2026-02-30", "31/4/2026", "12/2026", "0/0/0000"])
def test_a_day_that_never_was_is_refused(typed: str) -> None:
    """Figures must mean a day of the calendar."""
    with pytest.raises(BadDataError, match="ngày mất"):
        read(typed, "ngày mất")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_what_is_written_is_read_again(day: date) -> None:
    """A letter's day is understood when it is typed back."""
    assert parsed(f"ngày {written(day)}", "ngày") == day
