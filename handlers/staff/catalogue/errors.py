"""What can stop work on the catalogue; each docstring is the sentence for staff."""

from __future__ import annotations


class CatalogueError(Exception):
    """Không làm được việc này với danh mục thủ tục."""

    hint = "Xin kiểm tra tệp rồi nhập lại; danh mục đang dùng vẫn giữ nguyên."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class FileMissingError(CatalogueError):
    """Không mở được tệp danh mục."""

    hint = "Xin kiểm tra đường dẫn và quyền đọc tệp."


class FileKindError(CatalogueError):
    """Chưa biết cách đọc loại tệp này."""

    hint = "Xin dùng tệp .xlsx, .csv, .yml, .yaml, .jsonl hoặc .jsonl.gz."


class FileTooLargeError(CatalogueError):
    """Tệp danh mục lớn quá mức cho phép."""

    hint = "Xin chia nhỏ tệp rồi nhập từng phần."


class FileUnreadableError(CatalogueError):
    """Tệp danh mục bị hỏng hoặc không đúng định dạng."""

    hint = "Xin mở tệp, lưu lại đúng định dạng (CSV: chọn UTF-8) rồi nhập lại."


class HeaderError(CatalogueError):
    """Không tìm thấy dòng tiêu đề có cột 'Mã'."""

    hint = "Dòng tiêu đề cần có cột 'Mã' và tên các cột như tệp do lệnh xuất tạo ra."


class LayerError(CatalogueError):
    """Tệp của Cổng Dịch vụ công chỉ nhập được vào lớp quốc gia."""

    hint = "Xin bỏ --layer commune; sửa đổi riêng của xã nhập bằng xlsx, csv hoặc YAML."


class EmptyReplaceError(CatalogueError):
    """Tệp không có dòng nào dùng được nên không thể thay toàn bộ lớp."""

    hint = "Xin sửa các dòng bị từ chối, hoặc bỏ --replace."


class ChangedMeanwhileError(CatalogueError):
    """Danh mục vừa được một lần nhập khác cập nhật."""

    hint = "Xin chạy lại lệnh nhập để so với bản mới nhất."


class UnfitEditError(CatalogueError):
    """Nội dung vừa sửa chưa dùng được."""

    hint = "Nội dung anh/chị nhập còn nguyên bên dưới; xin sửa ô được nêu rồi lưu lại."


class ProcedureUnknownError(CatalogueError):
    """Không có thủ tục này trong danh mục."""

    hint = "Xin tìm lại theo tên hoặc mã trong danh mục."


class VersionUnknownError(CatalogueError):
    """Không có bản này của danh mục."""

    hint = "Xin chọn một bản trong danh sách các bản đã lưu."


class CodeTakenError(CatalogueError):
    """Mã này đã có trong danh mục."""

    hint = "Xin chọn mã khác, ví dụ XA-01, hoặc mở thủ tục có sẵn để sửa."
