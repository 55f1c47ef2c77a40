"""Which phrases may a commune not say to people? "4 xin, 4 luôn, 5 không"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CURT: Mapping[str, str] = MappingProxyType(
    {
        "không biết": "em xin phép hỏi lại cán bộ",
        "không rõ": "em xin kiểm tra lại",
        "tự tìm": "em xin gửi",
        "tự túc": "em xin hướng dẫn",
        "chờ đi": "xin đợi em một chút",
        "phải chờ đợi": "xin đợi",
        "bắt buộc": "cần có",
        "yêu cầu anh": "nhờ anh",
        "yêu cầu ông": "nhờ ông",
        "đề nghị công dân": "nhờ anh/chị",
        "công dân phải": "anh/chị cần",
        "nghiêm cấm": "xin không",
        "không được phép": "xin chưa",
        "không hợp lệ": "chưa đúng",
        "sai rồi": "chưa đúng",
        "đừng": "xin không, mong anh/chị không",
        "ngươi": "anh/chị",
        "mày": "anh/chị",
        "hệ thống lỗi": "em xin lỗi, em chưa làm được",
        "không thuộc thẩm quyền": "việc này do cơ quan khác giải quyết, em xin chỉ nơi",
        "kính chuyển": "xin chuyển",
        "quý công dân": "anh/chị",
        "huyện": "xã, tỉnh (từ 01/07/2025 không còn cấp huyện)",
        "thị trấn": "xã (từ 01/07/2025 không còn thị trấn)",
    }
)
"""What is curt or bureaucratic -> what to say instead."""


def curt(text: str) -> tuple[str, ...]:
    """Return a sentence for each phrase at fault."""
    small = f" {' '.join(text.lower().split())} "
    return tuple(
        f"Xin tránh “{phrase}”; có thể viết: {instead}."
        for phrase, instead in CURT.items()
        if any(f" {phrase}{end}" in small for end in " .,;:!?…”\n")
    )
