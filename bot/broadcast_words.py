"""How is something that will be sent told in a sentence?"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from bot.broadcast_calendar import Coming
from scheduler.occasions.rule import groups

STATES: Final = MappingProxyType(
    {
        "planned": "tới ngày mới soạn",
        "draft": "bản nháp, chờ duyệt",
        "approved": "đã duyệt, chờ tới giờ",
        "asked": "lỡ giờ, chờ quyết định",
        "sending": "đang gửi",
        "paused": "tạm dừng",
        "done": "đã xong",
    }
)


def whom(one: Coming) -> str:
    """Return who is reached, and how many at most."""
    if one.reach == "letter":
        return f"{one.people} thư"
    if one.reach != "people":
        return "đăng công khai (trang, loa, cổng)"
    names = ", ".join(groups().get(code, code) for code in one.audience)
    return f"{names or 'mọi người'}: nhiều nhất {one.people} người, và đăng công khai"


def told(one: Coming) -> str:
    """Return the line of a calendar."""
    return f"{whom(one)}. {STATES.get(one.state, one.state)}."
