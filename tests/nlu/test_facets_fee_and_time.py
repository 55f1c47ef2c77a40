"""Questions about fees and times, as people of the three regions ask them."""

from __future__ import annotations

import pytest

from tests.nlu.test_facets import VARIANTS, asked_for

# The facets asked for | the question.
QUESTIONS = """
fee | làm lại giấy khai sinh cho thằng cu hết nhiu vậy em
fee | sao y cái bằng tốt nghiệp bn 1 bản ạ
fee | phường mình thu phí chứng thực chữ ký thế nào
fee | dang ky ket hon co ton tien ko ad
fee | cho hoi le phi trich luc khai tu
fee | xin giấy xác nhận độc thân đóng mấy đồng rứa o
fee | nhờ xã chứng cái hợp đồng thuê nhà thì nộp bao nhiêu
fee | con em khai sinh trễ 3 năm thì bị phạt bao nhiêu
fee | làm hộ kinh doanh tốn tầm bao nhiêu hả anh
fee | cấp lại sổ đỏ bị rách có mất tiền gì không chị
fee | nhập hộ khẩu cho vợ thì phải nộp tiền không
fee | gia hạn tạm trú free hay mất phí
fee | chứng thực một tờ là mấy nghìn
fee | cho xem bảng lệ phí hộ tịch với
fee | cấp bản sao tính tiền sao vậy em
fee | làm căn cước cho cụ giờ miễn phí rồi phải không
fee | bà con nghèo có được giảm lệ phí không
fee | giấy này xã có lấy đồng nào không
fee | xin trích lục bản sao giấy kết hôn có miễn phí không
fee | lam can cuoc cho me gia bao nhieu tien z
fee | cải chính năm sinh mức lệ phí là bao nhiêu thưa cán bộ
fee | lệ phí đóng ở đâu vậy
fee | hộ nghèo đi chứng thực giấy tờ có được miễn phí không
fee | xây nhà cấp 4 xin phép mất nhiêu ạ
fee | xin cai giay xac nhan cu tru co phai dong tien ko
fee | bac oi dang ky xe may het may tram
fee | khai tử cho ba em có thu lệ phí không
fee | chi phí làm sổ đỏ lần đầu khoảng chừng nào
fee | photo công chứng một trang bao nhiêu
fee | đăng ký giám hộ mất bao nhiêu vậy ạ
fee | làm cái này hết bao tiền
fee | thẻ căn cước mất làm lại tốn kém không em
fee,time | dang ky khai sinh tre het bao nhieu tien va bao lau lay duoc
fee | tiền nong thế nào hả cán bộ
fee | lấy số nhà có tính phí không ad
fee | tách thửa cho con phải đóng những khoản gì
fee | ba mẹ già trên 80 làm thẻ bhyt có phải đóng tiền không
time | thủ tục đổi tên cho con xử lý trong bao nhiêu ngày
time | tach khau may hom thi co so moi
time | nộp hồ sơ hôm nay bữa nào lấy được hả chị
time | xin giấy phép xây dựng chờ lâu không em
time | đăng ký kết hôn có lấy giấy liền không
time | bao giờ thì em nhận được thẻ bhyt cho con
time | lam so do khi mo co ket qua
time | trích lục khai sinh làm xong trong ngày không ạ
time | làm căn cước bao lâu có thẻ gửi về nhà
time | chừng nào lấy được giấy phép kinh doanh
time | xác nhận tình trạng hôn nhân thời hạn giải quyết mấy ngày làm việc
time | mất mấy buổi mới xong thủ tục nhận con nuôi
time | hẹn ngày nào trả kết quả chứng thực hợp đồng vậy
time | giấy chứng tử sáng nộp chiều lấy được không
time | con sinh được bao nhiêu ngày thì phải đi khai sinh
time | thời gian xử lý hồ sơ hộ nghèo là bao lâu
time | cai chinh ho tich lau ko a
time | xin xac nhan thu nhap mat may bua hen
time | đổi giấy phép lái xe nhanh nhất mấy bữa
time | quá hạn mấy ngày thì mới bị phạt khi đăng ký tạm trú
time | ngày nào thì có kết quả xét hộ cận nghèo
time | đơn xin chuyển mục đích sử dụng đất nộp xong hết bao nhiêu ngày thì có quyết định
time | hồ sơ trợ cấp khuyết tật bao lâu thì xã trả lời
time | làm khai tử có mau không
time | sang tên xe trước bao lâu kể từ ngày mua
fee | ba em sao y 3 bộ thì trả bao nhiêu ạ
fee | xin số nhà mới có phải nộp khoản lệ phí nào không
fee | thay thẻ căn cước hư chíp tốn mấy chục
fee | o ơi làm giấy kết hôn có lấy tiền không
fee | nghe noi tu thang 7 mien phi chung thuc phai khong
fee | le phi nhu nao ak
fee | cấp giấy phép sửa nhà mất nhiu tiền vậy xã ơi
fee | đăng ký lại khai sinh có thu đồng nào không
fee | chứng cái hợp đồng vay tiền hết nhiêu
fee | giá sao y bao nhiêu một tờ vậy
time | thi bao h co giay
time | bao gio thi xa goi len nhan so do
time | nhanh thì mấy bữa có giấy phép cất nhà
time | nộp đơn xin hộ nghèo rồi chờ đến khi nào mới xét
time | con sắp vào lớp 1, xin trích lục hôm nay mai lấy kịp không
time | cưới ngày 20 này, giấy kết hôn làm có kịp không ạ
time | xin giấy xác nhận độc thân làm trong bao nhiêu lâu
time | đổi chủ hộ thì lâu mau vậy
time | mất khoảng mấy tuần thì xong thủ tục chuyển mục đích
time | lam the can cuoc bay gio may ngay thi ve
time | hết hạn tạm trú trước ngày mấy thì phải gia hạn
time | khi nào thì phải khai lại thuế hộ kinh doanh
fee,documents | cho em hỏi giấy tờ cần mang với lệ phí khi đăng ký giám hộ
time,conditions | ở trọ bao lâu mới được nhập khẩu vô thành phố, có điều kiện gì không
""".strip().splitlines()


@pytest.mark.parametrize("line", QUESTIONS)
@pytest.mark.parametrize("change", VARIANTS, ids=["accented", "folded"])
def test_fee_and_time(line: str, change: type[str]) -> None:
    """Exactly what is asked for is found, with and without accents."""
    facets, _, text = line.partition(" | ")
    assert set(facets.split(",")) == asked_for(change(text))
