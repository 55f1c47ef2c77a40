"""What can be wrong with a letter? Each docstring is the sentence, ``hint`` what to do.

Every sentence is read by the officer who writes the letter.
"""

from __future__ import annotations


class LetterError(Exception):
    """Chưa soạn được thư."""

    hint = "Xin xem các loại thư bằng 'thanthien letters kinds'."

    def __init__(self, detail: str = "", hint: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text.removesuffix('.')}: {detail}." if detail else text)
        self.hint = hint or self.hint


class UnknownLetterError(LetterError):
    """Không có loại thư này."""


class MissingDataError(LetterError):
    """Thư còn thiếu dữ liệu bắt buộc."""

    hint = "Xin bổ sung mục đó vào tệp dữ liệu rồi làm lại."


class BadDataError(LetterError):
    """Dữ liệu của thư có mục chưa dùng được."""

    hint = "Xin sửa mục đó trong tệp dữ liệu rồi làm lại."


class BadKindError(LetterError):
    """Khai báo loại thư chưa đúng."""

    hint = "Xin sửa tệp kinds.yml của loại thư; xem docs/viet-thu.md."


class BadTemplateError(LetterError):
    """Mẫu thư viết chưa đúng nên chưa dùng được."""

    hint = "Xin sửa mẫu thư rồi chạy 'thanthien letters lint'."
