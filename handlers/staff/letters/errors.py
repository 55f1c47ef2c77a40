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


class BadOccasionError(LetterStepError):
    """Nội dung gửi tới chưa đúng quy ước."""

    hint = "Xin xem docs/ket-noi-mot-cua.md."

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


class OtherBodyError(LetterStepError):
    """Khóa này đã dùng cho một nội dung khác."""

    hint = "Xin dùng khóa Idempotency-Key mới cho mỗi việc mới."


class BadTokenNameError(LetterStepError):
    """Tên mã kết nối chỉ gồm chữ thường không dấu, số, dấu gạch, dài 1 đến 24 ký tự."""

    hint = "Ví dụ: mot-cua."


class TokenNameTakenError(LetterStepError):
    """Tên mã kết nối này đã dùng."""

    hint = "Xin chọn tên khác, hoặc kết thúc mã cũ rồi tạo mã tên khác."


class NoSuchTokenError(LetterStepError):
    """Không có mã kết nối đang dùng với tên này."""

    hint = "Xin xem danh sách mã bằng 'thanthien letters tokens'."


class OwnLetterError(LetterStepError):
    """Thư do chính anh/chị soạn nên xin để một lãnh đạo khác đọc và duyệt."""

    hint = "Đơn vị có thể đổi quy định này ở mục letters.own_approval của cấu hình."


class NotSignedError(LetterStepError):
    """Thư đã được duyệt nhưng chưa ký, vào sổ."""

    hint = "Xin lãnh đạo mở thư trên bàn làm việc và bấm 'Ký, vào sổ'."


class WrongCodeError(LetterStepError):
    """Mã duyệt chưa đúng, đã dùng hoặc đã hết hạn, nên chưa ghi nhận gì."""

    hint = "Xin nhắn THƯ để nhận lại thư chờ duyệt với mã mới."


class VoidCodeError(LetterStepError):
    """Thư đã thay đổi sau bản anh/chị vừa đọc, nên mã này không còn dùng được."""

    hint = "Xin nhắn THƯ để đọc bản mới nhất với mã mới."


class NoLeaderError(LetterStepError):
    """Chỉ lãnh đạo mới duyệt được thư."""

    hint = "Xin báo lãnh đạo đơn vị."


class FaultyKindError(LetterStepError):
    """Mẫu của loại thư này còn chỗ cần sửa nên chưa lưu được."""

    hint = "Xin sửa từng chỗ được nêu rồi lưu lại."


class NoReceiverError(LetterStepError):
    """Xin ghi tên người đã nhận thư."""

    hint = "Ví dụ: người nhận, hoặc người nhà nhận thay."


class PhotoRefusedError(LetterStepError):
    """Ảnh chưa lưu được."""

    hint = "Ảnh không bắt buộc: anh/chị có thể bỏ ảnh và xác nhận, hoặc chọn ảnh khác."


class MournedSinceError(LetterStepError):
    """Soạn thư xong, xã nhận tin buồn về người có tên trong thư hoặc gia đình."""

    hint = "Nếu là người khác trùng tên, xin mở 'Sửa', xem lại, lưu rồi trình lại thư."


class BadBirthdayError(LetterStepError):
    """Ngày sinh này chưa dùng được."""

    hint = "Xin ghi ngày dương lịch, ví dụ 05/11/1946."


class NoConsentError(LetterStepError):
    """Chưa ghi nhận người này đồng ý nhận thư chúc mừng."""

    hint = "Xin hỏi người dân trước; có đồng ý thì mới lưu ngày sinh."


class NoGuardianError(LetterStepError):
    """Người chưa đủ 16 tuổi cần cha mẹ hoặc người giám hộ đồng ý."""

    hint = "Xin hỏi người giám hộ rồi ghi nhận ở mục giám hộ."


class NoSuchBirthdayError(LetterStepError):
    """Ngày sinh này không còn trong danh sách."""

    hint = "Có thể vừa được xóa; xin mở lại danh sách."
