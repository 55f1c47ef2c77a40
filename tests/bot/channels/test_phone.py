"""Are published numbers written as a call button needs them?"""

from __future__ import annotations

import pytest

from bot.channels.phone import digits, international


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0900 000 001", "84900000001"),
        ("(0225) 3.000.001", "842253000001"),
        ("+84 900 000 001", "84900000001"),
        ("84900000001", "84900000001"),
        ("113", ""),
        ("1022", ""),
        ("1900 0000", ""),
        ("0113", ""),
        ("", ""),
        ("không có", ""),
    ],
)
def test_only_subscribers_get_a_country_code(number: str, expected: str) -> None:
    """Short and service numbers exist only inside the country."""
    assert international(number) == expected


def test_digits_are_ascii() -> None:
    """Digits of other scripts cannot be dialled."""
    assert digits("٣ 1-0.2 2") == "1022"
