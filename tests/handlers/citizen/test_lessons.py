"""Does a tap, "không đúng" or a correction become a lesson, and only where it may?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.lessons import lesson
from handlers.model import Consent, Kind, Lesson, LessonSource, Outcome
from nlu.masking import find
from tests.handlers.citizen.talk import (
    BIRTH,
    COPY,
    KNOWN,
    MARRIAGE,
    SENTENCES,
    Shelf,
    Talk,
    procedure,
    services,
)

ASKED = "xin giấy"
PICKED = f"#chon:{MARRIAGE.code}"


def lessons(outcome: Outcome) -> list[tuple[str, str, str, bool]]:
    """Return the lessons of a turn in short."""
    return [(o.text, o.label, o.source.value, o.is_right) for o in outcome.lessons]


@pytest.mark.parametrize("answer", [PICKED, "2"])
def test_a_pick_labels_the_question(answer: str) -> None:
    """Button or number: the words before are a lesson for what was picked."""
    talk = Talk()
    assert talk.says(ASKED).lessons == ()
    picked = talk.says(answer)

    assert lessons(picked) == [(ASKED, MARRIAGE.code, "picked", True)]


def test_a_pick_out_of_nothing_teaches_nothing() -> None:
    """A button of the popular list answers no question of the citizen."""
    talk = Talk()
    talk.says("làm khai sinh")
    talk.taps("#menu:thutuc")

    assert talk.taps(PICKED).lessons == ()


def test_not_right_is_a_negative_lesson() -> None:
    """The button "không đúng" says what the words did not ask for."""
    talk = Talk()
    talk.says("làm khai sinh")
    rejected = talk.taps("#sai")

    assert lessons(rejected) == [("làm khai sinh", BIRTH.code, "rejected", False)]
    assert lessons(talk.taps(PICKED))[0] == (
        "làm khai sinh",
        MARRIAGE.code,
        "picked",
        True,
    )


def test_none_of_these_is_a_lesson_without_a_label() -> None:
    """None of those on show: staff will know what was meant."""
    talk = Talk()
    talk.says(ASKED)

    assert lessons(talk.taps("#khac")) == [(ASKED, "", "rejected", False)]


def test_what_nobody_could_answer_is_a_gap() -> None:
    """The masked words wait for staff, without any label."""
    asked = Talk().says("bà Lụa 0912345678 cần lên tờ đầu đời")

    assert lessons(asked) == [
        ("bà [họ tên] [số điện thoại] cần lên tờ đầu đời", "", "unanswered", False)
    ]
    assert Talk(state=replace(KNOWN, opted_out=True)).says("lên tờ").lessons == ()
    assert Talk().says("mẹ em ung thư cần tờ gì").lessons == ()


def test_what_helped_in_the_end_is_a_correction() -> None:
    """The words we failed on are labelled by what was found with other words."""
    talk = Talk()
    talk.says("cho cháu lên tờ đầu đời")
    talk.says("vẫn chưa hiểu à")
    found = talk.says("làm khai sinh")

    assert lessons(found) == [
        ("cho cháu lên tờ đầu đời", BIRTH.code, "corrected", True)
    ]
    assert talk.says("lệ phí kết hôn").lessons == ()


def test_after_a_miss_a_pick_teaches_twice() -> None:
    """Both the words that missed and those that were close get the label."""
    talk = Talk()
    talk.says("cho cháu lên tờ đầu đời")
    talk.says(ASKED)

    assert lessons(talk.taps(PICKED)) == [
        (ASKED, MARRIAGE.code, "picked", True),
        ("cho cháu lên tờ đầu đời", MARRIAGE.code, "corrected", True),
    ]


def test_half_an_hour_later_it_is_another_matter() -> None:
    """A question that was never solved is not labelled by the next topic."""
    talk = Talk()
    talk.says("cho cháu lên tờ đầu đời")
    talk.at += timedelta(minutes=31)

    assert talk.says("làm khai sinh").lessons == ()
    assert talk.state.unsolved == ""


def test_a_correction_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The words "ý em là …" say what was not meant, and what was."""
    correction = "không, ý em là kết hôn"
    reading = SENTENCES["lệ phí kết hôn"]
    monkeypatch.setitem(SENTENCES, correction, reading)
    talk = Talk()
    talk.says("làm khai sinh")

    assert lessons(talk.says(correction)) == [
        ("làm khai sinh", BIRTH.code, "rejected", False),
        ("làm khai sinh", MARRIAGE.code, "corrected", True),
    ]


