"""What can be wrong with the commune's words; each docstring is the message."""

from __future__ import annotations


class WordsError(Exception):
    """Các câu trả lời có chỗ chưa dùng được."""

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class UnknownSentenceError(WordsError):
    """Không có câu nào mang tên này."""


class BadSentenceError(WordsError):
    """Câu này viết chưa đúng nên không dùng được."""


class SameSentenceError(WordsError):
    """Hai câu mang cùng một tên."""


class BadFormError(WordsError):
    """Mẫu đơn có dòng viết chưa đúng."""
