"""Does a citizen reach a person, with no promise that may be broken?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.citizen.promise import FIRST_LOOK, UNSET, in_words, promise
from handlers.model import Kind, Tag
from scheduler.office_hours import LOCAL, WeeklyHours
from tests.handlers.citizen.talk import (
    HOURS,
    MONDAY_8,
    MONDAY_20,
    UNIT,
    Clock,
    Talk,
    data,
    services,
    tags,
    words,
)


@pytest.mark.parametrize("text", ["#canbo", "gặp cán bộ", "cho tôi gặp người"])
def test_open_now(text: str) -> None:
    """Inside office hours an answer today is promised, and staff see a due time."""
    outcome = Talk().says(text)

    assert "trong giờ làm việc hôm nay" in words(outcome)
    assert "Trực ban: 0220 0000 000" in words(outcome)
    assert outcome.handover is not None
    assert outcome.handover.due == MONDAY_8 + FIRST_LOOK
    assert data(outcome, Tag.HANDOVER_OPENED)["reason"] == "gap_can_bo"


def test_closed_before_a_holiday() -> None:
    """On the eve of 24/11 the next opening is Wednesday morning, and it is said."""
    talk = Talk(services(clock=Clock(MONDAY_20)), at=MONDAY_20)
    outcome = talk.taps("#canbo")

    assert "đầu giờ làm việc thứ Tư, ngày 25/11, 07:30" in words(outcome)
    assert outcome.handover is not None
    assert outcome.handover.due == datetime(2026, 11, 25, 0, 30, tzinfo=UTC)


def test_hours_not_published() -> None:
    """Without hours no time is promised, and that is said."""
    unit = replace(UNIT, phones=())
    outcome = Talk(services(unit=unit, hours=WeeklyHours.parse({}))).taps("#canbo")

    assert "chưa dám hẹn giờ" in words(outcome)
    assert "gọi" not in words(outcome)
    assert outcome.handover is not None
    assert outcome.handover.due == MONDAY_8 + UNSET


def test_hours_that_never_come() -> None:
    """A unit that is closed for months promises nothing either."""
    days = [(MONDAY_8 + timedelta(days=n)).date().isoformat() for n in range(100)]
    hours = WeeklyHours.parse({"t2-cn": ["07:30-11:30"]}, days_off=days)

    assert promise(hours, MONDAY_8).opening == ""


def test_the_question_goes_along() -> None:
    """Staff read the question that was asked before, not only "a person please"."""
    talk = Talk()
    talk.says("abc xyz")
    outcome = talk.says("cho tôi gặp người")

    assert outcome.handover is not None
    assert outcome.handover.question == "abc xyz\ncho tôi gặp người"


def test_a_second_request_reminds() -> None:
    """Who already waits is not queued twice."""
    talk = Talk()
    talk.taps("#canbo")
    outcome = talk.taps("#canbo")

    assert outcome.handover is None
    assert "đang được giữ" in words(outcome)
    assert data(outcome, Tag.MESSAGE_SKIPPED)["reason"] == "handover_waiting"


def test_asking_something_else_keeps_the_place_in_the_queue() -> None:
    """A question in between is answered, and the citizen still waits."""
    talk = Talk()
    talk.taps("#canbo")
    talk.says("làm khai sinh")

    assert talk.taps("#canbo").handover is None


def test_after_days_without_an_answer_a_new_request_is_opened() -> None:
    """A hand-over that we never saw the end of does not block for ever."""
    talk = Talk()
    talk.taps("#canbo")
    talk.at += timedelta(days=4)

    assert talk.taps("#canbo").handover is not None


@pytest.mark.parametrize("kind", [Kind.ECHO_HUMAN, Kind.HANDBACK])
def test_an_answered_request_is_over(kind: Kind) -> None:
    """Once a person wrote, the next request is a new one."""
    talk = Talk()
    talk.taps("#canbo")
    talk.sends(kind)
    talk.sends(Kind.HANDBACK)

    assert talk.taps("#canbo").handover is not None


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        ("đèn đường hỏng", "phan_anh"),
        ("nên trồng thêm cây", "kien_nghi"),
        ("mẹ tôi nằm một chỗ", "phuc_vu_tai_nha"),
    ],
)
def test_reports_suggestions_and_visits_begin_a_form(text: str, likely: str) -> None:
    """The citizen's own words are taken down under the likely kind, and not sent."""
    talk = Talk()
    outcome = talk.says(text)

    assert outcome.handover is None
    assert outcome.cases == ()
    assert talk.state.draft is not None
    assert talk.state.draft.likely == likely
    assert talk.state.draft.told("what") == text


def test_the_city_is_not_named_elsewhere() -> None:
    """1022 is offered where the unit lists it."""
    elsewhere = services(unit=replace(UNIT, place="tỉnh Mẫu"))

    assert "1022" not in words(Talk(elsewhere).says("số điện thoại xã"))


def test_an_invited_report_is_taken_as_it_is() -> None:
    """After "tell us" the next message is the report, whatever the reader thinks."""
    talk = Talk()
    talk.taps("#menu:phananh")
    outcome = talk.says("cái cột ở ngã ba ấy")

    assert talk.state.draft is not None
    assert talk.state.draft.told("what") == "cái cột ở ngã ba ấy"
    assert Tag.GAP_FOUND not in tags(outcome)


def test_a_clear_question_after_the_invitation_is_answered() -> None:
    """Who changes their mind and asks about a procedure gets the answer."""
    talk = Talk()
    talk.taps("#menu:phananh")
    outcome = talk.says("làm khai sinh")

    assert outcome.handover is None
    assert "Đăng ký khai sinh" in words(outcome)


def test_an_old_invitation_is_forgotten() -> None:
    """An hour later an unknown sentence is not taken for an opinion."""
    talk = Talk()
    talk.says("tôi muốn đánh giá")
    talk.at += timedelta(hours=1)

    assert talk.says("cái cột ở ngã ba ấy").handover is None
    assert talk.state.draft is None


@pytest.mark.parametrize(
    ("hour", "is_open"), [(0, False), (1, True), (5, False), (7, True), (10, False)]
)
def test_promises_follow_the_hours(hour: int, *, is_open: bool) -> None:
    """Before work, at lunch and in the evening the desk is closed (UTC hours)."""
    found = promise(HOURS, datetime(2026, 11, 23, hour, 0, tzinfo=UTC))

    assert found.is_open is is_open
    assert bool(found.opening) is not is_open


def test_an_opening_in_words() -> None:
    """Day, date and hour as people say them."""
    assert in_words(datetime(2026, 11, 29, 7, 5, tzinfo=LOCAL)) == (
        "Chủ nhật, ngày 29/11, 07:05"
    )
