"""In which words do the pages of learning speak of intents, sources and refusals?"""

from __future__ import annotations

from collections.abc import Mapping

from bot.cli.nlu_learning_words import REFUSED, SOURCES, STATUS, share
from nlu.artefact import MEANS
from nlu.model import Intent

INTENTS: Mapping[str, str] = {
    Intent.APPLY_ONLINE: "Nộp hồ sơ trực tuyến",
    Intent.CASE_STATUS: "Xem hồ sơ, phản ánh tới đâu",
    Intent.PHAN_ANH: "Phản ánh hiện trường",
    Intent.KIEN_NGHI: "Kiến nghị, góp ý",
    Intent.KHIEU_NAI: "Khiếu nại",
    Intent.TO_CAO: "Tố cáo",
    Intent.EMERGENCY: "Việc khẩn cấp",
    Intent.HOTLINE: "Số điện thoại",
    Intent.OFFICE_HOURS: "Giờ làm việc",
    Intent.SCHEDULE: "Lịch tiếp dân, lịch trực",
    Intent.HOME_SERVICE: "Phục vụ tại nhà",
    Intent.SURVEY: "Đánh giá, khảo sát",
    Intent.THANKS: "Cảm ơn",
    Intent.GREETING: "Chào hỏi",
    Intent.APOLOGY: "Xin lỗi",
    Intent.PRAISE: "Khen",
    Intent.ABUSE: "Lời nóng giận",
    Intent.HUMAN: "Muốn gặp cán bộ",
    Intent.HELP: "Hỏi trợ lý làm được gì",
    Intent.OPT_OUT: "Không nhận tin nữa",
    Intent.OPT_IN: "Nhận tin lại",
    Intent.PRIVACY: "Dữ liệu cá nhân",
    Intent.SMALL_TALK: "Chuyện trò",
    Intent.AFFIRM: "Đồng ý",
    Intent.DENY: "Từ chối",
    Intent.OUT_OF_SCOPE: "Việc của nơi khác",
}


def label_name(label: str, names: Mapping[str, str]) -> str:
    """Return what a label stands for: a procedure's name, an intent, a meaning."""
    if label.startswith(MEANS):
        return f"nghĩa là “{label.removeprefix(MEANS)}”"
    return names.get(label) or INTENTS.get(label) or label or "chưa rõ"


__all__ = ["INTENTS", "REFUSED", "SOURCES", "STATUS", "label_name", "share"]
