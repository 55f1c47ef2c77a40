"""What can stop a step of a greeting? Each docstring is the sentence for staff."""

from __future__ import annotations


class GreetingStepError(Exception):
    """Chưa làm được bước này với lời chúc."""

    hint = "Xin mở lời chúc để xem đang ở bước nào."

    def __init__(self, detail: str = "", hint: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)
        self.hint = hint or self.hint


class UnknownGreetingError(GreetingStepError):
    """Không có lời chúc này."""


class NotThisGreetingStepError(GreetingStepError):
    """Bước này chưa làm được khi lời chúc đang ở trạng thái hiện nay."""


class OtherWordsError(GreetingStepError):
    """Lời chúc đã được sửa sau bản anh/chị vừa đọc."""

    hint = "Xin đọc lại bản mới nhất rồi làm tiếp."


class BadWordsError(GreetingStepError):
    """Lời chúc còn chỗ chưa ổn nên chưa lưu được."""

    hint = "Xin sửa những chỗ được nêu rồi lưu lại."


class TooLateError(GreetingStepError):
    """Đã quá giờ cuối của ngày này nên lời chúc không gửi nữa."""

    hint = "Lời chúc muộn dễ làm phiền bà con; xin bỏ lời chúc này."


class AlreadyThereError(GreetingStepError):
    """Dịp này đã có lời chúc rồi."""
