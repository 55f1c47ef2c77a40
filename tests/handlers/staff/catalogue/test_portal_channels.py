"""Is the portal's run-together table of channels read, and never guessed?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.catalogue import portal_channels as portal
from handlers.staff.catalogue.portal_channels import Channel
from tests.handlers.staff.catalogue.records import CHANNELS


def test_each_channel_has_time_fee_and_remark() -> None:
    """Cells that stand without a sign between them are parted again."""
    text = (
        f"{CHANNELS}Trực tuyến3 Ngày làm việc7,500 Việt Nam Đồng(/lần (một người))"
        "Nộp Trực tiếp tại quầy cũng đượcTrực tiếp4 NgàyKhông có thông tin"
        "Dịch vụ bưu chínhKhông có thông tinMiễn phí"
    )

    assert portal.channels(text) == (
        Channel("Trực tuyến", 3, "ngày làm việc", 7500, note="/lần (một người)"),
        Channel("Trực tiếp", 4, "ngày"),
        Channel("Dịch vụ bưu chính", amount=0),
    )


def test_number_glued_to_an_amount_is_not_guessed() -> None:
    """A glued "120 VNĐ" may be 1 and 20 or 12 and 0: neither time nor fee is told."""
    found = portal.channels(f"{CHANNELS}Trực tiếp120 VNĐ")

    assert found == (Channel("Trực tiếp", is_blurred=True),)
    assert portal.duration(found) is None
    assert portal.fee(found) is None


def test_a_time_in_words_still_names_the_channel() -> None:
    """A first line whose time is a sentence keeps its channel."""
    found = portal.channels(f"{CHANNELS}Trực tuyếnChưa quy định thời gianMiễn phí")

    assert portal.online(found) == {"available": True}


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            "Trực tiếp3 Ngày làm việcMiễn phí",
            {
                "text": "3 ngày làm việc",
                "sure": True,
                "days": 3.0,
                "unit": "working_day",
            },
        ),
        (
            "Trực tiếp1,5 NgàyMiễn phí",
            {"text": "1,5 ngày", "sure": True, "days": 1.5, "unit": "day"},
        ),
        ("Trực tiếp2 ThángMiễn phí", {"text": "2 tháng", "sure": True}),
        ("Trực tiếp5Miễn phí", {"text": "5 (Cổng không ghi đơn vị)", "sure": False}),
        (
            "Trực tuyến8 GiờMiễn phíTrực tiếp2 NgàyMiễn phí",
            {"text": "Trực tuyến: 8 giờ; trực tiếp: 2 ngày", "sure": True},
        ),
        ("Trực tiếpKhông có thông tinMiễn phí", None),
    ],
)
def test_time_limit(table: str, expected: dict[str, Any] | None) -> None:
    """A time is sure only with its unit; different channels are told apart."""
    assert portal.duration(portal.channels(CHANNELS + table)) == expected


@pytest.mark.parametrize(
    ("table", "text", "sure"),
    [
        (
            "Trực tiếp1 NgàyMiễn phí",
            "Cổng Dịch vụ công hiển thị miễn phí; xin hỏi lại tại quầy",
            False,
        ),
        (
            "Trực tiếp1 NgàyMiễn phí(Do Hội đồng nhân dân tỉnh quyết định)",
            "Mức thu do Hội đồng nhân dân quyết định; xin hỏi lại tại quầy",
            False,
        ),
        ("Trực tiếp1 Ngày25,000 VNĐ(/bản)", "25.000 đồng/bản", True),
        ("Trực tiếp1 Ngày25,000 VNĐ(25.000 đồng/bản.)", "25.000 đồng/bản", True),
        ("Trực tiếp1 Ngày25,000 VNĐ", "25.000 đồng", True),
        ("Trực tiếp1 Ngày10 USD(/bản)", "10 USD/bản", True),
        (
            "Trực tuyến1 Ngày7,000 VNĐTrực tiếp1 Ngày9,000 VNĐ",
            "Trực tuyến: 7.000 đồng; trực tiếp: 9.000 đồng",
            True,
        ),
        (
            "Trực tiếp1 Ngày50 VNĐ",
            "Cổng ghi số tiền chưa rõ; xin hỏi lại tại quầy",
            False,
        ),
        (
            f"Trực tiếp1 Ngày9,000 VNĐ({'rất dài ' * 20})",
            "9.000 đồng (có mức khác theo trường hợp)",
            False,
        ),
        (
            "Trực tiếp1 Ngày9,000 VNĐ(HĐND)",
            "9.000 đồng (HĐND); mức cụ thể do Hội đồng nhân dân quyết định",
            False,
        ),
    ],
)
def test_fee(table: str, text: str, *, sure: bool) -> None:
    """Zero, tiny amounts and amounts set elsewhere are never sure."""
    assert portal.fee(portal.channels(CHANNELS + table)) == {"text": text, "sure": sure}


def test_silence_stays_silence() -> None:
    """Nothing stated means nothing told, not "free" and not "no online"."""
    found = portal.channels(f"{CHANNELS}Trực tiếp1 NgàyKhông có thông tin")

    assert portal.fee(found) is None
    assert portal.online(found) is None


PIECES = st.sampled_from(
    [
        *("Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính", "Miễn phí", "(", ")", "0"),
        *("Không có thông tin", "3 Ngày làm việc", "12", "25,000 VNĐ", " ", "x"),
    ]
)


@given(st.lists(PIECES, max_size=20).map("".join) | st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    """Whatever stands in the table, reading ends and texts are not empty."""
    found = portal.channels(text)

    for fact in (portal.fee(found), portal.duration(found)):
        assert fact is None or fact["text"]
