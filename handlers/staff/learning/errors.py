"""What can stop the work of learning; each docstring is the sentence for staff."""

from __future__ import annotations


class LearningError(Exception):
    """Không làm được việc này với phần học của trợ lý."""

    hint = "Xin xem lại rồi chạy lại lệnh; mô hình đang dùng vẫn giữ nguyên."

    def __init__(self, sentence: str = "", hint: str = "") -> None:
        super().__init__(sentence or (self.__doc__ or "").strip())
        self.hint = hint or self.hint


class CandidateGoneError(LearningError):
    """Câu này không còn trong danh sách chờ duyệt."""

    hint = "Có thể câu đã được duyệt, bị bỏ, hoặc người gửi đã rút đồng ý."


class UnfitTextError(LearningError):
    """Câu mẫu chưa dùng được."""

    hint = "Xin viết lại câu thật chung, không còn chi tiết của riêng ai."


class LabelMissingError(LearningError):
    """Chưa rõ câu này hỏi thủ tục nào."""

    hint = "Xin thêm --code với mã thủ tục đúng, hoặc --intent với ý định đúng."


class LabelUnknownError(LearningError):
    """Không có thủ tục hoặc ý định này."""

    hint = "Xin xem mã bằng 'thanthien catalogue list'."


class AlreadyApprovedError(LearningError):
    """Câu mẫu này đã được duyệt trước đó."""

    hint = "Xin viết câu khác, hoặc bỏ câu chờ duyệt bằng 'thanthien nlu reject'."


class ModelUnknownError(LearningError):
    """Không có mô hình này."""

    hint = "Xin xem các mô hình bằng 'thanthien nlu models'."


class ModelDamagedError(LearningError):
    """Mô hình bị thay đổi hoặc không có chữ ký đúng nên không được dùng."""

    hint = "Xin huấn luyện lại bằng 'thanthien nlu train'."


class NotPassedError(LearningError):
    """Mô hình này chưa tốt hơn bản đang dùng nên chưa được đưa vào dùng."""

    hint = "Xin duyệt thêm câu mẫu hoặc bỏ câu gây nhầm, rồi huấn luyện lại."


class StaleModelError(LearningError):
    """Mô hình này đã được so với một bản không còn dùng nữa."""

    hint = "Xin huấn luyện lại bằng 'thanthien nlu train'."


class NothingLiveError(LearningError):
    """Chưa có mô hình nào đã học đang được dùng nên không có gì để lùi."""

    hint = "Trợ lý đang đọc hiểu bằng dữ liệu gốc đi kèm."


class ChangedMeanwhileError(LearningError):
    """Mô hình đang dùng vừa được người khác thay."""

    hint = "Xin chạy lại lệnh."


class QuestionsMissingError(LearningError):
    """Chưa có bộ câu hỏi để so mô hình mới với mô hình đang dùng."""

    hint = "Xin cài lại chương trình cho đủ tệp trong nlu/questions/regression."
