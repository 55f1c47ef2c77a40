"""Does a citizen fill in a form at ease, and is exactly one case sent in the end?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.cases.nearby import Area, Near
from handlers.citizen.intake.draft import LIFE, Ask
from handlers.citizen.intake.forms import offered
from handlers.model import Consent, Conversation, Kind, Tag
from tests.handlers.citizen.intake.counter import (
    CITY,
    STORY,
    Neighbours,
    asked,
    begun,
    draft_of,
    office,
    opened,
    photo,
    place,
    talk,
    taps,
)
from tests.handlers.citizen.talk import Talk, data, tags, titles, words


def at_preview(kind: str = "phan_anh") -> Talk:
    """Return a talk whose report is ready to be sent."""
    one = begun(kind)
    one.says("đèn đường hỏng")
    one.says("trước nhà văn hóa")
    one.says("hôm qua")
    taps(one, "next", "skip", "refuse", "next")
    assert asked(one) is Ask.PREVIEW
    return one


def test_a_report_from_the_first_question_to_the_receipt() -> None:
    """Each answer is kept, all is shown, and one case is opened with its receipt."""
    one = begun()
    assert asked(one) is Ask.WHAT
    one.says("đèn đường hỏng")
    assert asked(one) is Ask.WHERE
    one.says("ngõ 5 thon doai")
    assert asked(one) is Ask.WHEN
    taps(one, "g_yesterday")
    assert asked(one) is Ask.FILES
    photo(one)
    taps(one, "next")
    one.says("0912 345 678")
    taps(one, "agree")
    one.says("tối đi rất nguy hiểm")
    shown = taps(one, "next")
    assert "ngõ 5 thon doai" in words(shown)
    assert "Hôm qua (22/11/2026)" in words(shown)
    assert "giấu tên" in words(shown)
    outcome = taps(one, "send")

    case = opened(outcome)
    assert (case.kind, case.code) == ("phan_anh", "PA-261123-0042")
    assert case.text == "đèn đường hỏng\ntối đi rất nguy hiểm"
    assert case.contact["phone"] == "0912345678"
    assert case.contact["anonymous"] == "có"
    assert case.areas == ("hamlet:thon doai",)
    said = words(outcome)
    assert "PA-261123-0042" in said
    assert "30/11/2026" in said
    assert "Hải Phòng Smart" in said
    assert outcome.handover is not None
    assert one.state.draft is None


def test_a_whole_story_is_asked_only_for_what_is_missing() -> None:
    """What, where and when were told: the likely kind is named, then files come."""
    one = talk()
    taps(one, "k_phan_anh")
    taps(one, "back")
    outcome = one.says(STORY)
    assert "có vẻ là phản ánh hiện trường" in words(outcome)
    assert "Kiến nghị thì" in words(outcome)
    taps(one, "k_phan_anh")

    assert asked(one) is Ask.FILES
    found = draft_of(one).answers
    assert found["where"] == "trước nhà văn hóa thôn Đông"
    assert found["when"] == "ba hôm nay"
    assert found["hamlet"] == "thon dong"


@pytest.mark.parametrize("kind", offered(office().kinds))
def test_every_kind_can_be_sent(kind: str) -> None:
    """Answering whatever is asked leads to one case with all that the law wants."""
    given = {
        Ask.NAME: "Nguyễn Thị Lành",
        Ask.ID_NUMBER: "031 099 001 234",
        Ask.PHONE: "+84 912 345 678",
        Ask.FILES: "xong",
        Ask.MORE: "không",
        Ask.ANONYMOUS: "không cần",
        Ask.HEALTH: "không",
        Ask.PREVIEW: "gửi",
    }
    one = begun(kind)
    for _ in range(20):
        if one.state.draft is None:
            break
        outcome = one.says(given.get(asked(one), "ở xóm Chùa"))
    case = opened(outcome)
    told = dict(case.contact) | {"what": case.text}

    assert case.kind == kind
    needed = one.services.kinds.get(kind).requires
    assert [name for name in needed if not told.get(name)] == []


def test_back_and_edit_keep_what_was_told() -> None:
    """One may go back to each question, and mend one part without the others."""
    one = at_preview()
    taps(one, "edit")
    assert "Ở đâu" in " ".join(titles(one.says("sửa")))
    one.says("2")
    assert asked(one) is Ask.WHERE
    one.says("cuối thôn Nội")
    assert asked(one) is Ask.PREVIEW
    taps(one, "f_when", "back")
    assert asked(one) is Ask.PREVIEW
    assert draft_of(one).told("when").startswith("hôm qua")
    taps(one, "back", "back")
    assert asked(one) in (Ask.ANONYMOUS, Ask.PHONE)


def test_hamlets_are_chosen_by_button_page_number_or_name() -> None:
    """Three on a page; the list is numbered."""
    one = begun()
    one.says("đèn đường hỏng")
    page = taps(one, "hamlets")
    assert titles(page) == [
        "thôn Đông",
        "thôn Đoài",
        "xóm Chùa",
        "Thôn khác",
        "Quay lại",
    ]
    assert titles(taps(one, "p_b"))[0] == "thôn Nội"
    taps(one, "h_d")
    assert draft_of(one).told("where") == "thôn Nội"
    taps(one, "back")
    one.says("3")
    assert draft_of(one).answers["hamlet"] == "xom chua"


def test_a_shared_location_answers_where() -> None:
    """Coordinates are kept, and a place shared later as well."""
    one = begun()
    one.says("đèn đường hỏng")
    place(one, "20.9", "106.4")
    assert asked(one) is Ask.WHEN
    assert draft_of(one).told("point") == "20.9,106.4"
    assert "ngã ba" in draft_of(one).told("where")


def test_what_is_needed_cannot_be_passed_over() -> None:
    """A report without a place is never sent, however it is tried."""
    one = begun()
    one.says("đèn đường hỏng")
    assert "chưa bỏ qua được" in words(taps(one, "skip"))
    assert taps(one, "send").cases == ()
    assert asked(one) is Ask.WHERE


def test_a_wrong_phone_is_asked_again_kindly() -> None:
    """A limit of ours is an apology."""
    one = begun("khen_ngoi")
    one.says("cán bộ một cửa rất tận tình")
    assert "xin lỗi" in words(one.says("số nhà tôi"))
    assert asked(one) is Ask.PHONE


def test_a_question_in_between_is_answered_and_the_form_goes_on() -> None:
    """The answer comes first, then the same question again."""
    one = begun()
    outcome = one.says("lệ phí khai sinh")
    assert "8.000" in words(outcome)
    assert "mình tiếp tục" in outcome.replies[-1].text
    assert asked(one) is Ask.WHAT
    assert "Ghi vào phiếu" in titles(outcome)
    taps(one, "keep")
    assert draft_of(one).told("what") == "lệ phí khai sinh"


def test_other_buttons_do_not_lose_the_form() -> None:
    """A card, the menu, the rights: each is served, then the form goes on."""
    one = begun()
    for payload in ("#tt:1.001193", "#menu", "#quyen", "#canbo"):
        outcome = one.taps(payload)
        assert "mình tiếp tục" in outcome.replies[-1].text
    assert asked(one) is Ask.WHAT


def test_an_emergency_leaves_the_form_at_once() -> None:
    """Numbers, nothing else; the form waits and can be taken up."""
    one = begun()
    outcome = one.says("cháy nhà")
    assert "114" in words(outcome)
    assert len(outcome.replies) == 1
    assert draft_of(one).is_later
    one.says("tiếp tục phiếu")
    assert asked(one) is Ask.WHAT
    assert not draft_of(one).is_later


@pytest.mark.parametrize(
    "text", ["tôi tố cáo ông A", "toi muon to cao can bo", "xin tố giác việc này"]
)
@pytest.mark.parametrize("steps", [0, 2])
def test_a_denunciation_leaves_nothing_of_the_form(text: str, steps: int) -> None:
    """Guidance as ever; neither these words nor the form remain."""
    one = begun()
    for _ in range(steps):
        one.says("ông B ở xóm Chùa")
    outcome = one.says(text)

    assert one.state.draft is None
    assert outcome.cases != ()
    assert "text" not in {name for event in outcome.events for name in event.private}
    assert all("tiếp tục" not in reply.text for reply in outcome.replies)


def test_an_identity_paper_is_refused() -> None:
    """The photo is not kept, and it is said kindly."""
    one = begun()
    one.says("đèn đường hỏng")
    outcome = photo(one, "ảnh căn cước của tôi")
    assert outcome.files == ()
    assert "không nhận ảnh giấy tờ" in words(outcome)
    assert len(photo(one).files) == 1


def test_data_of_others_is_shown_and_hidden_on_request() -> None:
    """Plates and phones of others; one's own phone is none of them."""
    one = begun()
    one.says("xe 15A-123.45 đổ rác, số 0987 654 321 của chủ xe")
    one.says("xóm Chùa")
    one.says("hôm qua")
    taps(one, "next")
    one.says("0912345678")
    shown = taps(one, "refuse", "next")
    assert "biển số" in words(shown)
    assert "Che bớt" in titles(shown)
    masked = taps(one, "mask")
    assert "0987" not in words(masked)
    case = opened(taps(one, "send"))
    assert "[biển số]" in case.text
    assert case.contact["phone"] == "0912345678"


