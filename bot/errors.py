"""What can stop the service or a command; each has a sentence and a hint.

The texts are Vietnamese: a commune officer reads them.
"""

from __future__ import annotations


class BotError(Exception):
    """Dạ, đã có lỗi ngoài dự kiến."""

    hint = "Xin xem nhật ký hoặc chạy 'thanthien check'."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or ""))
        self.hint = hint or self.hint


class ConfigError(BotError):
    """Cấu hình chưa đúng."""

    hint = "Xin sửa tệp cấu hình rồi chạy lại; xem mẫu trong config.yml."


class ConfigMissingError(ConfigError):
    """Không tìm thấy tệp cấu hình."""

    hint = "Xin chép config.yml mẫu về đây, hoặc chỉ đường dẫn bằng --config."


class PortBusyError(BotError):
    """Cổng mạng đang có chương trình khác dùng."""

    hint = "Xin tắt chương trình kia hoặc đổi server.port trong cấu hình."


class NotSharedError(BotError):
    """Nhiều tiến trình chỉ chạy chung được trên PostgreSQL."""

    hint = (
        "Xin dùng 'thanthien run' cho cơ sở dữ liệu nhúng, hoặc đặt storage.url là"
        " postgresql://…"
    )


class FolderError(BotError):
    """Thư mục dữ liệu không ghi được."""

    hint = "Xin cấp quyền ghi cho thư mục hoặc chọn thư mục khác trong storage.url."


class DatabaseBusyError(BotError):
    """Một tiến trình khác đang dùng cơ sở dữ liệu này."""

    hint = "Xin tắt tiến trình đó trước (chỉ một 'thanthien run' cho mỗi tệp dữ liệu)."


class DatabaseError(BotError):
    """Chưa kết nối được cơ sở dữ liệu."""

    hint = "Xin kiểm tra storage.url và máy chủ cơ sở dữ liệu."


class SchemaOutdatedError(BotError):
    """Cơ sở dữ liệu chưa ở phiên bản mới nhất."""

    hint = "Xin chạy 'thanthien migrate' rồi khởi động lại."


class KeysMissingError(BotError):
    """Không đọc được khóa mã hóa của kho dữ liệu cá nhân."""

    hint = "Xin chạy 'thanthien migrate', hoặc chép lại tệp khóa (quyền 0600)."


class CatalogueMissingError(BotError):
    """Một đơn vị chưa có danh mục thủ tục."""

    hint = "Xin chạy 'thanthien migrate' (cả khi vừa thêm một đơn vị vào cấu hình)."


class PartDiedError(BotError):
    """Một bộ phận của dịch vụ đã dừng ngoài dự kiến nên dịch vụ tự tắt."""

    hint = "Trình giám sát (systemd) sẽ khởi động lại; xin xem nhật ký dòng part_died."
