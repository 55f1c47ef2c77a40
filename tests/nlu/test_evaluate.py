"""Measuring counts what it says it counts."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.evaluate import Question, evaluate
from nlu.model import Candidate, Decision, Intent, Memory, Understanding
from nlu.variants import folded, telex_leftover, with_typos

NO_CHANCE = Random(0)  # noqa: S311  no secret, the slip takes no chance


class Scripted:
    """A reader that knows its lines."""

    def __init__(self, lines: dict[str, tuple[Decision, list[str]]]) -> None:
        self._lines = lines

    def parse(self, text: str, memory: Memory | None = None) -> Understanding:
        """Return the reading written for the text."""
        assert memory is None
        decision, codes = self._lines[text]
        candidates = tuple(Candidate(code, 0.5) for code in codes)
        return Understanding(
            text, Intent.ASK_PROCEDURE, (), decision, candidates, 0.5, False, False, 2.0
        )


def test_report() -> None:
    """First, third, shares and precision follow from the readings."""
    reader = Scripted(
        {
            "a": (Decision.ANSWER, ["1"]),
            "b": (Decision.ANSWER, ["2", "1"]),
            "c": (Decision.ASK, ["x", "y", "z", "1"]),
            "d": (Decision.UNKNOWN, []),
            "e": (Decision.ANSWER, ["twin"]),
        }
    )
    asked = [Question(text, ("1",)) for text in "abcde"]

    report = evaluate(reader, asked, lambda code: ("1",) if code == "twin" else ())

    assert (report.first, report.third) == (0.4, 0.6)
    assert (report.answered, report.asked, report.refused) == (0.6, 0.2, 0.2)
    assert report.precision == pytest.approx(2 / 3)
    assert (report.p50_ms, report.p99_ms) == (2.0, 2.0)


def test_no_questions_no_report() -> None:
    """An average of nothing is an error."""
    with pytest.raises(ValueError, match=r"\[\]"):
        evaluate(Scripted({}), [], lambda _: ())


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
