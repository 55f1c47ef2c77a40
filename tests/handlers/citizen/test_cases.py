"""Does a citizen's matter become a case with an honest receipt, and can it be asked?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from handlers.cases.case import Case, Goal, Pause, Source, State
from handlers.cases.errors import DeadlineRefusedError
from handlers.cases.opening import Guidance, Opening
from handlers.cases.ports import Due, Found
from handlers.model import Conversation, Outcome, Tag
from handlers.ports import Services
from tests.handlers.cases.office import NOW, Weekdays, new_case
from tests.handlers.citizen.talk import (
    KNOWN,
    MONDAY_8,
    Talk,
    data,
    sent,
    services,
    words,
)


@dataclass(slots=True)
class Drawer:
    """A desk with some cases; numbers from 42 on."""

    cases: tuple[Case, ...] = ()
    digits: str = "5678"
    is_locked: bool = False
    last: int = 41

    def mine(self) -> tuple[Case, ...]:
        """Return all of them."""
        return self.cases

    def find(self, code: str, digits: str) -> Found:
        """Return a case whose digits are right."""
        if self.is_locked:
            return Found(is_locked=True)
        found = next((one for one in self.cases if one.code == code), None)
        return Found(found if digits == self.digits else None)

    def number(self) -> int:
        """Return the next one."""
        self.last += 1
        return self.last


class Refusing:
    """A calendar on which no rule is in force."""

    def due(
        self,
        rule: str,
        received_at: datetime,
        extensions: Sequence[str] = (),
        pauses: Sequence[Pause] = (),
        goal: str = "",
    ) -> Due:
        """Refuse every rule."""
        del received_at, extensions, pauses, goal
        raise DeadlineRefusedError(rule)


def office(drawer: Drawer | None = None) -> Services:
    """Return the small commune with a calendar and a desk."""
    return replace(services(), deadlines=Weekdays(), cases=drawer or Drawer())


def opening(outcome: Outcome) -> Opening:
    """Return the one case that is opened."""
    (case,) = outcome.cases
    assert isinstance(case, Opening)
    return case


@pytest.mark.parametrize(
    ("text", "kind", "code", "day"),
    [
        ("đèn đường hỏng", "phan_anh", "PA-261123-0042", "30/11/2026 (thứ Hai)"),
        ("nên trồng thêm cây", "kien_nghi", "KN-261123-0042", "07/12/2026 (thứ Hai)"),
        ("mẹ tôi nằm một chỗ", "phuc_vu_tai_nha", "TN-261123-0042", "07/12/2026"),
        ("#canbo", "ho_tro", "HT-261123-0042", "07/12/2026"),
        ("xóa dữ liệu của tôi", "du_lieu_xoa", "DL-261123-0042", "07/12/2026"),
    ],
)
def test_a_receipt_names_code_office_and_day(
    text: str, kind: str, code: str, day: str
) -> None:
    """What is told is what is opened: the code, and the answer's last day."""
    outcome = sent(Talk(office()), text)
    case = opening(outcome)

    assert (case.kind, case.code, case.source) == (kind, code, Source.MESSAGE)
    assert code in words(outcome)
    assert day in words(outcome)
    assert f"tra cứu {code}" in words(outcome)
    assert case.received_at == MONDAY_8
    assert case.template.endswith(".received")
    assert len(case.template_version) == 12
    assert outcome.handover is not None


def test_the_citizens_words_are_the_case() -> None:
    """They go into it as they were written; every clock of the kind runs."""
    case = opening(sent(Talk(office()), "đèn đường hỏng"))

    assert case.text == "đèn đường hỏng"
    assert {clock.goal for clock in case.clocks} == {
        Goal.ACKNOWLEDGE,
        Goal.CLASSIFY,
        Goal.ANSWER,
    }


def test_a_second_request_for_a_person_opens_no_second_case() -> None:
    """Who already waits is reminded."""
    talk = Talk(office())
    talk.taps("#canbo")

    assert talk.taps("#canbo").cases == ()


@pytest.mark.parametrize(
    ("text", "kind"), [("tôi khiếu nại", "khieu_nai"), ("tôi tố cáo ông A", "to_cao")]
)
def test_guidance_leaves_a_record_without_words(text: str, kind: str) -> None:
    """Once in a talk; whatever follows adds nothing to it."""
    talk = Talk(office())
    first = talk.says(text)

    assert first.cases == (Guidance(kind),)
    assert first.handover is None
    assert talk.says("ông ấy nhận tiền").cases == ()
    assert talk.says(text).cases == ()


