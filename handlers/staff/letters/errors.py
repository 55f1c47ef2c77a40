"""What can stop a step of a letter? Each docstring is the sentence for staff."""

from __future__ import annotations


class LetterStepError(Exception):
    """Chưa làm được bước này với thư."""

    hint = "Xin mở thư để xem thư đang ở bước nào."

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class NotThisStepError(LetterStepError):
    """Bước này chưa làm được khi thư đang ở trạng thái hiện nay."""


class NobodyError(LetterStepError):
    """Bước này phải do một người có tên thực hiện."""

    hint = "Xin đăng nhập bằng tài khoản của mình rồi làm lại."


class OtherVersionError(LetterStepError):
    """Thư đã được sửa sau bản anh/chị vừa đọc, nên chưa duyệt được."""

    hint = "Xin đọc lại bản mới nhất rồi duyệt."
