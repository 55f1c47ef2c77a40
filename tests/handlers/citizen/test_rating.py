"""Can a citizen say how they were served, once a case, and only for their own?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from handlers.cases.case import Case
from handlers.cases.ports import Found
from handlers.citizen.rating_model import Rating
from handlers.model import Conversation, Tag
from handlers.ports import Services
from tests.handlers.cases.office import new_case
from tests.handlers.citizen.talk import KNOWN, Talk, services, words


@dataclass(frozen=True, slots=True)
class Drawer:
    """A desk with one case, of this citizen or of another."""

    case: Case
    is_mine: bool = True

    def mine(self) -> tuple[Case, ...]:
        """Return it if it is theirs."""
        return (self.case,) if self.is_mine else ()

    def find(self, code: str, digits: str) -> Found:
        """Return it under its code."""
        del digits
        is_known = code == self.case.code
        return Found(self.case if is_known else None, is_mine=self.is_mine)

    def number(self) -> int:
        """Return no number."""
        return 0


def office(*, is_mine: bool = True) -> tuple[Services, Case]:
    """Return a commune with one case."""
    case = new_case()
    return replace(services(), cases=Drawer(case, is_mine)), case


def test_the_service_is_rated_with_five_buttons() -> None:
    """Whoever wants to rate sees five levels, best first; a tap is kept with thanks."""
    talk = Talk()
    asked = talk.says("tôi muốn đánh giá")
    titles = [button.title for button in asked.replies[0].buttons]
    assert titles[0] == "Rất hài lòng"
    assert len(titles) == 5
    thanked = talk.taps(asked.replies[0].buttons[0].payload or "")
    assert thanked.rating == Rating(5)
    assert "cảm ơn" in words(thanked)
    assert [e.data["score"] for e in thanked.events if e.tag is Tag.RATED] == [5]


@pytest.mark.parametrize(("score", "word"), [(1, "xin lỗi"), (3, "cảm ơn")])
def test_a_case_is_rated_by_its_owner(score: int, word: str) -> None:
    """A low score is answered with an apology and with the way to a person."""
    desk, case = office()
    outcome = Talk(desk).taps(f"#diem:{case.code}/{score}")
    assert outcome.rating == Rating(score, case.case_id)
    assert word in words(outcome)


def test_another_ones_case_is_not_rated() -> None:
    """A code that is not the citizen's own leads to no rating."""
    desk, case = office(is_mine=False)
    assert Talk(desk).taps(f"#diem:{case.code}/5").rating is None


@pytest.mark.parametrize("payload", ["#diem:xa/6", "#diem:xa/0", "#diem:xa", "#diem"])
def test_a_broken_payload_is_no_rating(payload: str) -> None:
    """What is not one of our five buttons is never taken for a score."""
    assert Talk().taps(payload).rating is None


def test_words_after_a_score_are_kept_once() -> None:
    """The next message explains the score; the one after it is a message again."""
    desk, case = office()
    talk = Talk(desk)
    talk.taps(f"#diem:{case.code}/2")
    explained = talk.says("cán bộ để tôi chờ lâu quá")
    assert explained.rating == Rating(
        case_id=case.case_id, words="cán bộ để tôi chờ lâu quá"
    )
    assert talk.says("cán bộ để tôi chờ lâu quá").rating is None


@pytest.mark.parametrize(
    "text", ["cháy nhà", "tôi tố cáo ông A", "cho tôi gặp người", "làm khai sinh"]
)
def test_another_matter_is_not_taken_for_words_about_a_score(text: str) -> None:
    """An emergency, a petition, a wish for a person and a question go first."""
    talk = Talk(services())
    talk.taps("#diem:xa/5")
    assert talk.says(text).rating is None


def test_a_score_survives_a_stranger_to_the_talk() -> None:
    """The button of a message weeks ago works in a talk that has forgotten all."""
    desk, case = office()
    talk = Talk(desk, state=replace(Conversation(), consent=KNOWN.consent))
    assert talk.taps(f"#diem:{case.code}/4").rating == Rating(4, case.case_id)
