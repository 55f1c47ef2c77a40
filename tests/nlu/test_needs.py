"""Several matters in one message are found; one matter stays one."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from nlu.model import Decision, Understanding


def matters(reading: Understanding) -> set[str]:
    """Return the codes of all matters found."""
    return {part.candidates[0].code for part in (reading, *reading.others)}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("đăng ký kết hôn và khai sinh cho con", {"1.000894", "1.001193"}),
        ("dang ky ket hon va tach khau", {"1.000894", "1.010038"}),
    ],
)
def test_each_matter_is_found(engine: Engine, text: str, codes: set[str]) -> None:
    """Joined by a word or told in sentences, with or without accents."""
    assert matters(engine.parse(text)) == codes


@pytest.mark.parametrize(
    "text",
    [
        "đăng ký kết hôn cần giấy tờ gì và mất bao lâu",
        "đăng ký kết hôn, lệ phí bao nhiêu ạ",
        "chào em, cho hỏi đăng ký kết hôn với ạ",
        "đăng ký kết hôn",
    ],
)
def test_one_matter_stays_one(engine: Engine, text: str) -> None:
    """Facets, greetings and politeness are no matters of their own."""
    reading = engine.parse(text)

    assert reading.decision is Decision.ANSWER
    assert reading.others == ()
