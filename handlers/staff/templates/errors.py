"""What can stop a choice of template? Each docstring is the sentence for staff."""

from __future__ import annotations


class TemplateStepError(Exception):
    """Chưa chọn được mẫu tin này."""

    hint = "Xin xem lại danh sách mẫu rồi chọn lại."

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class UnknownTemplateError(TemplateStepError):
    """Không có mẫu tin này."""

    hint = "Xin bấm 'Đọc lại từ Zalo' rồi chọn lại."


class NotApprovedError(TemplateStepError):
    """Mẫu tin chưa được Zalo duyệt nên chưa dùng được."""

    hint = "Khi Zalo duyệt, danh sách tự cập nhật; xin chờ rồi chọn lại."


class MissingFieldError(TemplateStepError):
    """Còn tham số của mẫu chưa biết lấy từ đâu."""

    hint = "Mỗi tham số xin ghi tên trường của thư, hoặc dấu = rồi tới chữ cố định."
