"""What can be wrong on the side of the clock; each docstring is the message."""

from __future__ import annotations


class SchedulerError(Exception):
    """Lịch làm việc có chỗ chưa dùng được."""

    hint = "Xin kiểm tra lại lịch làm việc của đơn vị trong cấu hình."

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class BadDayError(SchedulerError):
    """Tên ngày trong giờ làm việc chưa đúng; xin viết t2 … t7, cn hoặc t2-t6."""


class BadSpanError(SchedulerError):
    """Khoảng giờ làm việc chưa đúng; xin viết như 07:30-11:30, không chồng lên nhau."""


class BadDateError(SchedulerError):
    """Ngày nghỉ hoặc ngày làm bù chưa đúng; xin viết như 2026-11-24 hoặc 24/11/2026."""


class NoLunarDateError(SchedulerError):
    """Không có ngày âm lịch này, hoặc ngày nằm ngoài các năm 1900 đến 2199."""

    hint = "Xin xem lại ngày, tháng, tháng nhuận."


class BadYearError(SchedulerError):
    """Năm chưa đúng; xin viết một năm dương lịch từ 1900 đến 2199."""

    hint = "Ví dụ: thanthien calendar year 2026"


class BadMomentError(SchedulerError):
    """Ngày giờ chưa đúng."""

    hint = "Xin viết như 2026-11-24 hoặc 2026-11-24T21:30 (giờ Việt Nam)."


class NoWorkingDayError(SchedulerError):
    """Không tìm được ngày làm việc nào trong thời gian hợp lý."""

    hint = "Xin xem lại các ngày nghỉ riêng (days_off) của đơn vị."


class BadDataError(SchedulerError):
    """Dữ liệu lịch hoặc thời hạn có dòng chưa đúng."""

    hint = "Xin sửa dòng được nêu trong tệp dữ liệu."


class UnknownRuleError(SchedulerError):
    """Không có thời hạn nào mang mã này."""


class NotInForceError(SchedulerError):
    """Quy định này chưa có hoặc không còn hiệu lực vào ngày nhận."""

    hint = "Xin xem lại ngày nhận, hoặc bổ sung quy định của thời gian đó."


class NoExtensionError(SchedulerError):
    """Quy định không cho gia hạn như vậy."""

    hint = "Xin chọn một trong các trường hợp gia hạn mà quy định nêu."


class NoPauseError(SchedulerError):
    """Quy định không cho tạm dừng thời hạn vì lý do hoặc vào thời gian này."""

    hint = "Xin chọn một trong các lý do tạm dừng mà quy định nêu."
