"""What can be wrong with a step of a case? Each docstring is the sentence for staff."""

from __future__ import annotations


class CaseError(Exception):
    """Không làm được việc này với hồ sơ."""

    hint = "Xin xem hồ sơ bằng 'thanthien cases show'."

    def __init__(self, detail: str = "", hint: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)
        self.hint = hint or self.hint


class NoSuchCaseError(CaseError):
    """Không có hồ sơ nào mang mã này."""

    hint = "Xin xem lại mã, ví dụ PA-261125-0042."


class BadCodeError(CaseError):
    """Mã hồ sơ chưa đúng dạng."""

    hint = "Xin viết như PA-261125-0042; chữ thường, thiếu dấu gạch cũng được."


class NotNowError(CaseError):
    """Bước này chưa làm được khi hồ sơ đang ở trạng thái hiện nay."""


class UnknownKindError(CaseError):
    """Không có loại hồ sơ này."""

    hint = "Xin xem các loại bằng 'thanthien cases kinds'."


class GuidanceOnlyError(CaseError):
    """Khiếu nại, tố cáo chỉ được hướng dẫn nộp đơn, không mở thành hồ sơ tại đây."""

    hint = "Xin hướng dẫn người dân gửi đơn có chữ ký hoặc đến nơi tiếp công dân."


class ReasonMissingError(CaseError):
    """Bước này cần nêu lý do."""

    hint = "Xin thêm --text với lý do bằng lời lịch sự."


class BadReasonCodeError(CaseError):
    """Lý do cần là một mã ngắn: chữ không dấu, số và các dấu . _ -"""

    hint = "Ví dụ: lich-2027."


class TextMissingError(CaseError):
    """Chưa có nội dung."""

    hint = "Xin thêm --text với nội dung."


class NotApprovedError(CaseError):
    """Câu trả lời của loại hồ sơ này cần lãnh đạo duyệt trước khi gửi."""

    hint = "Xin lưu bản trả lời rồi mời lãnh đạo chạy 'thanthien cases approve'."


class NoDraftError(CaseError):
    """Chưa có bản trả lời nào chờ duyệt."""

    hint = "Xin lưu bản trả lời bằng 'thanthien cases answer'."


class NotALeaderError(CaseError):
    """Việc duyệt câu trả lời là của lãnh đạo."""

    hint = "Xin mời lãnh đạo xã duyệt."


class NotYoursError(CaseError):
    """Loại hồ sơ này do người khác được giao xem."""

    hint = "Xin liên hệ Chánh Văn phòng HĐND và UBND."


class BadOwnerError(CaseError):
    """Mã cán bộ chỉ gồm chữ không dấu, số và các dấu . _ -"""

    hint = "Ví dụ: canbo01."


class SameCaseError(CaseError):
    """Không thể nhập hay nối một hồ sơ với chính nó."""


class CannotMergeError(CaseError):
    """Hồ sơ được chọn không nhận thêm hồ sơ khác được nữa."""

    hint = "Xin chọn một hồ sơ đang xử lý."


class NotPausedError(CaseError):
    """Hồ sơ này không đang tạm dừng."""


class AlreadyPausedError(CaseError):
    """Hồ sơ này đang tạm dừng rồi."""


class DeadlineRefusedError(CaseError):
    """Thời hạn của loại hồ sơ này không cho làm như vậy."""

    hint = "Xin xem các trường hợp được gia hạn, tạm dừng trong quy định."


class BadTimeError(CaseError):
    """Thời điểm nhận chưa đúng: không thể ở tương lai hay cách đây quá một năm."""

    hint = "Xin viết như 2026-11-25T09:30 (giờ Việt Nam)."


class BadPhoneError(CaseError):
    """Số điện thoại chưa đúng."""

    hint = "Xin viết 9 đến 11 chữ số, ví dụ 0912345678."


class BadKindsError(CaseError):
    """Tệp các loại hồ sơ có dòng chưa đúng."""

    hint = "Xin sửa dòng được nêu trong handlers/cases/data/kinds.yml."


class ChangedMeanwhileError(CaseError):
    """Hồ sơ vừa được người khác thay đổi."""

    hint = "Xin xem lại hồ sơ rồi chạy lại lệnh."


class PersonErasedError(CaseError):
    """Người dân đã xóa dữ liệu của mình, hồ sơ chỉ còn mã và thời gian."""
