"""How does a matter look to staff in each state?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.cases.case import QUEUE
from handlers.cases.state import NAMES
from handlers.ports import Words
from handlers.staff.desk import CARD, Act, StaffChannel
from handlers.staff.handover.casework import CaseAt, acts
from handlers.staff.handover.model import Ticket

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
WAITING = (Act.TAKE, Act.REPLY, Act.FORWARD, Act.CLOSE)
TAKEN = (Act.REPLY, Act.FORWARD, Act.CLOSE)
KINDS: Mapping[str, str] = {
    "gap_can_bo": "gặp cán bộ",
    "phan_anh": "phản ánh",
    "kien_nghi": "kiến nghị, góp ý",
    "phuc_vu_tai_nha": "phục vụ tại nhà",
    "gop_y": "góp ý",
    "khen_ngoi": "khen ngợi, cảm ơn",
    "pakn": "phản ánh, kiến nghị về quy định",
    "yeu_cau_thong_tin": "yêu cầu thông tin",
    "tiep_dan": "hẹn gặp lãnh đạo",
    "binh_luan": "bình luận dưới bài của trang",
    "binh_luan_gap": "bình luận gấp dưới bài của trang",
}
OTHER = "việc cần cán bộ"
NOTICES: Mapping[str, str] = {
    "message_set_aside": "một tin của bà con chưa xử lý được, đã giữ riêng",
    "send_refused": "một tin gửi bà con bị nền tảng từ chối",
    "send_unknown": "một tin gửi bà con chưa rõ đã tới hay chưa",
    "token_reauthorise": "nền tảng cần cấp quyền lại",
    "token_expires_soon": "quyền gửi tin sắp hết hạn",
    "stuck": "có việc chờ quá lâu trong hàng đợi",
    "spool_file_set_aside": "có tệp tạm không đọc được",
    "file_gone": "một tệp của bà con không tải được",
    "file_virus": "một tệp của bà con có mã độc, đã chặn",
    "file_host_unknown": "một tệp nằm ở địa chỉ lạ, chưa tải",
    "files_disk_full": "ổ đĩa đầy nên chưa tải được tệp của bà con",
    "files_scanner_away": "bộ quét mã độc không chạy nên chưa tải được tệp",
    "nlu_model_damaged": "một bản đã học bị hỏng, đang dùng bản trước",
    "case_joined": "người dân báo việc của mình trùng một việc đang mở",
    "comment_urgent": "một bình luận dưới bài nói tới việc khẩn cấp, xin xem ngay",
    "comment_to_look_at": "một bình luận dưới bài cần người xem trên trang",
    "comment_edited": "một bình luận đã sửa sau khi cán bộ xem",
    "comment_removed": "một bình luận đã được gỡ sau khi cán bộ xem",
    "roster_gap": "lịch trực có buổi chưa có ai",
    "roster_standby_only": "có buổi chỉ có người trực thay",
    "roster_gone": "người trong lịch trực đã thôi việc",
    "roster_on_leave": "người trong lịch trực đang nghỉ",
    "roster_unreachable": "người trong lịch trực chưa có cách liên hệ",
    "case_due_soon": "một hồ sơ sắp đến hạn",
    "case_due_today": "một hồ sơ đến hạn hôm nay",
    "case_step_missed": "một hồ sơ chưa được làm bước tiếp theo đúng hạn",
    "case_overdue": "một hồ sơ đã quá hạn trả lời",
    "apology_proposed": "một hồ sơ trả lời muộn, xin xem thư xin lỗi",
    "escalation_late": "có việc nhắc hạn chưa chạy, xin kiểm tra ngay",
    "digest": "báo cáo đầu ngày",
    "letter_waiting": "một lá thư đang chờ lãnh đạo duyệt",
    "greeting_drafted": "có lời chúc soạn sẵn, mong anh/chị đọc và trình duyệt",
    "greeting_unapproved": "một lời chúc sắp tới ngày mà chưa được duyệt",
    "greeting_waits": "một lời chúc đã tới giờ mà chưa được duyệt",
    "greeting_asked": "một lời chúc đã lỡ giờ, xin quyết định gửi hay bỏ",
    "greeting_missed": "một lời chúc đã qua ngày nên không gửi",
    "greeting_page": "bài chúc trên trang chưa đăng được hoặc chưa rõ, xin xem trang",
    "greeting_article": "bài chúc trên Zalo chưa gửi hoặc chưa rõ, xin xem Zalo OA",
    "greeting_report": "đợt gửi lời chúc đã xong, có tin chưa tới người dân",
    "fire_missed": "một việc theo lịch đã bị lỡ, xin quyết định chạy bù hay bỏ",
    "fire_failed": "một việc theo lịch làm nhiều lần chưa được",
    "case_recorded": "cán bộ vừa ghi hộ một việc của bà con, mong người trực nhận giúp",
    "case_assigned": "một hồ sơ vừa được giao, mong người phụ trách xem giúp",
    "case_mentioned": "đồng nghiệp nhắc tên anh/chị trong ghi chú của một hồ sơ",
    "case_added": "bà con vừa bổ sung thêm vào hồ sơ của mình",
    "case_draft_waiting": "một bản trả lời đang chờ lãnh đạo duyệt",
    "case_draft_rejected": "bản trả lời được lãnh đạo góp ý, mong anh/chị sửa giúp",
    "case_reopened": "một hồ sơ được mở lại để xem xét tiếp cho bà con",
}
CASE_NOTICES = frozenset(
    {
        "case_recorded",
        "case_assigned",
        "case_mentioned",
        "case_added",
        "case_draft_waiting",
        "case_draft_rejected",
        "case_reopened",
    }
)
"""Notices about a case, which is their subject; all else of them stays inside."""
MOST_DETAILS = 10


def kind_name(kind: str) -> str:
    """Return how a kind is called."""
    return KINDS.get(kind, OTHER)


def notice_name(kind: str) -> str:
    """Return what a notice of that kind is about; the kind itself when not known."""
    return NOTICES.get(kind, kind)


def notice_lines(told: Sequence[tuple[str, str]]) -> str:
    """Return a line for each kind of (kind, detail), with how many there are."""
    by_kind: dict[str, list[str]] = {}
    for kind, detail in told:
        by_kind.setdefault(kind, []).append(detail)
    return "\n".join(_line(kind, found) for kind, found in by_kind.items())


def _line(kind: str, details: Sequence[str]) -> str:
    number = f" ({len(details)})" if len(details) > 1 else ""
    shown = list(dict.fromkeys(one for one in details if one))
    rest = "; …" if len(shown) > MOST_DETAILS else ""
    listed = "; ".join(shown[:MOST_DETAILS])
    return f"- {notice_name(kind)}{number}" + (f": {listed}{rest}" if listed else "")


def moment(at: datetime) -> str:
    """Return an instant as the commune's clock shows it."""
    return f"{at.astimezone(LOCAL):%H:%M ngày %d/%m}"


