"""Do petitions, health and children never leave, however they are typed?"""

from __future__ import annotations

import unicodedata

import pytest

from nlu.ai.sensitive import is_sensitive
from nlu.variants import folded

PETITIONS = [
    "tôi muốn tố cáo cán bộ thôn",
    "tô cáo ông trưởng thôn nhận phong bì",
    "tồ cào ông trưởng thôn làm bậy",
    "bị vòi tiền lót tay khi làm giấy",
    "khiếu kiện chuyện đền bù",
]
HEALTH = [
    "bố tôi bị tai biến nằm viện",
    "người nhà em nghiện, giờ làm sao",
    "vợ đang mang thai có được hưởng gì",
    "bị bênh tim lâu năm",
    "chồng hay bạo hành",
]
CHILDREN = [
    "con tôi chưa có giấy tờ gì",
    "cháu hỏi cái này ạ",
    "nhập học cho bé",
    "mới sinh được hai hôm",
    "thằng em 17 tuổi muốn đi làm",
    "em nó 3 tháng tuổi",
    "nó mới mười lăm tuổi thôi",
    "sinh năm 2015 thì làm được chưa",
    "xin làm giám hộ",
    "chuyển trường cần giấy gì",
    "trẻ mồ côi ở với bà",
    "học lớp 9 có làm thẻ được không",
    "chưa đủ tuổi kết hôn",
    "xin giấy chứng sinh",
    "đăng ký khai sinh muộn",
]
OPEN = [
    "xin giấy tờ nhà",
    "vợ chồng chia tay rồi giờ làm sao",
    "về quê vợ ở luôn thì báo ai",
    "còn lệ phí thì sao",
    "cụ 80 tuổi muốn sang tên đất",
    "mất con dấu hộ kinh doanh",
    "nuôi con bò thì xin hỗ trợ ở đâu",
    "bà con trong xóm muốn làm đường",
    "nhà cấp 4 xây lại có phải xin phép",
    "quán cơm mở lại sau 3 tháng nghỉ",
    "ông cụ mất hôm qua, nhà chưa biết làm gì",
]


@pytest.mark.parametrize("text", [*PETITIONS, *HEALTH, *CHILDREN])
def test_these_never_leave(text: str) -> None:
    """As typed, in capitals, decomposed, or without accents."""
    assert is_sensitive(text)
    assert is_sensitive(text.upper())
    assert is_sensitive(unicodedata.normalize("NFD", text))
    assert is_sensitive(folded(text))


@pytest.mark.parametrize("text", OPEN)
def test_these_may(text: str) -> None:
    """Questions of grown people about houses, land, papers, the dead."""
    assert not is_sensitive(text)


def test_invisible_letters_do_not_help() -> None:
    """A zero-width sign inside a word hides nothing from us."""
    assert is_sensitive("tố\u200b cá\u200bo cán bộ")
