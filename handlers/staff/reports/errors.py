"""What can stop a report; a docstring is the sentence for staff."""

from __future__ import annotations


class ReportError(Exception):
    """Dạ, chưa lập được báo cáo này."""

    hint = "Xin chọn lại kỳ báo cáo rồi thử lại."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class BadPeriodError(ReportError):
    """Dạ, kỳ báo cáo chưa đúng."""

    hint = "Ví dụ: 2026-11 là tháng 11, 2026-Q4 là quý IV, 2026 là cả năm."


class BadNumbersError(ReportError):
    """Dạ, các số chưa khớp nhau."""

    hint = (
        "Số nộp trực tuyến không lớn hơn số tiếp nhận; số đúng hạn không lớn hơn số đã"
        " giải quyết."
    )


class StaleNumbersError(ReportError):
    """Dạ, số liệu tháng này vừa được người khác nhập."""

    hint = "Xin xem số mới nhất trước khi sửa."


class CounterError(ReportError):
    """Dạ, chưa lưu được quầy này."""

    hint = "Xin đặt tên ngắn, dễ hiểu với bà con, không ghi tên người."
