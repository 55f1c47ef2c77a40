"""Messages that ask for no part of a procedure, though their words sound like it."""

from __future__ import annotations

import pytest

from tests.nlu.test_facets import VARIANTS, asked_for

TOLD = """
chi phí mai táng cho mẹ em là người có công xin ở đâu cũng được miễn là nhanh
cho em xin làm hồ sơ hưởng mai táng phí
nhà em muốn xin miễn giảm học phí cho cháu
tui nộp tiền sử dụng đất rồi mà chưa có sổ đỏ
đóng dấu giáp lai vào đơn xin việc giúp em
trợ cấp người cao tuổi mỗi tháng được bao nhiêu tiền
em bị mất tiền trong ví lẫn cả căn cước, giờ làm lại
khai lệ phí trước bạ cho xe máy mới mua
tui bệnh mấy tháng nay không đi được, muốn làm giấy ủy quyền
giấy xác nhận độc thân có giá trị bao lâu
vợ em mới sinh mấy hôm trước, muốn khai sinh cho bé
hộ khẩu nhà em lâu rồi không đổi nay muốn chỉnh lại
xin gia hạn thời hạn sử dụng đất vườn
làm liên thông khai sinh bảo hiểm thường trú
cháu nó được mấy tháng tuổi rồi mà chưa khai sinh
em ở đâu cũng được, chỉ cần làm nhanh giấy kết hôn
hồ sơ của tui tới đâu rồi
thay đổi địa chỉ hộ kinh doanh sang nhà mới
con em chưa nhập khẩu ở đâu cả, giờ muốn nhập về nhà bà ngoại
giấy khai sinh cháu để lạc đâu mất rồi, xin cấp lại
đăng ký khai sinh lần đầu cho cháu
em bán hàng online thì đăng ký hộ kinh doanh kiểu gì
bị lừa trên mạng mất căn cước, giờ cấp lại
làm tài khoản dinh danh mức 2 cho bố
làm khai sinh cho cháu ngoại
em muốn xin giấy phép xây nhà
cccd hết hạn rồi
con trai tui chuẩn bị đi nước ngoài cần giấy xác nhận độc thân
vợ chồng em ly hôn muốn đổi họ cho con
em quên mang theo giấy hẹn
nhà em chưa có giấy tờ gì, muốn làm sổ đỏ
hàng xóm xây lấn đất nhà tôi
xin xác nhận hoàn cảnh gia đình khó khăn cho con đi học
đổi họ mẹ cho bé
chứng thực chữ ký trong tờ khai lý lịch
xã báo em phải nộp tiền sử dụng đất mà nhà nghèo quá, xin ghi nợ
trước giờ em có đóng tiền bảo hiểm xã hội tự nguyện, nay muốn rút một lần
con em bị người ta lừa trả tiền trên mạng rồi lấy căn cước đi vay, giờ làm lại căn cước
ông em đi bộ đội về xin trợ cấp một lần được bao nhiêu tiền
quỹ tín dụng cho hộ nghèo vay được bao nhiêu
em đi làm xa mấy năm rồi mới về, muốn xóa tạm trú chỗ cũ
giấy chứng tử ông nội mất lâu rồi giờ xin lại bản khác
bé nhà em sinh được hai tháng tuổi mà mấy bữa nay bận chưa khai sinh
tôi làm giấy ủy quyền bán xe cho ai cũng được miễn hợp pháp
mẹ tôi đi lạc đâu mất mấy hôm nay, tôi muốn trình báo
không biết cha ruột ở đâu, làm khai sinh cho con để trống tên cha
tạm ngưng buôn bán mấy tháng
đất nhà em ở mấy chục năm chưa có sổ đỏ
tía mất lâu, khai tử rồi mà giấy lạc hết
chuyển nơi nhận lương hưu
cụ mất lâu lắm rồi mà chưa khai tử
nhập rượu về bán ở cửa hàng duty free
nơi cấp trong giấy khai sinh ghi nhầm, xin chỉnh
chồng bỏ đi đâu không ai biết, em muốn nuôi con một mình
muốn tham gia tổ hợp tác trồng rau
mở tiệm gội đầu tại nhà
báo không hoạt động tại địa chỉ
con sinh ra ở đâu thì quê quán ghi ở đó phải không
mất sổ đỏ chả nhớ rơi ở chỗ nào, giờ làm lại
địa chỉ trên giấy kinh doanh ghi xã cũ hay xã mới
""".strip().splitlines()


@pytest.mark.parametrize("text", TOLD)
@pytest.mark.parametrize("change", VARIANTS, ids=["accented", "folded"])
def test_nothing_is_asked_for(text: str, change: type[str]) -> None:
    """A statement asks for nothing, with and without accents."""
    assert asked_for(change(text)) == set()
