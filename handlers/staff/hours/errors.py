"""What can stop a change of hours or days; a docstring is the sentence to staff."""

from __future__ import annotations


class HoursError(Exception):
    """Dạ, chưa lưu được giờ làm việc, ngày nghỉ này."""

    hint = "Nội dung vừa nhập còn nguyên bên dưới; xin sửa rồi thử lại."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class UnfitHoursError(HoursError):
    """Giờ làm việc chưa đúng."""

    hint = "Xin viết như 07:30-11:30, 13:30-17:00; ngày không làm thì để trống."


class BadDayError(HoursError):
    """Ngày chưa đúng."""

    hint = "Xin chọn ngày trong lịch, hoặc viết như 31/12/2026."


class PastDayError(HoursError):
    """Ngày đã qua thì không sửa được: hạn của hồ sơ đã tính theo ngày ấy."""

    hint = "Xin chọn ngày từ hôm nay trở đi."


class TooFarError(HoursError):
    """Ngày ở quá xa."""

    hint = "Xin chọn ngày trong vòng hai năm tới, mỗi lần nhiều nhất 31 ngày liền."


class NothingToDoError(HoursError):
    """Lịch đang đúng như vậy rồi nên không có gì để lưu."""

    hint = "Xin xem lại ngày, giờ vừa nhập."


class VersionGoneError(HoursError):
    """Không có bản lịch này."""

    hint = "Xin chọn lại trong các bản đã lưu."
