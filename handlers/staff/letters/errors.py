"""What can stop a step of a letter? Each docstring is the sentence for staff."""

from __future__ import annotations


class LetterStepError(Exception):
    """Chưa làm được bước này với thư."""

    hint = "Xin mở thư để xem thư đang ở bước nào."

    def __init__(self, detail: str = "") -> None:
        text = (type(self).__doc__ or "").strip()
        super().__init__(f"{text} ({detail})" if detail else text)


class NotThisStepError(LetterStepError):
    """Bước này chưa làm được khi thư đang ở trạng thái hiện nay."""


class NobodyError(LetterStepError):
    """Bước này phải do một người có tên thực hiện."""

    hint = "Xin đăng nhập bằng tài khoản của mình rồi làm lại."


class OtherVersionError(LetterStepError):
    """Thư đã được sửa sau bản anh/chị vừa đọc, nên chưa duyệt được."""

    hint = "Xin đọc lại bản mới nhất rồi duyệt."


class NoSuchLetterError(LetterStepError):
    """Không tìm thấy thư này."""

    hint = "Thư có thể đã được xóa theo yêu cầu của người dân; xin mở lại danh sách."


class LetterChangedError(LetterStepError):
    """Thư vừa được người khác cập nhật, nên bước này chưa được ghi."""

    hint = "Xin mở bản mới nhất, xem lại rồi làm tiếp."


class DuplicateLetterError(LetterStepError):
    """Đã có thư cho đúng người và dịp này."""

    hint = "Xin mở thư đã có; nếu thư đó là nháp bỏ đi thì xin lưu trữ nó trước."


class NotSureError(LetterStepError):
    """Xin kiểm tra thêm trước khi soạn thư này."""

    hint = "Kiểm tra xong, xin đánh dấu ô xác nhận ở cuối biểu mẫu rồi lưu lại."


class OptedOutError(LetterStepError):
    """Người nhận đã xin không nhận thư chủ động, nên không soạn lời chúc."""

    hint = "Xin tôn trọng lựa chọn đó; thư trả lời và thư xin lỗi vẫn soạn được."


class AutomaticError(LetterStepError):
    """Loại thư này phải do một người soạn từng thư, không nhận tự động."""

    hint = "Xin mở 'Soạn thư' và soạn riêng từng thư."


class FaultyLetterError(LetterStepError):
    """Thư còn chỗ cần sửa nên chưa trình duyệt được."""

    hint = "Xin sửa từng chỗ được nêu trong mục 'Kiểm tra' rồi trình lại."


class StoppedError(LetterStepError):
    """Đơn vị đang dừng mọi lời chúc mừng."""

    hint = "Khi hết thời gian dừng, lãnh đạo bấm mở lại rồi gửi thư."


class OneByOneError(LetterStepError):
    """Loại thư này cần mở và duyệt từng thư, không duyệt chung một lượt."""

    hint = "Xin mở từng thư để đọc rồi duyệt."