def open_card(ticket: Ticket, desk: StaffChannel, words: Words) -> str:
    """Begin the topic of a matter; return its id."""
    text = words.say(
        "desk.card", due=moment(ticket.due), link=ticket.link, **_facts(ticket)
    )
    title = f"{ticket.code} · {kind_name(ticket.kind)}"
    return desk.open_topic(ticket.ref, title, text, ticket.link, WAITING)


def show_taken(
    ticket: Ticket, desk: StaffChannel, words: Words, who: str, until: datetime
) -> None:
    """Show who answers, and until when the bot is silent."""
    text = words.say("desk.card_taken", who=who, until=moment(until), **_facts(ticket))
    desk.edit(ticket.ref, CARD, text, TAKEN)


def show_forwarded(ticket: Ticket, desk: StaffChannel, words: Words, who: str) -> None:
    """Show that somebody else is wanted; said anew, so that phones ring."""
    text = words.say("desk.card_forwarded", who=who, **_facts(ticket))
    desk.post(ticket.ref, text, WAITING)


def show_closed(ticket: Ticket, desk: StaffChannel, words: Words, who: str) -> None:
    """Show the end, without buttons, and close the topic."""
    facts = {name: _facts(ticket)[name] for name in ("code", "kind")}
    desk.edit(ticket.ref, CARD, words.say("desk.card_closed", who=who, **facts))
    desk.close_topic(ticket.ref)


def show_case(
    ticket: Ticket, at: CaseAt, desk: StaffChannel, words: Words, until: datetime | None
) -> None:
    """Show a case as it stands, with the steps that can be made now.

    ``until`` is when the bot's silence ends, None when it is not silent.
    """
    draft = at.case.draft.by if at.case.draft and at.has_waiting_draft else ""
    owner = "" if at.case.owner == QUEUE else at.case.owner
    text = words.say(
        "desk.card_case",
        owner=owner,
        state=NAMES[at.case.state],
        draft=draft,
        due=_due(at),
        until=moment(until) if until else "",
        **_facts(ticket),
    )
    desk.edit(ticket.ref, CARD, text, acts(at))


def show_again(ticket: Ticket, at: CaseAt, desk: StaffChannel, words: Words) -> None:
    """Show a case that was opened again; said anew, so that phones ring."""
    facts = {"due": _due(at), **_facts(ticket)}
    text = words.say("desk.card_again", **facts)
    desk.post(ticket.ref, text, acts(at))


def show_passed(
    ticket: Ticket, at: CaseAt, desk: StaffChannel, words: Words, who: str
) -> None:
    """Show to whom a case went; said anew, so that phones ring."""
    facts = {"who": who, "to": at.case.owner, "due": _due(at)}
    desk.post(
        ticket.ref, words.say("desk.card_passed", **facts, **_facts(ticket)), acts(at)
    )


def show_ended(ticket: Ticket, desk: StaffChannel, words: Words) -> None:
    """Show that a case ended elsewhere, and close its topic."""
    facts = {name: _facts(ticket)[name] for name in ("code", "kind")}
    desk.edit(ticket.ref, CARD, words.say("desk.card_ended", **facts))
    desk.close_topic(ticket.ref)


def show_more(ticket: Ticket, desk: StaffChannel, words: Words) -> None:
    """Pass on that the citizen wrote again; ``summary`` is of the new words."""
    key = "desk.more" if ticket.summary else "desk.more_sealed"
    text = words.say(key, **_facts(ticket))
    desk.post(ticket.ref, text, (Act.REPLY,))


def _due(at: CaseAt) -> str:
    clock = at.case.due
    day = clock.date if clock is not None else None
    return f"{day:%d/%m/%Y}" if day else ""


def _facts(ticket: Ticket) -> dict[str, object]:
    return {
        "is_full": ticket.is_full,
        "code": ticket.code,
        "kind": kind_name(ticket.kind),
        "summary": ticket.summary,
    }
