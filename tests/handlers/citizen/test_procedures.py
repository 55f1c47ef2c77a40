"""Are procedures told as asked, and only from the record?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from handlers.model import Consent, Conversation, Kind, Outcome, Tag
from handlers.ports import UnitProfile
from messages.procedure import Procedure
from tests.handlers.citizen.talk import (
    ALL,
    BIRTH,
    MARRIAGE,
    UNIT,
    Shelf,
    Talk,
    data,
    services,
    tags,
    titles,
    words,
)


def test_a_question_without_a_facet_gets_the_card() -> None:
    """The card says papers, fee, time, place, link, code and the day of the facts."""
    outcome = Talk().says("làm khai sinh")

    for part in (
        "Đăng ký khai sinh",
        "- Tờ khai đăng ký khai sinh",
        "Giấy ủy quyền (tùy trường hợp)",
        "Lệ phí: 8.000 đồng/bản. Miễn, giảm: người thuộc hộ nghèo",
        "Thời hạn: 03 ngày làm việc",
        "Trung tâm Phục vụ hành chính công xã",
        "https://xa.example/tthc/1.001193",
        "mã thủ tục 1.001193, theo Cổng DVC quốc gia, cập nhật 18/07/2026",
    ):
        assert part in words(outcome)
    assert titles(outcome) == ["Giấy tờ", "Mẫu đơn", "Không đúng ý", "Gặp cán bộ"]
    assert tags(outcome) == [
        Tag.MESSAGE_RECEIVED,
        Tag.MESSAGE_UNDERSTOOD,
        Tag.PROCEDURE_SHOWN,
    ]


def test_understanding_is_logged_in_whole_numbers() -> None:
    """The log of a reading holds codes and per mille, no text."""
    outcome = Talk().says("lệ phí khai sinh")

    assert data(outcome, Tag.MESSAGE_UNDERSTOOD) == {
        "intent": "ask_procedure",
        "decision": "answer",
        "code": "1.001193",
        "codes": "1.001193",
        "confidence": 900,
        "facets": "fee",
        "follow_up": False,
    }


def test_a_facet_is_answered_alone() -> None:
    """Asked for the fee, only fee and exemption are told, with the source."""
    outcome = Talk().says("lệ phí khai sinh")

    assert "Lệ phí: 8.000 đồng/bản" in words(outcome)
    assert "hộ nghèo" in words(outcome)
    assert "Thời hạn" not in words(outcome)
    assert "chưa xác nhận" not in words(outcome)
    assert "cập nhật 18/07/2026" in words(outcome)
    assert data(outcome, Tag.PROCEDURE_SHOWN)["facets"] == "fee"


def test_a_doubtful_fact_is_said_to_be_doubtful() -> None:
    """An unconfirmed fee carries a plain warning and the way to a person."""
    outcome = Talk().says("lệ phí kết hôn")

    assert "Miễn lệ phí (chưa xác nhận)" in words(outcome)
    assert "chưa xác nhận được" in words(outcome)
    assert "Gặp cán bộ" in titles(outcome)
    assert data(outcome, Tag.PROCEDURE_SHOWN)["sure"] is False


def test_a_fact_that_is_not_in_the_record_is_not_invented() -> None:
    """Asked for the time of a record without one, the bot says it does not have it."""
    outcome = Talk().taps("#tt:2.000815:time")

    assert "Thời hạn: em chưa có thông tin được xác nhận" in words(outcome)


@pytest.mark.parametrize("code", [one.code for one in ALL])
@pytest.mark.parametrize(
    "facet", ["", ":fee", ":documents", ":time", ":legal", ":steps", ":conditions"]
)
def test_no_number_that_is_not_in_the_record(code: str, facet: str) -> None:
    """Every figure of an answer stands in the record or in its own address."""
    outcome = Talk().taps(f"#tt:{code}{facet}")
    record = next(one for one in ALL if one.code == code)
    known = f"{record.model_dump_json()} {record.source.as_of:%d/%m/%Y}"

    assert set(re.findall(r"\d+", words(outcome))) <= set(re.findall(r"\d+", known))


def test_a_follow_up_is_about_the_same_procedure() -> None:
    """A bare "and the fee?" after a card means the fee of that procedure."""
    talk = Talk()
    talk.says("làm khai sinh")
    outcome = talk.says("còn lệ phí")

    assert "Lệ phí: 8.000 đồng/bản" in words(outcome)
    assert data(outcome, Tag.PROCEDURE_SHOWN)["via"] == "follow_up"
    assert "Không đúng ý" not in titles(outcome)


def test_after_half_an_hour_the_topic_is_asked_again() -> None:
    """An old topic is not silently used; the bot asks, and a tap goes on with it."""
    talk = Talk()
    talk.says("làm khai sinh")
    talk.at += timedelta(minutes=31)
    outcome = talk.says("còn lệ phí")

    assert "đã lâu" in words(outcome)
    assert "Đăng ký khai sinh" in words(outcome)
    assert talk.state.code is None
    again = talk.taps(outcome.replies[0].buttons[0].payload or "")
    assert "Lệ phí: 8.000 đồng/bản" in words(again)


def test_the_old_topic_is_still_known_within_half_an_hour() -> None:
    """Half an hour is the limit, not less."""
    talk = Talk()
    talk.says("làm khai sinh")
    talk.at += timedelta(minutes=29)

    assert "8.000" in words(talk.says("còn lệ phí"))


def test_a_facet_asked_first_waits_for_its_procedure() -> None:
    """A fee asked before any procedure is asked back, then answered as a fee."""
    talk = Talk()
    first = talk.says("còn lệ phí")
    second = talk.says("làm khai sinh")

    assert "thủ tục nào" in words(first)
    assert Tag.GAP_FOUND not in tags(first)
    assert data(second, Tag.PROCEDURE_SHOWN)["facets"] == "fee"


def test_close_candidates_are_asked_about() -> None:
    """A close call becomes one question with three numbered choices."""
    outcome = Talk().says("xin giấy")

    assert "1. Đăng ký khai sinh\n2. Đăng ký kết hôn\n3. Chứng thực" in words(outcome)
    assert titles(outcome) == [
        "1. Đăng ký khai sinh",
        "2. Đăng ký kết hôn",
        "3. Chứng thực bản sao",
        "Việc khác",
        "Gặp cán bộ",
    ]


@pytest.mark.parametrize("answer", ["2", "số 2", "cái thứ 2 ạ", "#chon:1.000894"])
def test_a_choice_can_be_typed_or_tapped(answer: str) -> None:
    """Typing the number does what the button does, and is kept as a label."""
    talk = Talk()
    talk.says("xin giấy")
    outcome = talk.says(answer)

    assert "Đăng ký kết hôn" in words(outcome)
    assert data(outcome, Tag.FEEDBACK_PICKED) == {"code": "1.000894", "rank": 2}
    (picked,) = (e for e in outcome.events if e.tag is Tag.FEEDBACK_PICKED)
    assert picked.private == {"text": "xin giấy"}


def test_the_facet_survives_the_question_back() -> None:
    """A question about the time is answered with the time after the pick."""
    talk = Talk()
    talk.says("xin giấy mất bao lâu")
    outcome = talk.says("1")

    assert "Thời hạn: 03 ngày làm việc" in words(outcome)
    assert "Lệ phí" not in words(outcome)


def test_none_of_these_shows_the_further_candidates_then_gives_up_kindly() -> None:
    """The fourth candidate is offered before other words are asked for."""
    talk = Talk()
    talk.says("xin giấy")
    further = talk.taps("#khac")
    last = talk.says("không phải")

    assert "Đăng ký khai tử" in words(further)
    assert data(further, Tag.FEEDBACK_WRONG)["reason"] == "none_of_these"
    assert "xin lỗi" in words(last)
    assert talk.state.candidates == ()


def test_not_what_i_meant_offers_the_runner_up() -> None:
    """A rejected answer is logged with its code, and the next best is offered."""
    talk = Talk()
    talk.says("làm khai sinh")
    outcome = talk.taps("#sai")

    assert data(outcome, Tag.FEEDBACK_WRONG)["code"] == "1.001193"
    assert "Đăng ký kết hôn" in words(outcome)
    assert "1. Đăng ký kết hôn" in titles(outcome)


def test_not_what_i_meant_without_a_runner_up_asks_for_other_words() -> None:
    """With nothing else to offer the bot asks for the wish in other words."""
    talk = Talk()
    talk.says("lệ phí khai sinh")
    outcome = talk.taps("#sai")

    assert "nhắn lại" in words(outcome)
    assert talk.state.code is None


def test_numbers_after_an_answer_do_not_pick_unseen_runners_up() -> None:
    """Runners-up that nobody was shown cannot be picked by a number."""
    talk = Talk()
    talk.says("làm khai sinh")
    outcome = talk.says("1")

    assert Tag.FEEDBACK_PICKED not in tags(outcome)


def test_another_authority_is_named() -> None:
    """What the commune does not do is sent on, with authority, link and a person."""
    outcome = Talk().says("làm hộ chiếu")

    assert "Công an cấp tỉnh" in words(outcome)
    assert "https://dichvucong.example/1" in words(outcome)
    assert "Gặp cán bộ" in titles(outcome)
    assert data(outcome, Tag.PROCEDURE_SHOWN)["via"] == "elsewhere"


def test_another_authority_that_we_do_not_know() -> None:
    """Not ours and not in the catalogue: the portal and a person, and a gap."""
    outcome = Talk().says("ly hôn")

    assert "cơ quan khác" in words(outcome)
    assert "https://dichvucong.gov.vn" in words(outcome)
    assert data(outcome, Tag.GAP_FOUND)["elsewhere"] is True


def test_a_doubtful_wish_is_a_button_beside_the_procedures() -> None:
    """Not sure whether it is a report or a question: both can be tapped."""
    outcome = Talk().says("đèn đường với khai sinh")

    assert "Phản ánh, góp ý" in titles(outcome)
    assert any(title.startswith("1. ") for title in titles(outcome))
    assert Tag.HANDOVER_OPENED not in tags(outcome)


def test_an_office_that_settles_it_is_named() -> None:
    """Where only the office is known, it is told with the portal; that is no gap."""
    outcome = Talk().says("đăng kiểm xe")

    assert "Trung tâm đăng kiểm" in words(outcome)
    assert "https://dichvucong.gov.vn" in words(outcome)
    assert "Gặp cán bộ" in titles(outcome)
    assert Tag.GAP_FOUND not in tags(outcome)


def test_the_second_miss_in_a_row_offers_a_person_first() -> None:
    """Two misses in a row: the person comes before everything else."""
    talk = Talk()
    first = talk.says("abc xyz")
    second = talk.says("abc xyz")

    assert titles(first)[0] == "Hỏi thủ tục"
    assert titles(second)[0] == "Gặp cán bộ"
    (gap,) = (e for e in second.events if e.tag is Tag.GAP_FOUND)
    assert (gap.data, gap.private) == ({"misses": 2}, {"text": "abc xyz"})


def test_an_answer_ends_the_row_of_misses() -> None:
    """A miss, an answer and a miss are not two misses in a row."""
    talk = Talk()
    talk.says("abc xyz")
    talk.says("làm khai sinh")

    assert titles(talk.says("abc xyz"))[0] == "Hỏi thủ tục"


def test_a_procedure_that_left_the_catalogue() -> None:
    """An old button to a procedure that is gone gets an apology, not silence."""
    talk = Talk(services(shelf=Shelf([MARRIAGE])))
    for payload in ("#tt:1.001193", "#chon:1.001193"):
        outcome = talk.taps(payload)

        assert "xin lỗi" in words(outcome)
        assert data(outcome, Tag.MESSAGE_SKIPPED)["reason"] == "procedure_gone"


def test_candidates_that_left_the_catalogue_are_a_miss() -> None:
    """When the index knows more than the catalogue, the bot admits the gap."""
    talk = Talk(services(shelf=Shelf([])))

    assert Tag.GAP_FOUND in tags(talk.says("làm khai sinh"))
    assert Tag.GAP_FOUND in tags(talk.says("xin giấy"))


def test_a_single_candidate_is_confirmed() -> None:
    """If only one candidate is left, the bot asks whether that is it."""
    outcome = Talk(services(shelf=Shelf([BIRTH]))).says("xin giấy")

    assert "có phải bác cần việc “Đăng ký khai sinh” không" in words(outcome)


def test_a_greeting_around_a_question_is_a_question() -> None:
    """A greeting with a question in it is answered with the procedure."""
    assert "Đăng ký khai sinh" in words(Talk().says("xin chào, làm khai sinh"))


def test_filing_online() -> None:
    """With a procedure the online facet is told, without one the portal."""
    named = Talk().says("nộp online khai sinh")
    bare = Talk().says("nộp online")

    assert "Nộp online: có nhận trực tuyến" in words(named)
    assert "https://dichvucong.gov.vn" in words(bare)


def test_no_link_without_public_pages() -> None:
    """Without public pages no address of ours is promised."""
    unit = UnitProfile("x", "UBND xã Thanh Hà")
    outcome = Talk(services(unit=unit)).says("làm khai sinh")

    assert "/tthc/" not in words(outcome)


def test_a_link_of_a_poster_opens_its_procedure() -> None:
    """A QR code names its procedure without the mark, which no link may hold."""
    outcome = Talk().sends(Kind.REFERRAL, payload="tt:1.001193")

    assert "Đăng ký khai sinh" in words(outcome)


def test_a_code_with_a_slash_is_escaped_in_the_link() -> None:
    """The address of a page holds the code as one path part."""
    odd = BIRTH.model_copy(update={"code": "A/1"})
    outcome = Talk(services(shelf=Shelf([odd]))).taps("#tt:A/1")

    assert "https://xa.example/tthc/A%2F1" in words(outcome)


def test_a_twin_code_is_remembered_as_its_procedure() -> None:
    """The memory holds the code of the record that answered."""

    class Twins(Shelf):
        def get(self, code: str) -> Procedure | None:
            return super().get("1.001193" if code == "9.999999" else code)

    talk = Talk(services(shelf=Twins()))
    talk.taps("#tt:9.999999")

    assert talk.state.code == BIRTH.code


def first_contact(text: str) -> Outcome:
    """Say something as a stranger."""
    talk = Talk(state=Conversation())
    return talk.says(text)


def test_the_first_question_is_answered_at_once() -> None:
    """A stranger gets the answer first, the notice beside it, no further question."""
    outcome = first_contact("lệ phí khai sinh")

    assert "8.000" in outcome.replies[0].text
    assert "anh/chị" in outcome.replies[0].text
    assert "trợ lý ảo (AI)" in outcome.replies[1].text
    assert [b.title for b in outcome.replies[1].buttons] == ["Đồng ý", "Không đồng ý"]
    assert "xưng hô" not in words(outcome)
    assert tags(outcome)[-1] is Tag.CONSENT_SHOWN
    assert outcome.conversation is not None
    assert outcome.conversation.consent is Consent.SHOWN


def test_the_profile_of_the_tests_has_a_public_url() -> None:
    """The trailing slash of a configured address makes no double slash."""
    assert UNIT.public_url.endswith("/")
    assert "example//" not in words(Talk().says("làm khai sinh"))
