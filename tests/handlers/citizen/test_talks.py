"""Whole talks as tables: what comes in, in which state, and what goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.citizen import greeting, menu
from handlers.model import (
    Attachment,
    Consent,
    Conversation,
    Kind,
    Place,
    Tag,
)
from tests.handlers.citizen.talk import (
    KNOWN,
    MONDAY_8,
    UNIT,
    WORDS,
    Talk,
    data,
    services,
    tags,
    titles,
    words,
)

TALKS: list[tuple[str, Sequence[str], Tag]] = [
    ("cảm ơn", ["em cảm ơn bác"], Tag.MESSAGE_UNDERSTOOD),
    ("xin chào", ["em xin chào bác", "Bác cần"], Tag.MESSAGE_UNDERSTOOD),
    ("xin lỗi", ["không sao"], Tag.MESSAGE_UNDERSTOOD),
    ("giỏi quá", ["lời động viên"], Tag.MESSAGE_UNDERSTOOD),
    ("vô dụng", ["xin lỗi", "lắng nghe"], Tag.MESSAGE_UNDERSTOOD),
    ("hôm nay trời đẹp", ["trợ lý ảo (AI)"], Tag.MESSAGE_UNDERSTOOD),
    ("vâng", ["Dạ vâng"], Tag.MESSAGE_UNDERSTOOD),
    ("không phải", ["ghi nhận"], Tag.MESSAGE_UNDERSTOOD),
    ("giúp tôi", ["1. Hỏi thủ tục", "5. Gặp cán bộ"], Tag.GUIDED),
    ("menu", ["1. Hỏi thủ tục"], Tag.GUIDED),
    ("1", ["Làm khai sinh cho con"], Tag.GUIDED),
    ("2", ["muốn gửi loại nào"], Tag.FORM_BEGUN),
    ("3", ["lịch tiếp công dân", "chưa xác nhận"], Tag.GUIDED),
    ("4", ["07:30-11:30", "0220 0000 000"], Tag.GUIDED),
    ("5", ["cán bộ sẽ trả lời"], Tag.HANDOVER_OPENED),
    ("6", ["chọn thêm"], Tag.GUIDED),
    ("7", ["chưa hiểu"], Tag.GAP_FOUND),
    ("số điện thoại xã", ["0220 0000 000", "113"], Tag.GUIDED),
    ("mấy giờ mở cửa", ["thứ Hai đến thứ Sáu", "đang trong giờ"], Tag.GUIDED),
    ("lịch tiếp dân", ["chưa xác nhận"], Tag.GUIDED),
    ("hồ sơ của tôi đâu", ["https://dichvucong.gov.vn"], Tag.GUIDED),
    ("tôi muốn đánh giá", ["chọn giúp em một mức"], Tag.RATING_ASKED),
    ("cháy nhà", ["113", "114", "115", "111"], Tag.GUIDED),
    ("đừng gửi tin", ["không gửi thông báo"], Tag.OPTED_OUT),
    ("Dừng", ["không gửi thông báo"], Tag.OPTED_OUT),
    ("gửi tin cho tôi", ["nhận lại thông báo"], Tag.OPTED_IN),
    ("nhận lại", ["nhận lại thông báo"], Tag.OPTED_IN),
    ("#menu:hoso", ["mã ghi trên giấy hẹn"], Tag.GUIDED),
    ("#menu:tainha", ["tại nhà"], Tag.FORM_BEGUN),
    ("#menu:xungho", ["xưng hô thế nào"], Tag.GUIDED),
    ("#menu:khonghieu", ["1. Hỏi thủ tục"], Tag.GUIDED),
    ("#gì đó", ["chưa hiểu"], Tag.GAP_FOUND),
    ("👍👍", ["xin chào"], Tag.MESSAGE_SKIPPED),
    ("", ["chưa thấy chữ"], Tag.MESSAGE_SKIPPED),
]


@pytest.mark.parametrize(("text", "parts", "tag"), TALKS)
def test_what_is_said_to_a_text(text: str, parts: Sequence[str], tag: Tag) -> None:
    """Each sentence gets its answer and leaves its trace."""
    outcome = Talk().says(text)

    for part in parts:
        assert part in words(outcome)
    assert tag in tags(outcome)
    assert tags(outcome)[0] is Tag.MESSAGE_RECEIVED


def test_received_messages_are_logged_without_their_text() -> None:
    """The figures name channel and kind; the text stays among the private parts."""
    outcome = Talk().says("xin chào")

    assert outcome.events[0].data == {"channel": "zalo", "kind": "text"}
    assert outcome.events[0].private == {"text": "xin chào"}


@pytest.mark.parametrize(
    ("kind", "attachment", "part"),
    [
        (Kind.ATTACHMENT, "image", "chưa tự xem được ảnh"),
        (Kind.ATTACHMENT, "audio", "chưa tự nghe được"),
        (Kind.ATTACHMENT, "video", "video"),
        (Kind.ATTACHMENT, "file", "chưa nhận hồ sơ"),
        (Kind.ATTACHMENT, "link", "đường dẫn"),
        (Kind.ATTACHMENT, "sausage", "tệp"),
        (Kind.STICKER, "", "xin chào"),
        (Kind.LOCATION, "", "vị trí"),
        (Kind.CONTACT, "", "thông tin liên hệ"),
    ],
)
def test_what_is_not_text(kind: Kind, attachment: str, part: str) -> None:
    """The bot says honestly what it cannot see, and asks for words."""
    files = (Attachment(attachment),) if attachment else ()
    outcome = Talk().sends(kind, attachments=files, place=Place("20.9", "106.4"))

    assert part in words(outcome)
    assert Tag.MESSAGE_SKIPPED in tags(outcome)


def test_words_beside_a_picture_are_answered() -> None:
    """A caption is a question; that the picture was not seen is said too."""
    outcome = Talk().sends(
        Kind.ATTACHMENT, text="làm khai sinh", attachments=(Attachment("image"),)
    )

    assert "chưa tự xem được" in words(outcome)
    assert "Đăng ký khai sinh" in words(outcome)
    assert data(outcome, Tag.MESSAGE_RECEIVED)["attachments"] == 1


def test_a_business_card_is_not_read_as_a_question() -> None:
    """Name and number of a card go to no search."""
    outcome = Talk().sends(Kind.CONTACT, text="làm khai sinh")

    assert Tag.MESSAGE_UNDERSTOOD not in tags(outcome)


def test_a_new_follower_is_welcomed() -> None:
    """Following brings the greeting, the menu and the notice."""
    outcome = Talk(state=Conversation()).sends(Kind.FOLLOW)

    assert [b.title for b in outcome.replies[0].buttons] == [
        WORDS.title(f"menu_{name}") for name in greeting.MENU
    ] + ["Gặp cán bộ"]
    assert Tag.FOLLOWED in tags(outcome)
    assert Tag.CONSENT_SHOWN in tags(outcome)


def test_following_again_does_not_sign_up_who_opted_out() -> None:
    """Only the citizen's own word ends an opt-out; the button for it is offered."""
    talk = Talk(state=replace(KNOWN, opted_out=True))
    outcome = talk.sends(Kind.FOLLOW)

    assert talk.state.opted_out
    assert titles(outcome)[0] == "Nhận lại tin"


