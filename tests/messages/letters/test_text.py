"""Is text clean on its way in and out of a letter?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messages.letters.text import clean, joined, paragraphs, plain, tidy


def test_a_value_becomes_one_composed_line() -> None:
    """Line breaks, direction marks, zero-width signs and NFD leave no trace."""
    typed = unicodedata.normalize("NFD", " Nguyễn\tThị\u200b \u202eẨn\n")

    assert clean(typed) == "Nguyễn Thị Ẩn"


@given(st.text())
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    """What was cleaned is clean, and in NFC."""
    once = clean(typed)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_a_made_text_has_no_gaps() -> None:
    """Blanks before marks, double blanks and rows of empty lines go."""
    assert tidy("Kính gửi  ông ,\n\n\n\nChào .\n") == "Kính gửi ông,\n\nChào."
    assert paragraphs("a\nb\n\n \nc") == ("a b", "c")


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "", "B"], "A và B"),
        (["A", "B", "C"], "A, B và C"),
    ],
)
def test_names_are_joined(names: list[str], text: str) -> None:
    """Two names by "và", more by commas before it."""
    assert joined(names) == text


def test_names_compare_without_marks() -> None:
    """A kind may be typed with accents and capitals."""
    assert plain("Thư Chúc mừng-Kết hôn Đẹp") == "thu_chuc_mung_ket_hon_dep"
