"""What can stop work at the desk; a docstring is the sentence for staff."""

from __future__ import annotations

from handlers.cases.errors import CaseError


class StaleError(CaseError):
    """Trong lúc anh/chị đang làm, hồ sơ hoặc cuộc trò chuyện này vừa có thay đổi."""

    hint = "Xin mở bản mới nhất, xem rồi làm lại; nội dung vừa nhập còn nguyên."


class NoSuchTalkError(CaseError):
    """Không có cuộc trò chuyện này, hoặc người dân đã xóa dữ liệu của mình."""

    hint = "Xin quay lại danh sách."


class CannotWriteError(CaseError):
    """Nền tảng chưa cho gửi tin cho người dân lúc này."""

    hint = "Xin gọi điện, hoặc chờ người dân nhắn lại rồi gửi."


class FileRefusedError(CaseError):
    """Tệp đính kèm chưa gửi được."""

    hint = "Xin chọn tệp khác rồi gửi lại; lời đã viết còn nguyên."


class NotForYouError(CaseError):
    """Dạ, vai trò của anh/chị chưa làm được bước này."""

    hint = "Xin nhờ Chánh Văn phòng hoặc lãnh đạo làm giúp."


class NoTemplatesError(CaseError):
    """Tệp các câu trả lời mẫu có dòng chưa đúng."""

    hint = "Xin xem handlers/staff/desk_list/data/templates.yml."
