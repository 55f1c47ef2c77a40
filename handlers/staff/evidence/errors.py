"""What can go wrong around the log; each docstring is the message."""

from __future__ import annotations


class EvidenceDeskError(Exception):
    """Không làm được với nhật ký minh chứng."""

    hint = ""

    def __init__(self, text: str = "", hint: str = "") -> None:
        super().__init__(text or (self.__doc__ or "").strip())
        self.hint = hint or type(self).hint


class NotFoundError(EvidenceDeskError):
    """Không tìm thấy mục minh chứng này."""

    hint = "Xin xem lại mã; mục vừa ghi có thể cần vài giây để vào nhật ký."


class FolderNotEmptyError(EvidenceDeskError):
    """Thư mục xuất ra đã có tệp."""

    hint = "Xin chọn một thư mục mới hoặc còn trống."


class LogBrokenError(EvidenceDeskError):
    """Nhật ký minh chứng không còn khớp với điều đã ký trước đó."""

    hint = "Xin chạy 'thanthien evidence verify' để biết chỗ sai và giữ nguyên dữ liệu."


class BadFileError(EvidenceDeskError):
    """Tệp mốc kiểm chứng không đọc được."""

    hint = "Tệp cần ba dòng: tên nhật ký, số mục, mã gốc (như trên trang in có mã QR)."


class BadRootsError(EvidenceDeskError):
    """Tệp chứng thư gốc của dịch vụ dấu thời gian không đọc được."""

    hint = "Xin chỉ tệp PEM có chứng thư gốc (và trung gian nếu có)."
