"""Are complaints and denunciations guided, and never collected?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.model import Tag
from tests.handlers.citizen.talk import Talk, data, tags, words

PARTS = {
    "tôi khiếu nại": ("chữ ký hoặc điểm chỉ", "90 ngày", "07 ngày làm việc"),
    "tôi tố cáo ông A": ("không nhắn tên", "có chữ ký", "07 ngày làm việc"),
}


@pytest.mark.parametrize("text", list(PARTS))
def test_the_way_is_shown(text: str) -> None:
    """The papers, the place and the statutory time are told."""
    outcome = Talk().says(text)

    for part in PARTS[text]:
        assert part in words(outcome)
    assert outcome.handover is None


@pytest.mark.parametrize("text", list(PARTS))
def test_nothing_of_it_is_kept(text: str) -> None:
    """No text in the vault or the memory, and the log does not tell the kinds apart."""
    talk = Talk()
    outcome = talk.says(text)

    assert all(not event.private for event in outcome.events)
    assert data(outcome, Tag.MESSAGE_UNDERSTOOD) == {"intent": "don_thu"}
    assert data(outcome, Tag.GUIDED) == {"topic": "don_thu"}
    assert talk.state.last_text == ""


def test_an_earlier_question_is_not_passed_on_with_it() -> None:
    """Asking for a person after a denunciation passes no words on."""
    talk = Talk()
    talk.says("abc xyz")
    talk.says("tôi tố cáo ông A")
    outcome = talk.taps("#canbo")

    assert outcome.handover is not None
    assert outcome.handover.question == ""


def test_going_on_telling_is_not_collected_either() -> None:
    """Details that follow are met with the same guidance and kept nowhere."""
    talk = Talk()
    talk.says("tôi tố cáo ông A")
    outcome = talk.says("ông ấy nhận tiền")

    assert "không ghi nội dung" in words(outcome)
    assert all(not event.private for event in outcome.events)
    assert Tag.GAP_FOUND not in tags(outcome)


def test_the_second_denunciation_is_guided_again() -> None:
    """Saying it again brings the whole guidance again."""
    talk = Talk()
    talk.says("tôi khiếu nại")

    assert "không nhắn tên" in words(talk.says("tôi tố cáo ông A"))


def test_another_question_is_still_answered() -> None:
    """A clear question about a procedure is answered as always."""
    talk = Talk()
    talk.says("tôi tố cáo ông A")

    assert "Đăng ký khai sinh" in words(talk.says("làm khai sinh"))


def test_later_messages_are_ordinary_again() -> None:
    """After half an hour an unknown sentence is an ordinary miss."""
    talk = Talk()
    talk.says("tôi tố cáo ông A")
    talk.at += timedelta(minutes=31)

    assert Tag.GAP_FOUND in tags(talk.says("abc xyz"))


def test_an_emergency_goes_before_the_silence() -> None:
    """Danger is answered with numbers even in the middle of it."""
    talk = Talk()
    talk.says("tôi tố cáo ông A")

    assert "113" in words(talk.says("cháy nhà"))
