"""What can stop the work on the dossier; a docstring is the sentence for staff."""

from __future__ import annotations


class DossierError(Exception):
    """Dạ, chưa làm được việc này với hồ sơ minh chứng."""

    hint = "Xin xem lại rồi làm lại; hồ sơ và giấy tờ đã nộp vẫn giữ nguyên."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class UnknownCriterionError(DossierError):
    """Dạ, bộ tiêu chí không có dòng này."""

    hint = "Xin xem mã dòng ở mục Minh chứng, ví dụ I.1.a."


class BadPaperError(DossierError):
    """Dạ, thông tin của giấy tờ chưa đủ hoặc chưa đúng."""

    hint = "Cần tên giấy tờ và ngày của giấy tờ (không sau hôm nay)."


class BadFileError(DossierError):
    """Dạ, chưa nhận được tệp này."""

    hint = "Xin gửi ảnh (JPEG, PNG, WebP, HEIC), PDF, Word hoặc Excel, không có macro."


class NoSuchPaperError(DossierError):
    """Dạ, không có giấy tờ này."""

    hint = "Có thể giấy tờ vừa được gỡ; xin tải lại trang."


class ReasonMissingError(DossierError):
    """Dạ, gỡ giấy tờ cần ghi lý do."""

    hint = "Lý do được ghi vào sổ minh chứng dưới dạng mã băm, nội dung giữ kín."


class BadPeriodError(DossierError):
    """Dạ, khoảng ngày của hồ sơ chưa đúng."""

    hint = "Ngày đầu không sau ngày cuối, nhiều nhất hai năm."


class NothingThenError(DossierError):
    """Dạ, trước thời điểm này nhật ký chưa có mốc nào được giữ."""

    hint = "Xin chọn thời điểm sau ngày đầu tiên vận hành; mốc được giữ cuối mỗi ngày."


class BrokenLogError(DossierError):
    """Dạ, nhật ký minh chứng không khớp nên chưa lập được hồ sơ."""

    hint = "Xin chạy 'thanthien evidence verify' và giữ nguyên dữ liệu."
