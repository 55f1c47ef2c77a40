"""Is a complaint's paper gathered step by step, and nothing of it taken in?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.codec import dump_conversation, load_conversation
from handlers.cases.opening import Guidance
from handlers.citizen.complaint.made import TOKEN
from handlers.model import Attachment, Conversation, Kind, Secrecy, Tag
from tests.handlers.citizen.complaint.asking import ANSWERS, asked, begun, made, upto
from tests.handlers.citizen.talk import UNIT, Talk, services, tags, titles, words

MINE = "#don:"


def test_the_guidance_tells_the_difference_and_offers_help() -> None:
    """Complaint and report in two sentences; never taken in; a button to begin."""
    outcome = Talk().says("tôi khiếu nại")

    assert "phản ánh là báo một việc chung" in words(outcome)
    assert "không nhận khiếu nại qua trò chuyện" in words(outcome)
    assert titles(outcome)[0] == "Soạn đơn giúp tôi"
    assert outcome.cases == (Guidance("khieu_nai"),)


def test_the_paper_holds_what_the_law_names() -> None:
    """Every answer stands on it, to the chair of the commune, with the day."""
    paper = made().paper

    assert paper is not None
    told = paper.told
    assert (told.name, told.address) == (ANSWERS["name"], ANSWERS["address"])
    assert (told.accused, told.what) == (ANSWERS["accused"], ANSWERS["what"])
    assert (told.reason, told.demand) == (ANSWERS["reason"], ANSWERS["demand"])
    assert (told.phone, told.papers) == ("0912345678", ANSWERS["papers"])
    assert (told.addressee, told.written_on) == (
        "Chủ tịch UBND xã Thanh Hà",
        "23/11/2026",
    )


def test_what_follows_is_said_with_it() -> None:
    """The link, where to hand it in, the terms, and that nothing is handed in yet."""
    talk = Talk()
    outcome = made(begun(talk))

    for part in ("07 ngày làm việc", "30 ngày", "90 ngày", "ký tên hoặc điểm chỉ"):
        assert part in words(outcome)
    assert "chưa phải đơn đã nộp" in words(outcome)
    assert f"https://xa.example/don-khieu-nai/{TOKEN}" in words(outcome)
    assert titles(outcome)[0] == "Mở đơn của tôi"
    assert talk.state.complaint is None


def test_nothing_of_it_becomes_a_case_or_a_lesson() -> None:
    """No case, no hand-over, no word in the log's private part, nothing learnt."""
    talk = begun()
    outcomes = [talk.says(ANSWERS[asked(talk)]) for _ in range(10)]
    outcomes.append(talk.taps("#don:send"))

    for outcome in outcomes:
        assert outcome.cases == ()
        assert outcome.handover is None
        assert outcome.lessons == ()
        assert outcome.secrecy is Secrecy.UNKEPT
        assert all(not event.private for event in outcome.events)


def test_it_survives_a_restart_and_days() -> None:
    """What is kept is read again; after two days the citizen goes on by a word."""
    talk = upto("what")
    talk.state = load_conversation(dump_conversation(talk.state))
    talk.at += timedelta(days=2)

    assert "kể giúp em nội dung" in words(talk.says("Tiếp tục đơn"))
    talk.says(ANSWERS["what"])
    assert asked(talk) == "reason"


def test_after_a_week_it_is_gone_with_a_word() -> None:
    """An old draft is dropped, and the citizen is told so."""
    talk = upto("what")
    talk.at += timedelta(days=8)

    assert "quá 7 ngày" in words(talk.says("làm khai sinh"))
    assert talk.state.complaint is None


def test_one_can_go_back_mend_skip_and_cancel() -> None:
    """Each move, in words and by button."""
    talk = upto("accused")
    talk.says("quay lại")
    assert asked(talk) == "phone"
    talk.says("bỏ qua")
    talk = upto("preview", talk)
    talk.taps("#don:edit")
    assert "đơn kính gửi ai" in words(talk.says("12"))
    talk.says("Chủ tịch UBND thành phố")
    assert "Chủ tịch UBND thành phố" in words(talk.taps("#don:resume"))
    assert "xóa đơn" in words(talk.says("hủy"))
    assert talk.state.complaint is None


def test_mending_a_part_that_was_skipped_leaves_the_rest() -> None:
    """A part opened by its button and left by going back is as it was."""
    talk = upto("preview")
    before = talk.state.complaint
    talk.taps("#don:f_reason")
    talk.says("quay lại")

    assert before is not None
    assert talk.state.complaint == replace(
        before,
        touched_at=talk.state.complaint.touched_at,  # type: ignore[union-attr]  # it is open
    )


def test_skipped_parts_are_named_and_left_to_be_written() -> None:
    """All but the content may be left blank; the preview says which."""
    talk = begun()
    while asked(talk) != "preview":
        talk.says(ANSWERS["what"]) if asked(talk) == "what" else talk.taps("#don:skip")
    outcome = talk.taps("#don:resume")

    assert "viết tay: họ tên, địa chỉ, nơi bị khiếu nại, lý do" in words(outcome)
    talk.taps("#don:f_what")
    assert "chưa bỏ qua được" in words(talk.taps("#don:skip"))


@pytest.mark.parametrize("said", ["tôi muốn giấu tên", "an danh duoc khong"])
def test_nobody_complains_without_a_name(said: str) -> None:
    """It is said kindly, with the way that is open to those who wish so."""
    outcome = begun().says(said)

    assert "không giấu tên được" in words(outcome)
    assert "Phản ánh, góp ý" in words(outcome)


