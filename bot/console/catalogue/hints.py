"""Which hint helps on a page? One that names a command of the server does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

from handlers.staff.learning.errors import (
    AlreadyApprovedError,
    LabelMissingError,
    LabelUnknownError,
)
from handlers.staff.roster.errors import (
    NotYoursError,
    SheetEmptyError,
    SheetHeaderError,
)

PLAIN = "Xin tải lại trang, xem rồi làm lại; chưa có gì thay đổi."
HINTS: Mapping[type[Exception], str] = {
    LabelMissingError: "Xin chọn một thủ tục, hoặc một việc khác, rồi duyệt.",
    LabelUnknownError: "Xin xem mã trong danh mục thủ tục.",
    AlreadyApprovedError: "Câu này đã có trong Câu đã dạy; xin viết khác, hoặc bỏ câu.",
    NotYoursError: "Xin nhờ người giữ bảng trực làm giúp.",
    SheetHeaderError: "Xin tải tệp mẫu ở trang này về rồi điền vào.",
    SheetEmptyError: "Xin sửa các dòng bị từ chối, hoặc bỏ chọn phần thay cả ngày.",
}


class Hinted(Protocol):
    """An error with a sentence and a hint."""

    hint: str


E = TypeVar("E", bound=Hinted)


def on_page(error: E) -> E:
    """Return the error with a hint for who reads it on a page."""
    special = HINTS.get(type(error))  # type: ignore[arg-type]
    if special or "thanthien" in error.hint or "--" in error.hint:
        error.hint = special or PLAIN
    return error
