"""Patterns match what people type, with, without or with some diacritics."""

from __future__ import annotations

import pytest

from nlu.errors import BadPatternError
from nlu.normalise import settled, tokenise
from nlu.pattern import Phrases, compile_pattern, places


def found(pattern: str, text: str) -> bool:
    """Whether the pattern occurs in the text."""
    return Phrases([(pattern, None)]).any(settled(tokenise(text)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("mất giấy", "tôi mất giấy rồi"),
        ("mất giấy", "toi mat giay roi"),
        ("mất giấy", "tôi mât giây rồi"),
        ("mất|rách giấy", "rách giấy khai sinh"),
        ("mất bản? chính", "mất chính"),
        ("mất bản? chính", "mất bản chính"),
        ("mất ... sổ", "mất luôn cả cái sổ"),
        ("^ dạ? vâng $", "vâng"),
        ("^ dạ? vâng $", "dạ vâng"),
        ("cần!", "tôi cần hỏi"),
    ],
)
def test_matches(pattern: str, text: str) -> None:
    """These texts say the phrase."""
    assert found(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("mất giấy", "mặt giấy hỏng rồi nhé"),
        ("chó", "làm giấy cho bố mẹ ở đâu"),
        ("mất ... sổ", "mất một hai ba bốn năm sáu bảy sổ"),
        ("^ vâng $", "vâng tôi hiểu"),
        ("cần!", "can cuoc"),
        ("chợ", "chó"),
    ],
)
def test_does_not_match(pattern: str, text: str) -> None:
    """These texts say something else."""
    assert not found(pattern, text)


def test_places_leave_out_what_lies_between() -> None:
    """Only the words of the phrase are marked, not the gap."""
    hits = Phrases([("hồ sơ ... gì", 1)]).hits(tokenise("hồ sơ hưu trí cần gì"))

    assert {0, 1, 5} == places(hits)


@pytest.mark.parametrize("text", ["", "...", "word?", "... sau", "a? ... b", "? x"])
def test_patterns_without_a_firm_start_are_refused(text: str) -> None:
    """A pattern that could match nothing, or starts with a gap, is a mistake."""
    with pytest.raises(BadPatternError):
        compile_pattern(text)