def test_what_was_reported_nearby_is_offered() -> None:
    """Only words of one's own are shown; joining links the new case to it."""
    near = Near("PA-261120-0001", "case-1", "đèn, hỏng", 3)
    neighbours = Neighbours((near,))
    one = begun(neighbours=neighbours)
    one.says("đèn đường hỏng")
    one.says("thôn Đông")
    outcome = one.says("hôm qua")
    assert asked(one) is Ask.TWINS
    assert "PA-261120-0001, cùng nhắc tới: đèn, hỏng, báo 3 ngày trước" in words(
        outcome
    )
    assert neighbours.asked[-1] == ("phan_anh", Area("thon dong", ""))
    taps(one, "t_a", "next", "skip", "refuse", "next")
    assert opened(taps(one, "send")).twin == "case-1"


def test_another_matter_nearby_stays_apart() -> None:
    """The other case is not linked, and not asked about again."""
    one = begun(neighbours=Neighbours((Near("PA-261120-0001", "c", "đèn", 0),)))
    one.says(STORY)
    assert asked(one) is Ask.TWINS
    taps(one, "apart")
    assert asked(one) is Ask.FILES
    taps(one, "next", "skip", "refuse", "next")
    assert opened(taps(one, "send")).twin == ""


def test_later_and_back_again() -> None:
    """Put aside, other things are talked of; days later it is taken up."""
    one = begun()
    one.says("đèn đường hỏng")
    taps(one, "later")
    assert len(one.says("làm khai sinh").replies) == 1
    one.at += timedelta(days=2)
    offer = one.says("xin chào")
    assert "còn một phiếu" in offer.replies[-1].text
    taps(one, "resume")
    assert asked(one) is Ask.WHERE


