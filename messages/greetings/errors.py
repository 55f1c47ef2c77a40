"""What can be wrong with the words of a greeting? Each docstring is the sentence."""

from __future__ import annotations


class GreetingError(Exception):
    """Chưa soạn được lời chúc."""

    hint = "Xin xem docs/loi-chuc.md."

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text.removesuffix('.')}: {detail}." if detail else text)


class BadWordingError(GreetingError):
    """Mẫu lời chúc viết chưa đúng nên chưa dùng được."""

    hint = "Xin sửa messages/greetings/texts.yml rồi chạy 'thanthien greetings lint'."