def test_no_photo_is_taken() -> None:
    """Neither of an identity card nor of anything; the question is put again."""
    talk = upto("papers")
    photo = Attachment("image", "https://cdn.example/1.jpg")
    outcome = talk.sends(Kind.ATTACHMENT, text="căn cước", attachments=(photo,))

    assert outcome.files == ()
    assert "không nhận ảnh" in words(outcome)
    assert asked(talk) == "papers"


def test_numbers_of_others_are_hidden_on_request() -> None:
    """The preview offers it; one's own phone stays."""
    talk = upto("what")
    talk.says("Ông ấy số 0987 654 321 đã gọi cho tôi, số tôi 0912345678.")
    outcome = upto("preview", talk).taps("#don:resume")
    assert "Che bớt" in titles(outcome)

    hidden = words(talk.taps("#don:mask"))
    assert "0987" not in hidden
    assert "0912345678" in hidden


@pytest.mark.parametrize("ask", ["name", "what", "preview"])
def test_a_denunciation_ends_it_at_once(ask: str) -> None:
    """The sealing road applies, whatever was asked; nothing of the paper stays."""
    talk = upto(ask)
    outcome = talk.says("thật ra tôi muốn tố cáo ông ấy nhận tiền")

    assert outcome.secrecy is Secrecy.SEALED
    assert "không nhắn tên" in words(outcome)
    assert talk.state.complaint is None
    assert ANSWERS["name"] not in repr(talk.state)


def test_what_the_reader_takes_for_a_denunciation_ends_it_too() -> None:
    """Even without that word at its beginning."""
    talk = upto("reason")

    assert talk.says("tôi tố cáo ông A").secrecy is Secrecy.SEALED


def test_an_emergency_goes_first_and_alone() -> None:
    """The numbers and nothing else; the paper waits."""
    talk = upto("what")
    outcome = talk.says("cháy nhà")

    assert len(outcome.replies) == 1
    assert "114" in words(outcome)
    assert talk.state.complaint is not None
    assert talk.state.complaint.is_later


def test_a_question_is_answered_and_the_paper_goes_on() -> None:
    """What is clearly asked is answered; then the same question again."""
    talk = upto("address")
    outcome = talk.says("lệ phí khai sinh")

    assert "8.000 đồng" in words(outcome)
    assert "xin địa chỉ" in outcome.replies[-1].text
    assert asked(talk) == "address"


def test_a_story_with_a_question_in_it_is_a_story() -> None:
    """A long answer is never taken for another wish."""
    talk = upto("what")
    talk.says("Cán bộ trả hồ sơ mà không nói lý do, tôi hỏi thì bảo chờ, vậy có đúng?")

    assert asked(talk) == "reason"


def test_while_a_person_answers_nothing_is_asked() -> None:
    """The paper waits, untouched."""
    talk = upto("what")
    before = talk.state.complaint
    talk.state = replace(talk.state, muted_until=talk.at + timedelta(hours=1))

    assert talk.says("abc xyz").replies == ()
    assert talk.state.complaint == before


def test_a_report_begun_meanwhile_puts_it_aside() -> None:
    """One form at a time; the paper is there afterwards."""
    talk = upto("what")
    talk.taps("#menu:phananh")
    talk.says("đèn đường hỏng ở thôn Đông từ hôm qua")

    assert talk.state.draft is not None
    assert talk.state.complaint is not None
    assert talk.state.complaint.is_later

    talk.says("tiếp tục đơn")
    talk.says(ANSWERS["what"])
    assert (asked(talk), talk.state.draft.is_later) == ("reason", True)


def test_asking_again_keeps_what_was_told() -> None:
    """Tapping "Khiếu nại" once more brings the guidance, and the paper goes on."""
    talk = upto("what")
    talk.taps("#menu:khieunai")

    assert "kể giúp em nội dung" in words(talk.taps("#don:begin"))


def test_a_button_of_a_paper_long_gone_offers_a_new_one() -> None:
    """Nothing breaks; a new one can be begun."""
    outcome = Talk().taps("#don:send")

    assert "không còn đơn nào" in words(outcome)
    assert titles(outcome)[0] == "Soạn đơn giúp tôi"


def test_without_pages_of_ours_the_words_are_said() -> None:
    """Nothing is kept then; the paper stands in the message, to copy by hand."""
    talk = Talk(services=services(unit=replace(UNIT, public_url="")))
    outcome = made(begun(talk))

    assert outcome.paper is None
    assert "ĐƠN KHIẾU NẠI" in words(outcome)
    assert ANSWERS["reason"] in words(outcome)


def test_the_log_says_no_more_than_before() -> None:
    """Guidance on petitions was given: not what about, not which kind."""
    outcome = made()

    assert tags(outcome) == [
        Tag.MESSAGE_RECEIVED,
        Tag.MESSAGE_UNDERSTOOD,
        Tag.GUIDED,
    ]
    assert {str(v) for e in outcome.events for v in e.data.values()} <= {
        "don_thu",
        "zalo",
        "button",
    }


def test_a_conversation_from_before_is_read() -> None:
    """What was stored without the field is a talk without a paper."""
    assert load_conversation({"honorific": "bác"}) == Conversation(honorific="bác")
