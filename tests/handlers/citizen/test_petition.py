"""Are complaints and denunciations guided, and never collected?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.cases.opening import Guidance
from handlers.model import Consent, Conversation, Secrecy, Tag
from tests.handlers.citizen.talk import Talk, data, tags, words

KEPT = ("honorific", "honorific_asked", "consent", "muted_until", "sealed_at")
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


def test_a_denunciation_moves_once_while_it_is_spoken_of() -> None:
    """The first words go to the sealed queue, those that follow nowhere."""
    talk = Talk()

    assert talk.says("tôi tố cáo ông A").secrecy is Secrecy.SEALED
    assert talk.says("ông ấy nhận tiền").secrecy is Secrecy.UNKEPT
    again = talk.says("tôi tố cáo ông A")
    assert again.secrecy is Secrecy.UNKEPT
    assert again.cases == ()
    assert "không ghi lại" in words(again)


def test_a_complaint_is_never_moved_but_a_denunciation_after_it_is() -> None:
    """A complaint stays unkept; each kind of guidance is counted."""
    talk = Talk()
    first = talk.says("tôi khiếu nại")
    second = talk.says("tôi tố cáo ông A")

    assert (first.secrecy, second.secrecy) == (Secrecy.UNKEPT, Secrecy.SEALED)
    assert (first.cases, second.cases) == (
        (Guidance("khieu_nai"),),
        (Guidance("to_cao"),),
    )


def test_after_half_an_hour_a_new_one_moves_again() -> None:
    """The topic was over; this is another denunciation."""
    talk = Talk()
    talk.says("tôi tố cáo ông A")
    talk.at += timedelta(minutes=31)

    assert talk.says("tôi tố cáo ông A").secrecy is Secrecy.SEALED


def test_the_talk_forgets_all_that_was_told() -> None:
    """Question, misses, candidates go; how to address the citizen stays."""
    talk = Talk()
    talk.says("abc xyz")
    talk.says("xin giấy")
    talk.says("tôi tố cáo ông A")
    state = talk.state

    assert (state.last_text, state.unsolved, state.candidates) == ("", "", ())
    assert (state.honorific, state.consent) == ("bác", Consent.GIVEN)


def test_while_a_person_answers_the_words_move_in_silence() -> None:
    """Nobody is spoken to, and nothing of it stays in the talk."""
    talk = Talk()
    talk.says("abc xyz")
    talk.state = replace(talk.state, muted_until=talk.at + timedelta(hours=1))
    outcome = talk.says("tôi tố cáo ông A")

    assert outcome.secrecy is Secrecy.SEALED
    assert outcome.replies == ()
    assert talk.state == replace(
        Conversation(), **{n: getattr(talk.state, n) for n in KEPT}
    )


def test_who_declined_is_not_told_that_words_were_kept() -> None:
    """For whom nothing is kept, the guidance says so."""
    talk = Talk(state=Conversation(consent=Consent.DECLINED))

    assert "không ghi lại" in words(talk.says("tôi tố cáo ông A"))


def test_the_form_and_the_place_are_told() -> None:
    """The link to the form to print, and where the letter goes."""
    said = words(Talk().says("tôi tố cáo ông A"))

    assert "https://xa.example/bieu-mau/don-to-cao?xa=thanh-ha" in said
    assert "thành phố Hải Phòng" in said
    assert "bieu-mau/don-khieu-nai" in words(Talk().says("tôi khiếu nại"))
