"""What stops work on the sealed queue; a docstring is the sentence for staff."""

from __future__ import annotations


class SealedError(Exception):
    """Không làm được việc này với tin niêm phong."""

    hint = "Xin xem danh sách bằng 'thanthien sealed list'."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class NotHandlerError(SealedError):
    """Tin niêm phong chỉ người được giao tiếp nhận tố cáo mở được."""

    hint = "Quản trị giao vai trò sealed_handler cho một hoặc hai người."


class TooManyHandlersError(SealedError):
    """Đang có quá hai người giữ vai trò mở tin niêm phong, nên chưa ai mở được."""

    hint = "Xin bỏ bớt vai trò sealed_handler cho còn một hoặc hai người."


class BadHandlerCodeError(SealedError):
    """Mã cán bộ chỉ gồm chữ không dấu, số và các dấu . _ - (tối đa 40 ký tự)."""

    hint = "Ví dụ: --by canbo01"


class NoSuchEntryError(SealedError):
    """Không có tin niêm phong với mã này."""


class AlreadyClosedError(SealedError):
    """Tin niêm phong này đã được kết thúc rồi."""


class DamagedEntryError(SealedError):
    """Tin niêm phong này bị hỏng hoặc khóa không đúng nên không mở được."""

    hint = "Xin kiểm tra tệp khóa của dịch vụ và bản sao lưu."