def test_a_person_who_answers_keeps_us_from_opening_cases() -> None:
    """While staff hold the talk nothing is opened beside them."""
    until = MONDAY_8.replace(hour=9)
    talk = Talk(office(), replace(KNOWN, muted_until=until))

    assert talk.says("đèn đường hỏng").cases == ()


def test_a_calendar_that_fails_loses_no_case() -> None:
    """Without a date the case is opened all the same, and no day is promised."""
    broken = replace(office(), deadlines=Refusing())
    outcome = sent(Talk(broken), "đèn đường hỏng")

    assert opening(outcome).code == "PA-261123-0042"
    assert "chậm nhất" not in words(outcome)


def asked(text: str, drawer: Drawer, talk: Conversation = KNOWN) -> Outcome:
    """Let a citizen ask at a desk."""
    return Talk(office(drawer), talk).says(text)


def test_code_and_digits_tell_where_it_stands() -> None:
    """However typed; state, day and office, and nothing of what was written."""
    case = new_case(at=NOW)
    outcome = asked("cho hỏi pa 261125 1 số cuối 5678", Drawer((case,)))

    assert case.code in words(outcome)
    assert "mới tiếp nhận" in words(outcome)
    assert "02/12/2026" in words(outcome)
    assert "đèn đường" not in words(outcome)
    assert data(outcome, Tag.CASE_LOOKED_UP)["found"] is True


def test_wrong_digits_sound_like_a_code_that_is_not_there() -> None:
    """Nobody learns which codes exist; only tries with digits are counted."""
    drawer = Drawer((new_case(at=NOW),))
    code = new_case(at=NOW).code
    wrong = asked(f"{code} 0000", drawer)
    nothing = asked("PA-261125-0099 0000", drawer)
    bare = asked(code, drawer)

    assert words(wrong).replace(code, "X") == words(nothing).replace(
        "PA-261125-0099", "X"
    )
    assert data(wrong, Tag.CASE_LOOKED_UP)["tried"] is True
    assert data(bare, Tag.CASE_LOOKED_UP)["tried"] is False


def test_a_locked_code_says_to_come_back() -> None:
    """After too many tries nothing is told either way."""
    outcome = asked("PA-261125-0001 5678", Drawer(is_locked=True))

    assert "tạm ngừng tra cứu" in words(outcome)
    assert data(outcome, Tag.CASE_LOOKED_UP)["why"] == "locked"


def test_letters_of_no_kind_are_no_code() -> None:
    """A number of another office, or a record of guidance, is not looked up."""
    for text in ("XX-261125-0001", "HD-261125-0001"):
        outcome = asked(text, Drawer((new_case(at=NOW),)))
        assert Tag.CASE_LOOKED_UP not in [event.tag for event in outcome.events]


def test_my_cases_without_a_code() -> None:
    """One is told whole, several in a line each, none leads to the portal."""
    one = asked("hồ sơ của tôi đâu", Drawer((new_case(at=NOW),)))
    assert "mới tiếp nhận" in words(one)

    cases = tuple(new_case(at=NOW, number=n) for n in (1, 2))
    two = asked("hồ sơ của tôi đâu", Drawer(cases))
    assert all(case.code in words(two) for case in cases)
    none = asked("hồ sơ của tôi đâu", Drawer())
    assert "tra cứu hồ sơ" in words(none)


def test_an_overdue_case_is_an_apology() -> None:
    """Past its day the citizen reads sorry, and the day that was promised."""
    old = new_case(at=datetime(2026, 11, 2, 2, 0, tzinfo=NOW.tzinfo))
    outcome = asked(f"{old.code} 5678", Drawer((old,)))

    assert "đã quá hạn, em xin lỗi" in words(outcome)


def test_a_closed_case_has_no_day_any_more() -> None:
    """What has ended is not said to be due."""
    closed = replace(new_case(at=NOW), state=State.CLOSED, clocks=())
    outcome = asked(f"{closed.code} 5678", Drawer((closed,)))

    assert "đã kết thúc" in words(outcome)
    assert "Hạn trả lời" not in words(outcome)