def test_leaving_is_an_opt_out_without_a_word() -> None:
    """Unfollowing is recorded and answered with silence."""
    talk = Talk()
    outcome = talk.sends(Kind.UNFOLLOW)

    assert outcome.replies == ()
    assert talk.state.opted_out
    assert Tag.UNFOLLOWED in tags(outcome)


def test_who_opted_out_is_still_answered() -> None:
    """An answer is not a broadcast."""
    talk = Talk()
    talk.taps("#dung")

    assert "Đăng ký khai sinh" in words(talk.says("làm khai sinh"))
    assert talk.state.opted_out


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        (Kind.ECHO_OWN, Tag.RECEIPT_DELIVERED),
        (Kind.DELIVERED, Tag.RECEIPT_DELIVERED),
        (Kind.SEEN, Tag.RECEIPT_SEEN),
        (Kind.UNKNOWN, Tag.MESSAGE_SKIPPED),
    ],
)
def test_what_the_platform_tells_is_logged_in_silence(kind: Kind, tag: Tag) -> None:
    """Receipts and unknown events leave a trace and change nothing."""
    talk = Talk(state=Conversation())
    outcome = talk.sends(kind, message_ids=("m1", "m2"))

    assert tags(outcome) == [Tag.MESSAGE_RECEIVED, tag]
    assert outcome.replies == ()
    assert talk.state == Conversation()


