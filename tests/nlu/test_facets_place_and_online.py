"""Questions about places and the net, as people of the three regions ask them."""

from __future__ import annotations

import pytest

from tests.nlu.test_facets import VARIANTS, asked_for

# The facets asked for | the question.
QUESTIONS = """
place | xin giấy xác nhận thường trú thì lên đâu em
place | em ở trọ, khai sinh cho con làm ở quê hay ở đây
place | nop ho so mai tang o cho nao
place | đi làm căn cước ra công an xã hay công an huyện
place | ra đâu làm giấy báo tử hả em
place | sửa tên trên bằng thì hỏi ai
place | tới mô xin cái giấy hộ nghèo rứa
place | làm giấy tờ nhà đất giờ đến cơ quan nào nộp
place | lý lịch tư pháp xin ở mô hè
place | nop don xin tro cap o phong nao
place | cho xin địa chỉ nộp hồ sơ làm thẻ hưu trí
place | khai tử cho ông thì xã nào làm cũng được hay phải về xã cũ
place | đăng ký kết hôn thì làm bên nhà trai hay bên nhà gái
place | thẩm quyền cấp phép xây dựng nhà ở thuộc về ai
place | lấy kết quả sổ đỏ tại đâu vậy ad
place | dang ky xe may o dau
place | em phải gặp ai để xác nhận sơ yếu lý lịch
place | chứng thực di chúc đến chỗ mô
place | việc này ai giải quyết vậy
place | xin phép làm đám cưới dựng rạp ngoài đường thì báo ai
place | đổi thẻ bảo hiểm y tế cho con lên xã hay lên cơ quan bảo hiểm
place | muốn hòa giải đất đai thì gửi đơn cho ai
place | bộ phận nào nhận hồ sơ đăng ký hộ kinh doanh
place,fee | tui mún làm sổ đỏ thì qua đâu nộp, hết nhiu
place,time | xin giấy tạm trú chỗ nào, mấy ngày có
place | con em học ở Đà Nẵng thì đăng ký tạm trú nơi nào
place | mua bảo hiểm y tế hộ gia đình ở đâu z
place | nộp đâu vậy em
place | giấy khai sinh lấy chỗ nào
place | ủy quyền bán xe thì vô đâu làm dấu
online | tách hộ khẩu làm trên dịch vụ công đc không
online | khai tạm trú cho khách nước ngoài qua mạng kiểu gì
online | dang ky ho kinh doanh online dc ko
online | em ở Sài Gòn, xin trích lục khai sinh từ xa được không
online | nộp hồ sơ kết hôn trực tuyến được không ạ
online | đổi căn cước trên app vneid được hông
online | có cần lên xã không hay nộp qua cổng dịch vụ công cũng được
online | ngoi nha lam tren dien thoai xin giay doc than duoc ko
online | gửi hồ sơ trợ cấp qua bưu điện được không
online | xin giấy cư trú trên web nào
place | mần giấy khai sinh cho con thì chạy lên chỗ mô hè
place | sổ đỏ cấp sai tên, tui phải đến gặp cán bộ nào
place | muốn xin giấy xác nhận đất ở thì xã ký hay huyện ký
place | chồng em hộ khẩu Huế, vợ Quảng Trị, kết hôn ở bên nào cũng được phải không
place | ủa đơn ly hôn nộp cho xã hay tòa
place | tui thuê trọ ở đây, giấy xác nhận độc thân xin ở đây hay về quê
place | thu tuc nhap khau nop tai cong an hay uy ban
place | đăng ký khai tử phải về nơi thường trú đúng không
place | phòng tư pháp nằm ở đâu để nộp hồ sơ
place | giấy này ai ký vậy cán bộ
place | làm trích lục hộ tịch ở tầng mấy vậy em
place | anh chỉ em nơi nộp đơn xin trợ cấp với
place | hồ sơ nhận nuôi con nạp mô hè
place | liên hệ ai để đăng ký học nghề
place | xin giấy này phải lên tỉnh mới được hả
place | cho xin vị trí chỗ làm căn cước
place | khai tử phải đúng nơi thường trú không
online | nộp online xong thì bấm vào đâu để xem
online | xin link đăng ký tạm trú trên cổng dịch vụ công
online | o xa qua, lam tu xa duoc hem
online | chứng thực điện tử có nộp trực tuyến được không
online | nộp qua zalo hồ sơ đăng ký kết hôn được chưa
place,documents | tui muốn tách khẩu thì ra đâu và đem theo giấy chi
place | nộp hồ sơ ở chổ nào vậy em
place | xin trích lục khai sinh ở xã cũ hay xã mới
place | sửa sổ đỏ có phải lên tỉnh làm không
place | đưa đơn hòa giải cho ai
place | đơn vị nào lo chuyện cấp phép đào đường
place | xã có chứng được hợp đồng mua căn nhà này không hay phải ra phòng công chứng
place | đang ở trọ Đồng Nai, giấy độc thân xin trên này được không hay phải về Nghệ An
place | trình báo trực tiếp với ai
place | ai là người có thẩm quyền phê duyệt
place | cấp đổi căn cước làm khác tỉnh được hông
place | khỏi về quê có xin trích lục được hông
online | làm trên mạng hay phải lên tận phường
""".strip().splitlines()


@pytest.mark.parametrize("line", QUESTIONS)
@pytest.mark.parametrize("change", VARIANTS, ids=["accented", "folded"])
def test_place_and_online(line: str, change: type[str]) -> None:
    """Exactly what is asked for is found, with and without accents."""
    facets, _, text = line.partition(" | ")
    assert set(facets.split(",")) == asked_for(change(text))