def test_a_message_hours_later_is_not_taken_for_an_answer() -> None:
    """Who comes back the next day with a greeting does not report "xin chào"."""
    one = begun()
    one.at += timedelta(hours=20)
    outcome = one.says("xin chào")
    assert draft_of(one).told("what") == ""
    assert "còn một phiếu" in outcome.replies[-1].text


def test_an_old_draft_is_dropped_with_a_word() -> None:
    """After seven days, at the next contact."""
    one = begun()
    one.says("đèn đường hỏng")
    one.at += LIFE + timedelta(hours=1)
    outcome = one.says("làm khai sinh")
    assert one.state.draft is None
    assert "quá 7 ngày" in outcome.replies[0].text
    assert data(outcome, Tag.FORM_LEFT)["why"] == "expired"


def test_cancelled_means_gone() -> None:
    """Nothing remains, and the buttons left on the screen say so."""
    one = at_preview()
    one.says("hủy")
    assert one.state.draft is None
    again = taps(one, "send")
    assert again.cases == ()
    assert "không còn phiếu" in words(again)


def test_a_second_tap_on_send_sends_nothing() -> None:
    """The draft went with the case."""
    one = at_preview()
    assert len(taps(one, "send").cases) == 1
    assert taps(one, "send").cases == ()


def test_photos_are_not_asked_of_who_declined() -> None:
    """Files of theirs are not kept, so none is asked for."""
    one = begun()
    one.state = replace(one.state, consent=Consent.DECLINED)
    one.says("đèn đường hỏng")
    one.says("thôn Đông")
    one.says("hôm qua")
    assert asked(one) is Ask.PHONE


