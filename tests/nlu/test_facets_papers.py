"""Questions about papers, forms, laws and conditions, as people ask them."""

from __future__ import annotations

import pytest

from tests.nlu.test_facets import VARIANTS, asked_for

# The facets asked for | the question.
QUESTIONS = """
documents | đi làm giấy chứng tử phải cầm theo những gì
documents | ho so xin tro cap nguoi cao tuoi gom gi
documents | nhận con nuôi cần giấy má chi
documents | mở quán cà phê xin giấy phép kinh doanh cần j
documents | em cần chuẩn bị gì để đi kết hôn với người nước ngoài
documents | lam the bhyt cho be can mang gi
documents | đăng ký tạm trú thì cần giấy tờ nào của chủ nhà
documents | tách thửa nộp những giấy gì ạ
documents | thủ tục khai sinh cho con gồm những gì
documents | sang tên sổ đỏ hồ sơ thế nào
documents | đi sao y có cần mang bản chính không
documents | làm giấy ủy quyền có phải đem hộ khẩu không
documents | đổi căn cước thì phải nộp mấy tấm hình
documents | xin hộ nghèo hồ sơ ra sao
documents | nộp bản sao hay bản gốc giấy kết hôn vậy
documents | ghi chú ly hôn nước ngoài có cần dịch công chứng không
documents | xác nhận cư trú thì đem theo giấy tờ gì
documents | khong co giay chung sinh thi can giay gi thay
documents | thành phần hồ sơ cấp phép xây dựng nhà ở riêng lẻ
documents | xin huong tro cap khuyet tat thi nop gi
documents | mất hết giấy tờ rồi, khai sinh lại lấy gì làm bằng chứng, cần giấy gì
documents,fee | làm giấy kết hôn mang gì theo, tốn bao nhiêu
documents,place | giám hộ cho cháu cần giấy gì, nộp ở đâu
documents | bộ hồ sơ đăng ký kinh doanh gồm mấy loại giấy
documents | cấp đổi sổ đỏ phải kèm những gì
documents | đi đăng ký xe cần phải xuất trình giấy tờ gì
documents | giay to the nao moi nhap hoc duoc lop 1
documents | làm mai táng phí cho bố cần những chi hả o
form | xin mẫu đơn đề nghị cấp lại sổ hộ nghèo
form | tờ khai đăng ký kết hôn tải ở trên trang của xã được không nhỉ, cho em mẫu
form | cho xin mau to khai cap the can cuoc
form | đơn xin xác nhận đất không tranh chấp viết thế nào
form | đơn ly khai hộ khẩu ghi theo mẫu nào
form | có mẫu giấy ủy quyền sẵn không em
form | gửi giúp chị tờ khai trích lục hộ tịch
form | biểu mẫu đăng ký khai tử
legal | luật nào quy định chuyện tách thửa
legal | căn cứ pháp lý nào để thu hồi đất nhà tui
legal | nghị định mấy nói về trợ cấp người cao tuổi
legal | khai sinh trễ bị phạt theo quy định nào
conditions | điều kiện để được công nhận hộ nghèo
conditions | bao nhiêu tuổi thì được làm căn cước
conditions | đối tượng nào được hưởng trợ cấp xã hội
conditions | trường hợp nào thì không được tách thửa
conditions,fee | những ai được miễn lệ phí khai sinh
conditions | nhà em có thuộc diện hỗ trợ xây nhà không
conditions | đủ mấy tuổi mới được kết hôn
conditions | tieu chuan xet ho can ngheo la gi
conditions | con của thương binh có được hưởng bảo hiểm y tế không
conditions | ai được làm người giám hộ cho trẻ mồ côi
form,place | tờ khai đăng ký lại khai sinh lấy ở đâu
form,place | mẫu giấy ủy quyền tải chỗ nào vậy ạ
documents | vợ mất giấy tờ tùy thân thì đi kết hôn đem gì thay thế
documents | nộp giấy tờ photo có được không hay phải bản gốc
documents | bữa đi làm căn cước có cần mang theo giấy khai sinh không
documents | hồ sơ nhận con nuôi trong nước gồm các loại giấy nào
documents | cấp lại sổ đỏ mất thì nộp mấy bộ hồ sơ
documents | muốn mở đại lý thuốc lá cần giấy phép gì
documents | cần bao nhiêu tấm ảnh thẻ khi làm hộ chiếu cho bé
documents | xin tro cap don than can co giay gi chung minh
documents,time | hồ sơ xin cấp phép xây dựng cần gì và khi nào có phép
conditions | mấy tuổi thì con nít được làm thẻ căn cước
conditions | diện tích tối thiểu để tách thửa là bao nhiêu
legal | theo luật nào mà bắt nhà tui tháo cái mái che
form | cho xin mẩu đơn xin tách thửa
""".strip().splitlines()


@pytest.mark.parametrize("line", QUESTIONS)
@pytest.mark.parametrize("change", VARIANTS, ids=["accented", "folded"])
def test_papers(line: str, change: type[str]) -> None:
    """Exactly what is asked for is found, with and without accents."""
    facets, _, text = line.partition(" | ")
    assert set(facets.split(",")) == asked_for(change(text))
