"""In which words does ``thanthien nlu`` speak of learning?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.clock import from_ms
from bot.policy import LOCAL
from handlers.model import LessonSource
from nlu.gate import Refusal
from storage.nlu_models import CANDIDATE, LIVE, RETIRED

SOURCES: Mapping[str, str] = {
    LessonSource.PICKED: "người dân chọn",
    LessonSource.REJECTED: "người dân báo không đúng",
    LessonSource.CORRECTED: "người dân nói lại",
    LessonSource.STAFF: "cán bộ dạy",
    LessonSource.UNANSWERED: "chưa ai trả lời được",
}
STATUS: Mapping[str, str] = {
    CANDIDATE: "đang chờ",
    LIVE: "đang dùng",
    RETIRED: "đã thôi dùng",
}
REFUSED: Mapping[Refusal, str] = {
    Refusal.NOTHING_NEW: "không có gì mới",
    Refusal.HELD_LOST: "hiểu sai câu bắt buộc phải đúng",
    Refusal.WORSE_FIRST: "tìm đúng thủ tục kém hơn trên bộ câu hỏi kiểm tra",
    Refusal.WORSE_INTENTS: "nhận ý định kém hơn trên bộ câu hỏi kiểm tra",
    Refusal.WORSE_OUTSIDE: "nhận việc của cơ quan khác kém hơn",
    Refusal.NOTHING_GAINED: "chưa hiểu thêm được gì so với bản đang dùng",
    Refusal.TAKEN_BACK: "đúng các câu mẫu của một mô hình đã bị lùi lại",
}


def when(at: int) -> str:
    """Return a time (UTC ms) as staff read it, local."""
    return f"{from_ms(at).astimezone(LOCAL):%d/%m/%Y %H:%M}"


def share(value: float | None) -> str:
    """Return a share as a percentage."""
    return "–" if value is None else f"{100 * value:.1f}%".replace(".", ",")
