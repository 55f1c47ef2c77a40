"""What can stop somebody from getting in; a docstring is the sentence for staff."""

from __future__ import annotations

from handlers.staff.people.errors import PeopleError


class AccessError(PeopleError):
    """Dạ, chưa vào được bàn làm việc."""

    hint = "Xin anh/chị thử lại, hoặc nhờ quản trị của đơn vị."


class WrongPasswordError(AccessError):
    """Dạ, mã cán bộ hoặc mật khẩu chưa đúng."""

    hint = "Quên mật khẩu? Xin nhờ quản trị của đơn vị gửi liên kết đặt lại."


class WrongCodeError(AccessError):
    """Dạ, mã xác thực chưa đúng hoặc đã dùng rồi."""

    hint = "Xin chờ ứng dụng đổi sang mã mới rồi nhập lại, hoặc dùng một mã dự phòng."


class LockedOutError(AccessError):
    """Dạ, đã sai nhiều lần nên tạm dừng đăng nhập."""

    hint = "Tạm dừng để giữ an toàn cho tài khoản; không cần làm gì, chỉ cần chờ."

    def __init__(self, seconds: int) -> None:
        wait = f"{seconds} giây" if seconds < _MINUTE else f"{-(-seconds // 60)} phút"
        super().__init__(
            f"Dạ, đã sai nhiều lần nên tạm dừng đăng nhập, xin thử lại sau {wait} ạ."
        )
        self.seconds = seconds


class WeakPasswordError(AccessError):
    """Dạ, mật khẩu này dễ đoán."""

    hint = "Nên ghép bốn, năm tiếng không liên quan nhau, ví dụ dài hơn 15 ký tự."


class TwiceError(AccessError):
    """Dạ, hai lần nhập mật khẩu mới chưa giống nhau."""

    hint = "Xin nhập lại cả hai ô."


class DeadLinkError(AccessError):
    """Dạ, liên kết này đã dùng rồi hoặc đã hết hạn."""

    hint = "Xin nhờ quản trị của đơn vị gửi liên kết mới."


class NoSessionError(AccessError):
    """Dạ, phiên làm việc đã kết thúc."""

    hint = "Xin đăng nhập lại."


class OwnAccountError(AccessError):
    """Dạ, việc này không tự làm với tài khoản của mình được."""

    hint = "Xin nhờ một quản trị khác."


_MINUTE = 60
