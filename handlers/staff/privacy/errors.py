"""What can be wrong with promises about data; each docstring is the message."""

from __future__ import annotations


class PrivacyError(Exception):
    """Chưa làm được việc về dữ liệu cá nhân."""

    hint = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or (self.__doc__ or "").strip())


class BadRulesError(PrivacyError):
    """Tệp thời hạn giữ dữ liệu chưa đúng."""

    hint = "Mỗi luật cần code, group, days (từ 30 trở lên), name, why; xem tệp mẫu."


class BadPurposesError(PrivacyError):
    """Tệp mục đích xử lý dữ liệu chưa đúng."""

    hint = "Mỗi mục đích cần code, name, basis, asked, minors; xem tệp mẫu."


class GoneError(PrivacyError):
    """Không còn dữ liệu của người này: đã xóa, hoặc chưa từng có."""

    hint = "Xin xem lại yêu cầu trong danh sách."


class NothingToldError(PrivacyError):
    """Chưa ghi điều đúng là gì."""

    hint = "Xin ghi điều người dân yêu cầu sửa thành."


class UnknownPurposeError(PrivacyError):
    """Không ghi được sự đồng ý cho mục đích này."""

    hint = "Xin chọn một mục đích trong danh sách; dữ liệu trẻ em không dùng để học."


class NoWithdrawalError(PrivacyError):
    """Việc này làm theo luật, không dựa trên sự đồng ý nên không rút được."""

    hint = "Xin giải thích căn cứ cho người dân (Luật 91/2025/QH15 Điều 19)."


class WrongRequestError(PrivacyError):
    """Mã yêu cầu này không phải yêu cầu về dữ liệu cá nhân đang chờ."""

    hint = "Xin mở lại danh sách yêu cầu."


class FileLostError(PrivacyError):
    """Một tệp của người này bị mất hoặc hỏng trên đĩa."""

    hint = "Chưa xuất gì. Xin phục hồi tệp từ bản sao lưu rồi xuất lại."
