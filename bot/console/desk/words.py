"""How do we say what a case is at, how urgent it is, and where it came from?"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.console.render import ZONE
from bot.console.table import Cell
from handlers.cases.case import QUEUE, Case, Goal, Source, State
from handlers.cases.state import NAMES
from handlers.staff.desk_list.listing import Line

CHANNELS = {
    "zalo": "Zalo",
    "facebook": "Facebook",
    "desk": "Tại quầy, điện thoại",
}
SOURCES = {
    Source.MESSAGE: "tin nhắn",
    Source.VISIT: "đến trực tiếp",
    Source.TELEPHONE: "gọi điện",
    Source.LETTER: "gửi thư",
    Source.CITY_LINE: "tổng đài thành phố",
    Source.COMMENT: "bình luận trên trang",
}
GOALS = {
    Goal.ACKNOWLEDGE: "Báo đã nhận",
    Goal.FORWARD: "Chuyển cơ quan có trách nhiệm",
    Goal.CLASSIFY: "Phân loại",
    Goal.ACCEPT: "Thụ lý",
    Goal.ANSWER: "Trả lời",
    Goal.GUIDE: "Hướng dẫn",
}
_TONES = {
    State.RECEIVED: "warn",
    State.REOPENED: "warn",
    State.RETURNED: "quiet",
    State.ANSWERED: "good",
    State.CLOSED: "quiet",
    State.TRANSFERRED: "quiet",
    State.GUIDED: "quiet",
    State.ERASED: "quiet",
}
SOON = timedelta(hours=24)
JUST_BEFORE = timedelta(milliseconds=1)


def channel_name(channel: str) -> str:
    """Return how a channel is called; its own name when it is a new one."""
    return CHANNELS.get(channel, channel)


def state_cell(case: Case) -> Cell:
    """Return where a case stands, in a colour of its own."""
    small = "chờ báo người dân" if case.is_waiting else ""
    return Cell(_upper(NAMES[case.state]), tone=_TONES.get(case.state, ""), small=small)


def due_cell(line: Line, now: datetime) -> Cell:
    """Return how much time is left: in words and in a colour."""
    return due_words(line.due_at, now, is_open=line.case.is_in_hand)


def due_words(at: datetime | None, now: datetime, *, is_open: bool) -> Cell:
    """Return how much time is left until an instant (aware)."""
    if not is_open:
        return Cell("—")
    if at is None:
        return Cell("Không tính giờ", tone="quiet")
    # A term in days ends with its day: at midnight it is still that day's.
    local, today = (at - JUST_BEFORE).astimezone(ZONE), now.astimezone(ZONE).date()
    is_whole = at.astimezone(ZONE).time() == time()
    moment = f"{at.astimezone(ZONE):%H:%M %d/%m/%Y}"
    shown = f"hết ngày {local:%d/%m/%Y}" if is_whole else moment
    days = (local.date() - today).days
    if at <= now:
        late = f"Quá hạn {-days} ngày" if days < 0 else "Quá hạn hôm nay"
        return Cell(late, tone="bad", small=shown)
    if days == 0 or at - now <= SOON:
        near = "Hạn hôm nay" if days == 0 else "Hạn ngày mai"
        return Cell(near, tone="warn", small=shown)
    return Cell(f"Còn {days} ngày", tone="good", small=shown)


def owner_name(owner: str, names: dict[str, str]) -> str:
    """Return who sees to a case, by name where it is known."""
    if owner == QUEUE:
        return "Chưa ai nhận"
    return names.get(owner, owner)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
