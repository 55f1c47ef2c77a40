"""What can stop the work with files; each docstring is the sentence for staff."""

from __future__ import annotations


class FilesError(Exception):
    """Không làm được việc này với tệp của người dân."""

    hint = "Xin xem danh sách bằng 'thanthien files list'."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class NoSuchFileError(FilesError):
    """Không có tệp với mã này."""

    hint = "Có thể người gửi đã được xóa dữ liệu; xin xem 'thanthien files list'."


class NotStoredError(FilesError):
    """Tệp này chưa lưu được nên chưa xem được."""

    hint = "Xin xem cột trạng thái và lý do bằng 'thanthien files list'."


class DamagedError(FilesError):
    """Tệp trên đĩa bị mất, bị cắt hoặc bị sửa nên không mở."""

    hint = "Xin giữ nguyên thư mục files, báo đơn vị hỗ trợ và xem bản sao lưu."


class OriginalOnlyError(FilesError):
    """Ảnh này không tách được nơi chụp ra khỏi tệp nên chưa cho xem bản thường."""

    hint = "Nếu công việc cần, xin lấy bản gốc bằng --original; lần xem được ghi lại."