def test_at_the_very_first_contact_the_notice_comes_and_the_form_goes_on() -> None:
    """On Facebook the notice's buttons replace ours: after it the question returns."""
    one = talk()
    one.state = Conversation()
    taps(one, "k_phan_anh")
    outcome = one.taps("#dongy")
    assert "mình tiếp tục" in outcome.replies[-1].text
    assert "kể giúp em" in outcome.replies[-1].text


def test_the_city_is_named_only_for_reports_in_places() -> None:
    """Praise does not go to 1022."""
    one = begun("khen_ngoi")
    one.says("cán bộ một cửa rất tận tình")
    outcome = taps(one, "skip", "next", "send")
    assert CITY[0].label not in words(outcome)


def test_words_of_a_form_teach_nothing_and_are_evidenced() -> None:
    """No lesson, no gap; one line says which question was answered."""
    one = begun()
    outcome = one.says("cái cột ở ngã ba ấy")
    assert outcome.lessons == ()
    assert Tag.GAP_FOUND not in tags(outcome)
    assert data(outcome, Tag.FORM_ANSWERED)["kind"] == "phan_anh"


def test_thanks_add_nothing() -> None:
    """Kind words at the end are no part of the report."""
    one = begun()
    one.says(STORY)
    taps(one, "next", "skip", "refuse")
    assert asked(one) is Ask.MORE
    one.says("cảm ơn")
    assert asked(one) is Ask.PREVIEW
    one.says("cảm ơn")
    assert asked(one) is Ask.PREVIEW
    assert draft_of(one).told("what") == STORY


def test_a_sticker_asks_again() -> None:
    """Nothing without words is an answer."""
    one = begun()
    one.sends(Kind.STICKER)
    assert asked(one) is Ask.WHAT


def test_files_of_a_form_that_is_left_go_with_it() -> None:
    """Cancelled, begun anew, or forgotten for a week: nothing of it stays."""
    for leaving in ("cancel", "fresh", "week"):
        one = at_preview()
        draft = replace(draft_of(one), files=("f1", "f2"))
        one.state = replace(one.state, draft=draft)
        if leaving == "week":
            one.at += LIFE + timedelta(minutes=1)
            outcome = one.says("xin chào")
        else:
            outcome = one.taps(f"#phieu:{leaving}")

        assert outcome.drops_files == ("f1", "f2"), leaving


def test_files_of_a_form_that_is_sent_stay() -> None:
    """Nor does putting it aside lose any."""
    one = at_preview()
    one.state = replace(one.state, draft=replace(draft_of(one), files=("f1",)))

    assert one.taps("#phieu:later").drops_files == ()
    assert one.taps("#phieu:resume").drops_files == ()
    assert one.says("gửi").drops_files == ()


def test_a_meeting_with_a_leader_is_reached_from_the_schedule() -> None:
    """The button under the schedule begins the form with its kind named."""
    one = talk()
    outcome = one.says("lịch tiếp dân")
    assert "Hẹn gặp lãnh đạo" in titles(outcome)

    one.taps("#menu:henlanhdao")
    assert draft_of(one).likely == "tiep_dan"
