"""May each purpose be agreed to for itself, and is a child told what holds for them?"""

from __future__ import annotations

import pytest

from handlers.citizen.minors import years_to_go
from handlers.model import Consent, Tag
from handlers.staff.privacy.purposes import Minors, purposes
from tests.handlers.citizen.talk import Talk, tags, titles, words


def test_one_purpose_is_chosen_apart() -> None:
    """List, question, answer; the talk itself stays as it was agreed to."""
    talk = Talk()
    before = talk.state.consent
    assert "lời chúc lễ Tết" in words(talk.taps("#quyen:tungviec"))
    assert titles(talk.taps("#quyen:hoi_greetings")) == ["Đồng ý", "Không đồng ý"]
    given = talk.taps("#quyen:co_greetings")
    (fact,) = [e for e in given.events if e.tag is Tag.CONSENT_GIVEN]
    assert fact.data["purposes"] == "greetings"
    assert str(fact.data["words"]).startswith("privacy.one:")
    assert Tag.CONSENT_DECLINED in tags(talk.taps("#quyen:thoi_greetings"))
    assert talk.state.consent is before


@pytest.mark.parametrize(
    "word", ["co_home_health", "co_case_handling", "co_gi", "hoi_"]
)
def test_what_is_not_offered_is_not_kept(word: str) -> None:
    """What rests on the law, or is asked elsewhere, cannot be tapped here."""
    outcome = Talk().taps(f"#quyen:{word}")
    assert {Tag.CONSENT_GIVEN, Tag.CONSENT_DECLINED}.isdisjoint(tags(outcome))


def test_the_notice_gives_what_it_names_and_no_more() -> None:
    """Greetings, letters and health are never agreed to by the way."""
    talk = Talk()
    given = talk.taps("#dongy")
    (fact,) = [e for e in given.events if e.tag is Tag.CONSENT_GIVEN]
    assert fact.data["purposes"] == "answering survey learning"
    assert talk.state.consent is Consent.GIVEN


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("em năm nay 14 tuổi, muốn làm căn cước", 2),
        ("Dạ cháu mới 9 tuổi ạ", 7),
        ("cháu là học sinh lớp 8", 3),
        ("em năm nay 16 tuổi", 0),
        ("con tôi năm nay 14 tuổi làm căn cước thế nào", 0),
        ("làm căn cước cho trẻ 14 tuổi", 0),
        ("em năm nay 25 tuổi", 0),
        ("em năm nay 3 tuổi", 0),
    ],
)
def test_only_a_child_that_writes_is_one(text: str, years: int) -> None:
    """Who writes of a child is not one; the age is the law's, as data."""
    assert purposes().minor_under == 16
    assert years_to_go(text) == years


def test_a_child_is_answered_and_told() -> None:
    """The procedure is told as ever, with one sentence more, and the note is proved."""
    outcome = Talk().says("em năm nay 14 tuổi, làm căn cước thế nào ạ")
    (fact,) = [e for e in outcome.events if e.tag is Tag.MINOR_NOTED]
    assert fact.data == {"years": 2}
    assert "cha mẹ" in outcome.replies[-1].text or "cha mẹ" in words(outcome)


def test_learning_is_never_asked_of_a_minor() -> None:
    """Not even with a guardian's word."""
    learning = purposes().get("learning")
    assert learning is not None
    assert learning.minors is Minors.NEVER
    assert learning not in purposes().of_notice(is_minor=True)
