"""Is health agreed to for itself, before it is kept, and is a no respected?"""

from __future__ import annotations

import pytest

from handlers.citizen.intake.draft import Ask
from handlers.citizen.intake.health import without
from handlers.model import Event, Outcome, Tag
from tests.handlers.citizen.intake.counter import asked, begun, draft_of, opened
from tests.handlers.citizen.talk import ANSWERS, Talk

STORY = "mẹ tôi nằm một chỗ, xin làm căn cước"


def facts(outcome: Outcome, tag: Tag) -> list[Event]:
    """Return the events of a kind."""
    return [event for event in outcome.events if event.tag is tag]


def at_health() -> Talk:
    """Return a talk at the question about health."""
    one = begun("phuc_vu_tai_nha")
    one.says(STORY)
    assert asked(one) is Ask.HEALTH
    return one


def finished(one: Talk) -> Outcome:
    """Answer all that is left and send."""
    outcome = one.says("0912 345 678")
    while one.state.draft is not None:
        outcome = one.says(ANSWERS.get(asked(one), "thôn Đông"))
    return outcome


def test_a_yes_is_proved_before_a_word_is_asked_for() -> None:
    """The fact names purpose and words; only then is the note asked for, and kept."""
    one = at_health()
    (fact,) = facts(one.says("đồng ý"), Tag.CONSENT_GIVEN)
    assert fact.data["purposes"] == "home_health"
    assert str(fact.data["words"]).startswith("intake.ask_health:")
    assert asked(one) is Ask.HEALTH_NOTE
    one.says("cần lấy vân tay tại giường")
    case = opened(finished(one))

    assert case.contact["health_note"] == "cần lấy vân tay tại giường"
    assert case.text == STORY


def test_a_no_leaves_nothing_of_it_in_the_case() -> None:
    """No note is asked for, and the story is kept without what it told of health."""
    one = at_health()
    outcome = one.says("không")
    assert len(facts(outcome, Tag.CONSENT_DECLINED)) == 1
    assert asked(one) is Ask.ADDRESS
    assert "nằm một chỗ" not in draft_of(one).told(Ask.WHAT)
    case = opened(finished(one))

    assert "health_note" not in case.contact
    assert "nằm một chỗ" not in case.text
    assert "căn cước" in case.text


@pytest.mark.parametrize(
    "plain",
    ["xin làm thẻ căn cước", "mùa này", "câu hỏi", "người cao tuổi"],
)
def test_other_words_stay(plain: str) -> None:
    """A word that only begins alike is no illness."""
    assert without(plain) == plain