def test_the_bot_is_silent_while_a_person_writes() -> None:
    """After staff wrote, questions are left to them and counted as left."""
    talk = Talk()
    taken = talk.sends(Kind.ECHO_HUMAN, text="Chào bác")
    outcome = talk.says("làm khai sinh")

    assert Tag.STAFF_TOOK_OVER in tags(taken)
    assert talk.state.muted_until == MONDAY_8 + timedelta(hours=8)
    assert outcome.replies == ()
    assert Tag.MESSAGE_UNDERSTOOD in tags(outcome)
    assert data(outcome, Tag.MESSAGE_SKIPPED)["reason"] == "muted"
    assert talk.state.code is None


def test_an_emergency_breaks_the_silence() -> None:
    """Numbers to call are given even while a person writes."""
    talk = Talk()
    talk.sends(Kind.ECHO_HUMAN)

    assert "113" in words(talk.says("cháy nhà"))


@pytest.mark.parametrize(
    ("payload", "tag"),
    [
        ("#dung", Tag.OPTED_OUT),
        ("#khongdongy", Tag.CONSENT_DECLINED),
        ("#quyen:xoa", Tag.PRIVACY_REQUESTED),
    ],
)
def test_rights_are_served_even_in_the_silence(payload: str, tag: Tag) -> None:
    """Opting out, declining and claiming count at once, only the words are held."""
    talk = Talk()
    talk.sends(Kind.ECHO_HUMAN)
    outcome = talk.taps(payload)

    assert outcome.replies == ()
    assert tag in tags(outcome)


def test_handed_back_the_bot_answers_again() -> None:
    """When staff are done the bot speaks again at once."""
    talk = Talk()
    talk.sends(Kind.ECHO_HUMAN)
    back = talk.sends(Kind.HANDBACK)

    assert Tag.STAFF_HANDED_BACK in tags(back)
    assert "Đăng ký khai sinh" in words(talk.says("làm khai sinh"))


def test_the_silence_ends_by_itself() -> None:
    """A forgotten talk is taken up again after a working day."""
    talk = Talk(state=replace(KNOWN, muted_until=MONDAY_8))

    assert words(talk.says("làm khai sinh"))


def test_the_form_of_address_is_asked_once() -> None:
    """The second calm answer asks it in a line; the third does not."""
    talk = Talk(state=Conversation())
    first = talk.says("làm khai sinh")
    second = talk.taps("#dongy")
    third = talk.says("cảm ơn")

    assert "xưng hô" not in words(first)
    assert "xưng hô" in words(second)
    assert "xưng hô" not in words(third)


@pytest.mark.parametrize(
    ("text", "kept", "spoken"),
    [
        ("#xungho:bac", "bác", "bác"),
        ("#xungho:chị", "chị", "chị"),
        ("gọi tôi là chú nhé", "chú", "chú"),
        ("goi toi la co", "cô", "cô"),
        ("em cứ gọi bà thôi", "bà", "bà"),
        ("xưng hô với tôi là thầy", "thầy", "thầy"),
        ("gọi em là em nhé", "em", "bạn"),
    ],
)
def test_the_form_of_address_is_kept_and_used(
    text: str, kept: str, spoken: str
) -> None:
    """Told by tap or words, it is used from that answer on."""
    talk = Talk(state=replace(KNOWN, honorific=""))
    outcome = talk.says(text)

    assert talk.state.honorific == kept
    assert f"“{spoken}”" in words(outcome)
    assert data(outcome, Tag.ADDRESS_SET) == {"form": kept}
    assert f"em cảm ơn {spoken}" in words(talk.says("cảm ơn"))


