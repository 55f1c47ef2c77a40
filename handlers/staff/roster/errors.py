"""What can stop work on the roster; each docstring is the sentence for staff."""

from __future__ import annotations

from handlers.staff.people.errors import PeopleError


class RosterError(PeopleError):
    """Không làm được việc này với bảng trực."""

    hint = "Xin xem lại rồi chạy lại lệnh; bảng trực vẫn giữ nguyên."


class BadSlotError(RosterError):
    """Ngày, buổi, kênh hoặc lĩnh vực của ca trực chưa đúng."""

    hint = "Buổi: sáng, chiều, tối, ngoài giờ. Kênh: hotline, zalo, facebook, web, …"


class PastDayError(RosterError):
    """Ca trực của ngày đã qua được giữ làm minh chứng nên không sửa được."""

    hint = "Xin chọn từ ngày hôm nay trở đi."


class ShiftMissingError(RosterError):
    """Không có ca trực này."""

    hint = "Xin xem các ca bằng 'thanthien roster show'."


class SamePersonError(RosterError):
    """Người trực và người trực thay phải là hai người khác nhau."""

    hint = "Xin chọn người khác."


class BadLeaveError(RosterError):
    """Thời gian nghỉ chưa đúng."""

    hint = "Ngày đầu không sau ngày cuối, và nghỉ không quá 366 ngày."


class LeaveMissingError(RosterError):
    """Không có lịch nghỉ này."""

    hint = "Xin xem mã bằng 'thanthien roster leave list'."


class NotYoursError(RosterError):
    """Việc này dành cho chính người liên quan hoặc người quản lý bảng trực."""

    hint = "Xin xem lại --by."


class SwapMissingError(RosterError):
    """Không có yêu cầu đổi ca này."""

    hint = "Xin xem mã bằng 'thanthien roster swap list'."


class SwapEndedError(RosterError):
    """Yêu cầu đổi ca này đã xong hoặc ca trực đã đổi người."""

    hint = "Xin xem lại bằng 'thanthien roster swap list'."


class SheetFileError(RosterError):
    """Không đọc được tệp bảng trực."""

    hint = "Xin dùng tệp .xlsx, hoặc .csv lưu theo UTF-8, không quá 1.500 dòng."


class SheetHeaderError(RosterError):
    """Không tìm thấy dòng tiêu đề có cột 'Ngày', 'Buổi' và 'Người trực'."""

    hint = "Xin lấy tệp mẫu bằng 'thanthien roster export' rồi điền vào."


class SheetEmptyError(RosterError):
    """Tệp không có dòng nào dùng được nên không thể thay các ca của những ngày đó."""

    hint = "Xin sửa các dòng bị từ chối, hoặc bỏ --replace."


class SheetNotWrittenError(RosterError):
    """Không ghi được tệp."""

    hint = "Xin kiểm tra thư mục và quyền ghi."
