"""What can stop a test of a channel; a docstring is the sentence for staff."""

from __future__ import annotations


class SettingsError(Exception):
    """Dạ, chưa làm được việc này."""

    hint = "Xin xem lại trang Cài đặt rồi thử lại."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class NoAddressError(SettingsError):
    """Dạ, anh/chị chưa có địa chỉ nhận tin trên kênh này."""

    hint = "Xin nhập mã của mình ở mục Người dùng & trực, rồi gửi thử lại."


class TooSoonError(SettingsError):
    """Dạ, vừa gửi thử hoặc kiểm tra xong."""

    hint = "Xin chờ mười giây giữa hai lần, để không làm phiền nền tảng."
