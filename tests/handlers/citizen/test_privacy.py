"""Is the citizen told, asked and served about their data?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from handlers.cases.opening import Opening
from handlers.citizen.privacy import DAYS, claimed
from handlers.model import Consent, Conversation, Kind, Tag
from scheduler.deadlines.book import shipped
from tests.handlers.citizen.talk import (
    UNIT,
    Talk,
    data,
    services,
    tags,
    titles,
    words,
)

STRANGER = Conversation()


def test_the_notice_says_what_the_law_wants() -> None:
    """The notice names the AI, the controller, purposes, retention and rights."""
    outcome = Talk(state=STRANGER).says("xin chào")
    notice = outcome.replies[1].text

    for part in (
        "trợ lý ảo (AI)",
        "UBND xã Thanh Hà (bên kiểm soát dữ liệu)",
        "để trả lời",
        "theo quy định lưu trữ",
        "xem, sửa, xóa, rút đồng ý",
        "QUYỀN DỮ LIỆU",
        "ẩn danh",
    ):
        assert part in notice


def test_the_notice_names_the_published_retention() -> None:
    """A configured retention is said as it stands."""
    unit = replace(UNIT, retention="12 tháng")
    outcome = Talk(services(unit=unit), STRANGER).says("xin chào")

    assert "Thời gian lưu: 12 tháng." in words(outcome)


def test_the_shown_notice_is_kept_as_proof() -> None:
    """Consent must be provable: the log commits to the very text that was shown."""
    outcome = Talk(state=STRANGER).says("xin chào")
    (event,) = (e for e in outcome.events if e.tag is Tag.CONSENT_SHOWN)

    assert event.private["notice"] == outcome.replies[1].text


def test_the_notice_comes_once() -> None:
    """The second answer has no notice."""
    talk = Talk(state=STRANGER)
    talk.says("xin chào")

    assert Tag.CONSENT_SHOWN not in tags(talk.says("làm khai sinh"))


@pytest.mark.parametrize("word", ["#dongy", "đồng ý", "Dạ đồng ý ạ", "dong y"])
def test_consent_is_given_by_tap_or_word(word: str) -> None:
    """A tap and the plain words count the same."""
    talk = Talk(state=STRANGER)
    talk.says("làm khai sinh")
    outcome = talk.says(word)

    assert talk.state.consent is Consent.GIVEN
    assert Tag.CONSENT_GIVEN in tags(outcome)


def test_after_the_tap_the_topic_goes_on() -> None:
    """The buttons of the answer come again, because Messenger dropped them."""
    talk = Talk(state=STRANGER)
    talk.says("làm khai sinh")

    assert "Giấy tờ" in titles(talk.taps("#dongy"))


def test_after_the_tap_the_choices_come_again() -> None:
    """If a question was open, its choices are shown again."""
    talk = Talk(state=STRANGER)
    talk.says("xin giấy")

    assert titles(talk.taps("#dongy"))[0] == "1. Đăng ký khai sinh"


@pytest.mark.parametrize("word", ["#khongdongy", "không đồng ý"])
def test_who_declines_is_answered_but_not_recorded(word: str) -> None:
    """After a refusal questions are answered, and no text of theirs is kept."""
    talk = Talk(state=STRANGER)
    talk.says("xin chào")
    declined = talk.says(word)
    outcome = talk.says("làm khai sinh")

    assert talk.state.consent is Consent.DECLINED
    assert Tag.CONSENT_DECLINED in tags(declined)
    assert "Đăng ký khai sinh" in words(outcome)
    assert all(not event.private for event in outcome.events)


def test_agreeing_words_mean_nothing_when_nothing_was_asked() -> None:
    """Saying "Agreed" without an open notice gives no consent."""
    talk = Talk(state=replace(STRANGER, consent=Consent.DECLINED))
    talk.says("đồng ý")

    assert talk.state.consent is Consent.DECLINED


@pytest.mark.parametrize("text", ["QUYỀN DỮ LIỆU", "quyen du lieu", "#quyen"])
def test_the_rights_are_told(text: str) -> None:
    """The promised words bring the four rights with their times."""
    outcome = Talk().says(text)

    assert titles(outcome) == [
        "Xem dữ liệu",
        "Sửa dữ liệu",
        "Xóa dữ liệu",
        "Rút đồng ý",
        "Chọn từng việc",
    ]
    assert "02 ngày làm việc" in words(outcome)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#quyen:xem", "du_lieu_xem"),
        ("#quyen:sua", "du_lieu_sua"),
        ("#quyen:xoa", "du_lieu_xoa"),
        ("#quyen:rut", "rut_du_lieu"),
        ("xóa dữ liệu của tôi", "du_lieu_xoa"),
        ("tôi rút đồng ý", "rut_du_lieu"),
    ],
)
def test_a_claimed_right_reaches_a_person(text: str, reason: str) -> None:
    """A claim is logged and handed to the person in charge."""
    outcome = Talk().says(text)

    assert data(outcome, Tag.PRIVACY_REQUESTED) == {"request": reason}
    assert outcome.handover is not None
    assert outcome.handover.reason == reason
    assert "đã ghi nhận yêu cầu" in words(outcome)
    days = 15 if reason == "rut_du_lieu" else DAYS[reason[-3:]]
    assert f"nhận trong 02 ngày làm việc, thực hiện trong {days} ngày" in words(outcome)
    assert "hôm nay" not in words(outcome)


def test_the_days_we_tell_are_those_of_the_law() -> None:
    """The words and the clocks of the cases say the same."""
    names = {"xem": "xem_sua", "sua": "xem_sua", "rut": "rut", "xoa": "xoa"}
    day = date(2026, 11, 25)
    rules = {name: shipped().rule(f"dlcn_{code}", day) for name, code in names.items()}

    assert {name: rule.last.term.amount for name, rule in rules.items()} == DAYS


def test_withdrawn_consent_counts_at_once() -> None:
    """Who withdraws consent is treated as not consenting from that message on."""
    talk = Talk()
    outcome = talk.taps("#quyen:rut")

    assert talk.state.consent is Consent.DECLINED
    assert Tag.CONSENT_DECLINED in tags(outcome)


def test_an_unknown_right_shows_all_of_them() -> None:
    """A button of an older version still leads to the rights."""
    assert "Rút đồng ý" in titles(Talk().taps("#quyen:khac"))
    assert "Rút đồng ý" in titles(Talk().says("dữ liệu của tôi"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cho tôi xem dữ liệu xã đang giữ", "xem"),
        ("sửa giúp thông tin của tôi", "sua"),
        ("xoá hết tin nhắn của tôi đi", "xoa"),
        ("tôi muốn rút lại sự đồng ý", "rut"),
        ("dữ liệu cá nhân là gì", ""),
    ],
)
def test_which_right_is_claimed(text: str, expected: str) -> None:
    """The claimed right is read from the words."""
    assert expected == claimed(text)


def test_a_withdrawal_on_the_platform_is_served_silently() -> None:
    """Zalo's withdrawal becomes a case with the law's time, without a message."""
    talk = Talk()
    outcome = talk.sends(Kind.WITHDRAW)

    assert outcome.replies == ()
    assert outcome.handover is not None
    assert outcome.handover.reason == "rut_du_lieu"
    (case,) = outcome.cases
    assert isinstance(case, Opening)
    assert case.kind == "du_lieu_rut"
    assert Tag.PRIVACY_REQUESTED in tags(outcome)
    assert talk.state.consent is Consent.DECLINED
    assert talk.state.opted_out


def test_an_emergency_is_not_diluted_by_the_notice() -> None:
    """A stranger in danger gets the numbers alone; the notice waits."""
    talk = Talk(state=STRANGER)
    outcome = talk.says("cháy nhà")

    assert len(outcome.replies) == 1
    assert talk.state.consent is Consent.UNASKED
    assert Tag.CONSENT_SHOWN in tags(talk.says("xin chào"))


def test_a_hosted_model_is_named_only_where_there_is_one() -> None:
    """Who reads it learns that words may leave, masked, and how to prevent it."""
    plain = Talk(services(), Conversation()).says("xin chào").replies[-1].text
    unit = replace(UNIT, has_hosted_ai=True)
    told = Talk(services(unit=unit), Conversation()).says("xin chào").replies[-1].text

    assert "dịch vụ AI bên ngoài" not in plain
    assert "dịch vụ AI bên ngoài" in told
