"""What can stop a page; a docstring is the sentence that staff read."""

from __future__ import annotations


class ConsoleError(Exception):
    """Dạ, chưa làm được việc này."""

    status = 400
    hint = "Xin quay lại trang trước và thử lại."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class BadFormError(ConsoleError):
    """Dạ, nội dung gửi lên chưa đúng."""


class ForgedError(ConsoleError):
    """Dạ, trang này mở đã lâu hoặc yêu cầu không đến từ bàn làm việc."""

    status = 403
    hint = "Xin tải lại trang rồi làm lại; nội dung đang viết được giữ trên máy."


class NotYoursError(ConsoleError):
    """Dạ, vai trò của anh/chị không có quyền xem trang này."""

    status = 403
    hint = "Cần làm việc này? Xin nhờ quản trị của đơn vị giao thêm vai trò."


class NoPageError(ConsoleError):
    """Dạ, không có trang này."""

    status = 404
    hint = "Xin chọn một mục hoặc về trang đầu."


class LoginNeededError(ConsoleError):
    """Dạ, phiên làm việc đã kết thúc."""

    status = 401
    hint = "Xin đăng nhập lại; nội dung đang viết được giữ trên máy."