def test_the_words_are_masked_before_they_leave() -> None:
    """Name and number of a person are not in the lesson."""
    talk = Talk()
    talk.says("bà Lụa 0912345678 cần lên tờ đầu đời")
    (found,) = talk.says("làm khai sinh").lessons

    assert found.text == "bà [họ tên] [số điện thoại] cần lên tờ đầu đời"


@pytest.mark.parametrize(
    "change",
    [{"consent": Consent.DECLINED}, {"opted_out": True}, {"pending": "don_thu"}],
)
def test_nothing_is_learnt_from_who_does_not_want_it(change: dict[str, Any]) -> None:
    """Declined, no news wanted, or in the middle of a petition: no lesson at all."""
    talk = Talk()
    talk.says(ASKED)
    talk.state = replace(talk.state, **change)

    assert talk.taps(PICKED).lessons == ()
    assert talk.state.unsolved == ""


def test_declining_forgets_what_was_open() -> None:
    """With the consent goes the question that was still unsolved."""
    talk = Talk()
    talk.says("cho cháu lên tờ đầu đời")
    assert talk.state.unsolved
    talk.taps("#khongdongy")

    assert talk.state.unsolved == ""
    assert talk.says("làm khai sinh").lessons == ()


@pytest.mark.parametrize("words", ["tôi tố cáo ông A", "tôi khiếu nại"])
def test_a_petition_leaves_no_lesson(words: str) -> None:
    """A sealed matter teaches nothing, and forgets what was open before."""
    talk = Talk()
    talk.says("cho cháu lên tờ đầu đời")
    talk.says(words)

    assert talk.state.unsolved == ""
    assert talk.says("làm khai sinh").lessons == ()


def test_health_leaves_no_lesson() -> None:
    """Words about an illness are not kept, whatever they were about."""
    talk = Talk()
    talk.says("mẹ em ung thư cần tờ gì")

    assert talk.says("làm khai sinh").lessons == ()


def test_a_sensitive_procedure_leaves_no_lesson() -> None:
    """Even harmless words are not kept when the label tells of health."""
    sick = procedure("1.9", "Xác định mức độ khuyết tật")
    shelf = Shelf((BIRTH, sick))

    assert lesson("xin cái tờ ấy", "1.9", LessonSource.STAFF, shelf) is None
    assert lesson("xin cái tờ ấy", "0.0", LessonSource.STAFF, shelf) is None
    assert lesson("xin cái tờ ấy", "", LessonSource.STAFF, shelf) is None
    assert lesson("xin cái tờ ấy", BIRTH.code, LessonSource.STAFF, shelf) == Lesson(
        "xin cái tờ ấy", BIRTH.code, LessonSource.STAFF
    )


def test_nothing_is_learnt_while_a_person_answers() -> None:
    """What is said to staff while we are silent is not ours to learn from."""
    until = Talk().at + timedelta(days=1)
    talk = Talk(state=replace(KNOWN, muted_until=until, candidates=(COPY.code,)))

    assert talk.taps(f"#chon:{COPY.code}").lessons == ()


ACTS = st.lists(
    st.sampled_from(
        [
            *SENTENCES,
            "cho cháu lên tờ đầu đời",
            "bà Lụa 0912345678 hỏi",
            "không, ý em là cái khác",
            "#sai",
            "#khac",
            PICKED,
            f"#chon:{COPY.code}",
            "1",
            "#dongy",
            "#khongdongy",
            "#dung",
            "#nhanlai",
        ]
    ),
    max_size=10,
)


@given(ACTS)
def test_whatever_is_said_lessons_keep_the_rules(acts: list[str]) -> None:
    """Always masked and labelled from the catalogue; none of who declined."""
    talk = Talk(services=services())
    for act in acts:
        kind = Kind.BUTTON if act.startswith("#") else Kind.TEXT
        parts = {"payload": act} if kind is Kind.BUTTON else {"text": act}
        outcome = talk.sends(kind, **parts)
        assert len(set(outcome.lessons)) == len(outcome.lessons)
        for one in outcome.lessons:
            assert find(one.text) == ()
            assert not one.is_right or talk.services.catalogue.get(one.label)
        state = outcome.conversation
        assert state is not None
        if state.consent is Consent.DECLINED or state.opted_out:
            assert outcome.lessons == ()
            assert state.unsolved == ""
