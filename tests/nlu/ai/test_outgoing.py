"""Does a question leave only without what belongs to one person?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu import masking
from nlu.ai.outgoing import LONGEST, NAME, NUMBER, outgoing


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("về quê vợ ở luôn thì báo ai", "về quê vợ ở luôn thì báo ai"),
        (
            "tôi là Nguyễn Văn Tám, 0912 345 678, xin giấy tờ nhà",
            "tôi là [họ tên], [số điện thoại], xin giấy tờ nhà",
        ),
        (
            "căn cước 031088001234 hết hạn thì sao",
            "căn cước [số giấy tờ] hết hạn thì sao",
        ),
        (
            "sang tên đất của bà Lụa",
            "sang tên đất của bà [họ tên]",
        ),
        ("đất cho Tuấn đứng tên được không", f"đất cho {NAME} đứng tên được không"),
        ("kết hôn với người Hàn Quốc", "kết hôn với người Hàn Quốc"),
        ("kết hôn với người Đức ở đâu", "kết hôn với người Đức ở đâu"),
        ("bán đất lại cho Đức xong rồi", f"bán đất lại cho {NAME} xong rồi"),
        ("Xin giấy tờ nhà. Cần gì ạ", "Xin giấy tờ nhà. Cần gì ạ"),
        ("xin CCCD ở UBND được không", "xin CCCD ở UBND được không"),
        ("thửa 12345 tờ 7 muốn tách", f"thửa {NUMBER} tờ 7 muốn tách"),
        ("luật 2024 nói sao về đất vườn", "luật 2024 nói sao về đất vườn"),
        ("xem ở http://nha-toi.example nhé ạ", "xem ở [liên kết] nhé ạ"),
        (
            "xin giấy [0912345678 Nguyễn Văn Tám] nhà",
            "xin giấy [số điện thoại] [họ tên]) nhà",
        ),
        ("xin\u200b giấy\n\ntờ \u202enhà", "xin giấy tờ nhà"),
    ],
)
def test_what_leaves(text: str, left: str) -> None:
    """Names, phones, papers, addresses and links stay; the question goes."""
    assert outgoing(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "👍👍",
        "0912345678",
        "Nguyễn Văn Tám",
        "con tôi chưa có giấy tờ gì",
        "xin giấy " * LONGEST,
    ],
)
def test_what_does_not(text: str) -> None:
    """Nothing to ask about, a story, or something that is nobody's business."""
    assert outgoing(text) is None


WORDS = st.sampled_from(
    [
        "xin", "giấy", "nhà", "đất", "Tám", "LAN", "Nguyễn", "Văn", "bà", "tên", "là",
        "0912345678", "031088001234", "[", "]", "(", "0912", "345", "678", "a@b.vn",
        "o912345678", "12/03/1980", "\u200b", ",", ".", "15A-123.45", "không", "chín",
    ]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=60))
def test_no_long_number_and_no_known_name_leaves(text: str) -> None:
    """Whatever is typed, in whatever order."""
    left = outgoing(text)
    if left is None:
        return
    assert not re.search(r"\d(?:[\s.,\-/]?\d){4}", left)
    assert masking.find(left) == ()
    assert len(left) <= 2 * LONGEST
