"""Is a search phrase only searched with, and never more than offered alone?"""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.ai.rewrite import LONGEST, phrase, rewritten
from nlu.ai.use import Result
from nlu.model import Decision, Intent
from nlu.normalise import fold
from tests.nlu.ai.support import HOUSE, LAND, SHOP, codes_of, reading


def said(words: object) -> str:
    """Return a reply with these words."""
    return json.dumps({"search": words})


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ""),
        (" ", ""),
        ("Đăng ký kết hôn", "đăng ký kết hôn"),
        ("Tách thửa đất, hợp thửa đất.", "tách thửa đất hợp thửa đất"),
        ("cấp lại (bản chính)", "cấp lại bản chính"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), Result.UNFIT),
        ("thủ tục 1.001193", Result.UNFIT),
        ("lệ phí 50000 đồng", Result.UNFIT),
        ("xem http://lua-dao.example", Result.UNFIT),
        ("gửi mail a@b.vn", Result.UNFIT),
        ("<b>đăng ký</b>", Result.UNFIT),
        ("{{ tên }}", Result.UNFIT),
        ("đăng ký\u202e nhà", Result.UNFIT),
        ("регистрация", Result.UNFIT),
        ("登记结婚", Result.UNFIT),
        ("🙂", Result.UNFIT),
        (None, Result.WRONG_SHAPE),
        (["đăng ký"], Result.WRONG_SHAPE),
        (5, Result.WRONG_SHAPE),
    ],
)
def test_a_reply_is_a_short_phrase_of_letters(
    words: object, expected: str | Result
) -> None:
    """Anything that could be a fact, a link or a trick voids it."""
    assert phrase(said(words)) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("Đăng ký kết hôn", Result.NOT_JSON),
        ('{"search": "nhà", "fee": "0"}', Result.WRONG_SHAPE),
        ('{"order": [1]}', Result.WRONG_SHAPE),
    ],
)
def test_a_reply_of_another_form_is_refused(content: str, expected: Result) -> None:
    """Talk, facts, the wrong job."""
    assert phrase(content) is expected


@given(st.text(max_size=120))
def test_whatever_is_said_only_letters_come_through(words: str) -> None:
    """Letters with Vietnamese marks or none, and single blanks."""
    found = phrase(said(words))
    if isinstance(found, str):
        assert len(found) <= LONGEST
        assert all(
            fold(w).isascii() and fold(w).isalpha() for w in found.split(" ") if w
        )


@pytest.mark.parametrize(
    "decision", [Decision.ANSWER, Decision.ASK, Decision.ELSEWHERE]
)
def test_what_is_found_is_offered(decision: Decision) -> None:
    """However sure our engine is of the phrase: the citizen did not say it."""
    own = reading(Decision.UNKNOWN, SHOP, confidence=0.1)

    found = rewritten(own, reading(decision, HOUSE, LAND, confidence=0.99))
    assert (found.decision, found.confidence) == (Decision.ASK, 0.1)
    assert (codes_of(found), found.facets) == ([HOUSE, LAND], own.facets)
    assert found.text == own.text


def test_agreement_of_both_readings_is_an_answer() -> None:
    """Sure of the phrase, and the same procedure was likeliest before."""
    own = reading(Decision.UNKNOWN, HOUSE, LAND, confidence=0.1)

    found = rewritten(own, reading(Decision.ANSWER, HOUSE, confidence=0.9))
    assert (found.decision, found.confidence) == (Decision.ANSWER, 0.9)
    assert codes_of(found) == [HOUSE]


@pytest.mark.parametrize("decision", [Decision.ASK, Decision.ELSEWHERE])
def test_agreement_without_certainty_is_a_question(decision: Decision) -> None:
    """Our engine must be sure by itself."""
    own = reading(Decision.UNKNOWN, HOUSE)

    assert rewritten(own, reading(decision, HOUSE)).decision is Decision.ASK


def test_what_was_no_question_is_never_answered() -> None:
    """Words we took for something else are only asked back about."""
    own = reading(Decision.UNKNOWN, HOUSE, intent=Intent.OUT_OF_SCOPE)

    found = rewritten(own, reading(Decision.ANSWER, HOUSE, confidence=0.9))
    assert (found.intent, found.decision) == (Intent.ASK_PROCEDURE, Decision.ASK)


@pytest.mark.parametrize(
    "found",
    [
        reading(Decision.UNKNOWN, HOUSE),
        reading(Decision.ASK),
        reading(Decision.ELSEWHERE),
        *(
            reading(Decision.CHAT, HOUSE, intent=intent)
            for intent in Intent
            if intent is not Intent.ASK_PROCEDURE
        ),
    ],
)
def test_a_phrase_that_means_nothing_changes_nothing(found: object) -> None:
    """A model cannot make us hear an opt-out, a denunciation or a greeting."""
    own = reading(Decision.UNKNOWN, SHOP)

    assert rewritten(own, found) is own  # type: ignore[arg-type]
