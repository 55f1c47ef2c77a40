"""Questions are typed as hurried people type them, the same way every time."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from nlu.variants import folded, telex_leftover, with_typos

NO_CHANCE = Random(0)  # noqa: S311  no secret, the slip takes no chance


def test_telex() -> None:
    """A word typed with the keyboard off shows its keys."""
    assert [telex_leftover(word, NO_CHANCE) for word in ("giấy", "đẵng", "nhường")] == [
        "giaays",
        "ddawngx",
        "nhuwowngf",
    ]


def test_folded() -> None:
    """A folded variant is plain lower case."""
    assert folded("Đăng Ký") == "dang ky"


@given(st.lists(st.sampled_from(["giấy", "khai", "sinh", "ở", "đâu"]), min_size=1))
def test_typos_repeat(words: list[str]) -> None:
    """The same seed gives the same slips, and never fewer than one word."""
    text = " ".join(words)

    assert with_typos(text, 1) == with_typos(text, 1)
    assert with_typos(text, 1).strip()