@pytest.mark.parametrize("text", ["bác", "Bác ạ", "bac", "anh nhé"])
def test_a_bare_form_of_address_answers_the_question(text: str) -> None:
    """After the question one word is enough."""
    talk = Talk(state=replace(KNOWN, honorific=""))
    talk.says(text)

    assert talk.state.honorific in {"bác", "anh"}


@pytest.mark.parametrize("text", ["có", "co", "ba", "gọi giúp tôi số 113", "gọi có"])
def test_other_words_are_no_form_of_address(text: str) -> None:
    """A "yes" is not an aunt, and a wish for a call is no wish for a name."""
    talk = Talk(state=replace(KNOWN, honorific=""))
    talk.says(text)

    assert talk.state.honorific == ""


def test_an_unknown_form_of_address_is_plain_text() -> None:
    """A made-up payload of the right shape is read like any text."""
    outcome = Talk().taps("#xungho:sep")

    assert Tag.ADDRESS_SET not in tags(outcome)
    assert outcome.replies


def test_a_bare_word_means_nothing_before_the_question() -> None:
    """One word is taken for a form of address only when that was asked."""
    talk = Talk(state=Conversation(consent=Consent.GIVEN))
    talk.says("bác")

    assert talk.state.honorific == ""


def test_the_question_offers_every_usual_form() -> None:
    """Where the reply has room, the forms are buttons that work."""
    talk = Talk(state=replace(KNOWN, honorific=""))
    outcome = talk.taps("#menu:xungho")

    assert titles(outcome) == ["Ông", "Bà", "Bác", "Cô", "Chú", "Anh", "Chị", "Em"]
    for button in outcome.replies[0].buttons:
        talk.taps(button.payload or "")
        assert talk.state.honorific == button.title.lower()


def test_the_menu_numbers_what_it_says() -> None:
    """The numbers that can be typed are those of the sentence."""
    lines = [
        line for line in words(Talk().says("menu")).splitlines() if line[:1].isdigit()
    ]

    assert len(lines) == len(menu.NUMBERED)
    assert [int(line[0]) for line in lines] == list(range(1, len(lines) + 1))


def test_the_menu_ends_older_numbers() -> None:
    """After the menu a number means its line, not a choice shown before."""
    talk = Talk()
    talk.says("xin giấy")
    talk.says("menu")

    assert "lịch tiếp công dân" in words(talk.says("3"))


def test_popular_procedures_can_be_tapped() -> None:
    """Asking how to ask shows what most people want, as far as the unit has it."""
    outcome = Talk().taps("#menu:thutuc")

    assert titles(outcome) == [
        "Đăng ký khai sinh",
        "Đăng ký kết hôn",
        "Chứng thực bản sao",
        "Gặp cán bộ",
    ]


def test_a_published_schedule_and_no_phones() -> None:
    """What is published is told; what is not is said to be unpublished."""
    unit = replace(UNIT, reception="thứ Năm hằng tuần, 08:00-11:00", phones=())
    talk = Talk(services(unit=unit))

    assert "thứ Năm hằng tuần" in words(talk.says("lịch tiếp dân"))
    assert "thứ Năm hằng tuần" in words(talk.says("tôi tố cáo ông A"))
    assert "chưa công bố số điện thoại" in words(talk.says("số điện thoại xã"))


def test_opening_a_link_without_a_purpose_greets() -> None:
    """Zalo's "chat now" and an empty link bring the greeting."""
    for payload in ("chatnow", None):
        outcome = Talk(state=Conversation()).sends(Kind.REFERRAL, payload=payload)

        assert "Em là trợ lý ảo (AI)" in words(outcome)


def test_a_foreign_button_is_read_by_its_title() -> None:
    """A payload we do not know is ignored, the visible words count."""
    outcome = Talk().sends(Kind.BUTTON, payload="GET_X", text="làm khai sinh")

    assert "Đăng ký khai sinh" in words(outcome)
