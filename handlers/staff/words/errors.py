"""What can stop a change of words; each docstring is the sentence for staff."""

from __future__ import annotations


class WordingError(Exception):
    """Dạ, chưa lưu được câu này."""

    hint = "Nội dung đang viết còn nguyên bên dưới; xin sửa rồi lưu lại."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class SentenceUnknownError(WordingError):
    """Không có câu này."""

    hint = "Xin chọn lại trong danh sách."


class UnfitSentenceError(WordingError):
    """Câu này chưa dùng được."""


class WordedMeanwhileError(WordingError):
    """Câu này vừa được người khác sửa."""

    hint = "Xin mở bản mới nhất."
