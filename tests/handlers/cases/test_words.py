"""Is there a sentence for every step that is told, and is its wording remembered?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handlers.cases.case import State
from handlers.cases.kind import CaseKind, shipped
from handlers.cases.words import in_words, key_of, status_values, values_of
from messages.words import ChatWords
from tests.handlers.cases.office import NOW, new_case

WORDS = ChatWords()
COMMON = {"xh": "bác", "Xh": "Bác", "xa": "UBND xã Mẫu", "place": ""}
TOLD = (
    "received",
    "recorded",
    "reclassified",
    "accepted",
    "returned",
    "answered",
    "closed",
    "reopened",
    "transferred",
    "receipted",
    "merged",
    "extended",
    "paused",
    "resumed",
    "recomputed",
    "status",
)
KINDS = [kind for kind in shipped() if not kind.is_guidance]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_kind_can_tell_every_step(kind: CaseKind) -> None:
    """With the values of a real case nothing is missing and nothing is left over."""
    case = new_case(kind.code)
    for name in TOLD:
        values = values_of(case, kind) | {"text": "lời", "agency": "Sở", "other": "X"}
        text = WORDS.say(key_of(WORDS, kind.code, name), **(values | COMMON))
        assert case.code in text
        assert "{{" not in text


def test_a_kind_may_have_a_sentence_of_its_own() -> None:
    """Else the common one is used."""
    assert key_of(WORDS, "phan_anh", "answered") == "cases.phan_anh.answered"
    assert key_of(WORDS, "pakn", "answered") == "cases.common.answered"


def test_only_a_term_of_the_law_is_called_one() -> None:
    """A promise of the commune never sounds like a statute, and the other way round."""
    told = {
        kind.code: WORDS.say(
            key_of(WORDS, kind.code, "received"),
            **(values_of(new_case(kind.code), kind) | COMMON),
        )
        for kind in KINDS
    }

    assert "theo cam kết của xã" in told["phan_anh"]
    assert "theo quy định của pháp luật" in told["yeu_cau_thong_tin"]
    assert "pháp luật" not in told["kien_nghi"]


def test_wordings_have_versions() -> None:
    """The same wording has the same version, a commune's own has another."""
    key = "cases.phan_anh.answered"
    own = ChatWords({key: "Dạ, {{ xa }} trả lời {{ code }}: {{ text }} ạ."})

    assert WORDS.version(key) == ChatWords().version(key)
    assert own.version(key) != WORDS.version(key)
    assert own.version("cases.common.closed") == WORDS.version("cases.common.closed")
    assert len(WORDS.version(key)) == 12


def test_a_case_that_ended_has_no_day() -> None:
    """Only a running term is told."""
    kind = shipped().get("phan_anh")
    case = replace(new_case(), state=State.CLOSED, clocks=())

    assert status_values(case, kind, NOW)["due"] == ""
    assert in_words(date(2026, 12, 2)) == "02/12/2026 (thứ Tư)"
