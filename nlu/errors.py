"""Which mistakes can the data files of understanding contain?"""

from __future__ import annotations


class NluError(Exception):
    """Dữ liệu hiểu ngôn ngữ không dùng được."""

    def __init__(self, detail: str = "") -> None:
        text = type(self).__doc__ or ""
        super().__init__(f"{text} {detail}".strip())


class EmptyIndexError(NluError):
    """Chưa có thủ tục nào để tìm kiếm; xin nạp danh mục trước."""


class DuplicateCodeError(NluError):
    """Hai thủ tục trùng mã trong danh mục:"""


class BadPatternError(NluError):
    """Mẫu câu trong dữ liệu viết sai cú pháp:"""


class BadTrainingDataError(NluError):
    """Dữ liệu huấn luyện ý định không đúng định dạng:"""


class BadQuestionsError(NluError):
    """Tệp câu hỏi kiểm tra có dòng không đọc được:"""


class BadArtefactError(NluError):
    """Mô hình đã học bị hỏng hoặc không đúng định dạng:"""


class UnsignedArtefactError(NluError):
    """Mô hình đã học không có chữ ký đúng của đơn vị nên không được dùng."""


class UnfitExampleError(NluError):
    """Câu mẫu chưa dùng được:"""


class UnfitWordError(UnfitExampleError):
    """Từ địa phương chưa dùng được:"""


class NoQuestionsError(NluError):
    """Chưa có bộ câu hỏi để so sánh mô hình mới với mô hình cũ."""
