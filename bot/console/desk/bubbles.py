"""How is a talk told to staff: who said what, how it was read, whether it arrived?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.policy import WINDOWS
from handlers.model import Channel
from handlers.ports import Services
from handlers.staff.desk_list.marks import Bubble, Sent
from handlers.staff.desk_list.talk import Talk

WHO = {"citizen": "Người dân", "bot": "Trợ lý", "person": "Cán bộ"}
INTENTS = {
    "ask_procedure": "hỏi thủ tục",
    "apply_online": "nộp hồ sơ trực tuyến",
    "case_status": "tra cứu hồ sơ",
    "phan_anh": "phản ánh",
    "kien_nghi": "kiến nghị, góp ý",
    "khieu_nai": "khiếu nại",
    "to_cao": "việc cần giữ kín",
    "sealed": "việc cần giữ kín",
    "emergency": "khẩn cấp",
    "hotline": "đường dây nóng",
    "office_hours": "giờ làm việc",
    "schedule": "lịch tiếp công dân",
    "home_service": "phục vụ tại nhà",
    "survey": "đánh giá phục vụ",
    "thanks": "cảm ơn",
    "greeting": "chào hỏi",
    "apology": "xin lỗi",
    "praise": "khen ngợi",
    "abuse": "lời khó nghe",
    "human": "muốn gặp cán bộ",
    "help": "cần trợ giúp",
    "opt_out": "dừng nhận tin",
    "opt_in": "nhận tin lại",
    "privacy": "dữ liệu cá nhân",
    "small_talk": "trò chuyện",
    "affirm": "đồng ý",
    "deny": "không đồng ý",
    "out_of_scope": "ngoài phạm vi",
    "form": "đang điền phiếu",
}
DECISIONS = {
    "ask": "đã hỏi lại cho rõ",
    "elsewhere": "đã chỉ nơi khác",
    "unknown": "chưa trả lời được",
}
STATES = {
    "planned": ("đang chờ gửi", "warn"),
    "claimed": ("đang gửi", "warn"),
    "sending": ("đang gửi", "warn"),
    "retry": ("nền tảng bận, đang gửi lại", "warn"),
    "accepted": ("đã gửi", "good"),
    "unknown": ("chưa rõ đã tới chưa; xin xem người dân có trả lời không", "warn"),
    "refused": ("chưa gửi được", "bad"),
    "waiting": ("chờ người dân nhắn lại mới gửi được", "warn"),
    "by_hand": ("xin gọi điện hoặc gặp để báo", "warn"),
}
RECEIPTS = {"delivered": "đã tới máy", "seen": "đã xem"}
REFUSALS = {
    "zalo_window_7d": "quá 7 ngày Zalo cho nhắn; xin gọi điện hoặc chờ người dân nhắn",
    "facebook_window_24h": "quá thời gian Facebook cho nhắn; xin gọi điện hoặc chờ",
    "facebook_comment_late": "quá hạn trả lời bình luận",
    "opted_out": "người dân đã dừng nhận tin; xin gọi điện nếu cần",
    "erased": "người dân đã xóa dữ liệu",
    "superseded": "đã thay bằng tin khác",
    "echo_seen": "bản gửi đầu đã tới nên không gửi lại",
    "channel_not_configured": "kênh này chưa nối; xin báo quản trị",
    "withdrawn": "người dân đã rút đồng ý",
}
FILES = {"image": "Ảnh", "video": "Đoạn phim", "audio": "Ghi âm", "file": "Tệp"}
FILE_STATES = {
    "wanted": "đang tải về",
    "refused": "không nhận được (loại tệp hoặc mã độc)",
    "gone": "nền tảng không còn giữ",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One bubble as the template shows it; ``tone`` colours ``sent``."""

    one: Bubble
    who: str
    read: str
    sent: str
    tone: str
    file: str = ""
    src: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Whether a person may write now, until when (aware), and what to do if not."""

    is_open: bool
    until: datetime | None = None
    why: str = ""


def shown(talk: Talk, services: Services, base: str) -> list[Shown]:
    """Return the bubbles; pictures lie below ``base``."""
    return [_shown(one, services, base) for one in talk.bubbles]


def _shown(one: Bubble, services: Services, base: str) -> Shown:
    if one.is_hidden:
        return Shown(one, WHO[one.side], "", "", "")
    sent, tone = _sent(one.sent) if one.sent else ("", "")
    file, src = "", ""
    if one.file is not None:
        name = FILES.get(one.file.kind, "Tệp")
        state = FILE_STATES.get(one.file.state, "")
        file = f"{name}: {state}" if state else name
        src = f"{base}/{one.file.file_id}" if one.file.state == "stored" else ""
    return Shown(one, WHO[one.side], _read(one.read, services), sent, tone, file, src)


def _sent(sent: Sent) -> tuple[str, str]:
    words, tone = STATES.get(sent.state, (sent.state, "warn"))
    if sent.receipt:
        return f"{words}, {RECEIPTS.get(sent.receipt, sent.receipt)}", "good"
    if sent.state == "refused":
        return f"{words}: {REFUSALS.get(sent.code, _platform(sent.code))}", tone
    return words, tone


def _platform(code: str) -> str:
    told = f"nền tảng từ chối (mã {code})" if code else "nền tảng từ chối"
    return f"{told}; xin gọi điện hoặc gửi lại sau"


def _read(read: Mapping[str, Any] | None, services: Services) -> str:
    if not read:
        return ""
    intent = INTENTS.get(str(read.get("intent", "")), "")
    code = str(read.get("code", ""))
    found = services.catalogue.get(code) if code else None
    share = read.get("confidence")
    parts = [intent]
    if found is not None and intent in ("", INTENTS["ask_procedure"]):
        sure = f" ({round(int(share) / 10)}%)" if isinstance(share, int) else ""
        parts = [f"hỏi “{found.name}”{sure}"]
    parts.append(DECISIONS.get(str(read.get("decision", "")), ""))
    return ", ".join(part for part in parts if part)


def window(talk: Talk, now: datetime) -> Window:
    """Return whether the platform takes a person's words, and until when."""
    if talk.channel not in {c.value for c in WINDOWS}:
        return Window(False, why="Người dân không nhắn tin: xin gọi điện hoặc gặp.")
    if talk.last_at is None:
        return Window(False, why="Người dân chưa nhắn lần nào: xin gọi điện, gặp.")
    span: timedelta = WINDOWS[Channel(talk.channel)].human
    until = talk.last_at + span
    if now <= until:
        return Window(True, until)
    name = "Zalo" if talk.channel == Channel.ZALO else "Facebook"
    return Window(
        False,
        until,
        f"Người dân nhắn lần cuối đã hơn {span.days} ngày nên {name} chưa cho gửi tin."
        " Lời về hồ sơ được giữ lại và tự gửi khi người dân nhắn; cần ngay thì xin gọi"
        " điện.",
    )
