"""What can stop work on accounts and roles; a docstring is the sentence for staff."""

from __future__ import annotations


class PeopleError(Exception):
    """Không làm được việc này với danh sách cán bộ."""

    hint = "Xin xem lại rồi chạy lại lệnh; danh sách cán bộ vẫn giữ nguyên."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class BadCodeError(PeopleError):
    """Mã cán bộ chỉ gồm chữ không dấu, số và các dấu . _ - (tối đa 40 ký tự)."""

    hint = "Ví dụ: canbo01. Xin không dùng họ tên làm mã: mã nằm mãi trong nhật ký."


class BadContactError(PeopleError):
    """Cách liên hệ chưa đúng."""

    hint = "Số điện thoại gồm 3 đến 15 chữ số; mã Telegram là dãy số của người dùng."


class NameMissingError(PeopleError):
    """Cần ghi họ tên của cán bộ."""

    hint = "Xin thêm --name với họ tên đầy đủ."


class CodeTakenError(PeopleError):
    """Mã cán bộ này đã có trong đơn vị."""

    hint = "Xin chọn mã khác, hoặc sửa bằng 'thanthien users change'."


class KnownCodeError(PeopleError):
    """Mã cán bộ này đang hoặc đã từng được dùng."""

    hint = "Nếu đúng là người đó, xin thêm --join; nếu là người khác, xin chọn mã khác."


class MemberUnknownError(PeopleError):
    """Không có cán bộ này trong đơn vị."""

    hint = "Xin xem mã bằng 'thanthien users list'."


class MemberLeftError(PeopleError):
    """Cán bộ này đã thôi làm việc ở đơn vị."""

    hint = "Nếu trở lại làm việc, xin dùng 'thanthien users add' với --join."


class RouteTakenError(PeopleError):
    """Tài khoản nhắn tin này đã gắn với một cán bộ khác của đơn vị."""

    hint = "Xin kiểm tra lại mã Telegram hoặc Zalo Bot."


class LastAdminError(PeopleError):
    """Đây là quản trị viên cuối cùng của đơn vị."""

    hint = "Xin giao vai trò admin cho một người khác trước."


class TooManySealedError(PeopleError):
    """Tin niêm phong chỉ giao cho một hoặc hai người."""

    hint = "Xin bỏ vai trò sealed_handler của một người trước."


class RoleClashError(PeopleError):
    """Người kiểm tra, giám sát không kiêm việc mà mình kiểm tra."""

    hint = "Xin giao auditor cho một người không có vai trò khác."


class StrangerError(PeopleError):
    """Người thực hiện không phải cán bộ đang làm việc ở đơn vị."""

    hint = "Xin xem lại --by; mã cán bộ xem bằng 'thanthien users list'."


class NotAllowedError(PeopleError):
    """Vai trò của người thực hiện không có quyền làm việc này."""

    hint = "Xin nhờ người có quyền, hoặc quản trị giao thêm vai trò."


class ChangedMeanwhileError(PeopleError):
    """Thông tin này vừa được người khác sửa."""

    hint = "Xin xem lại bản mới nhất rồi làm lại."
