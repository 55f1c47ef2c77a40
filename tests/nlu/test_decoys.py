"""Matters of others: told from ours, and whose they are."""

from __future__ import annotations

from collections import Counter

import pytest

from nlu.decoys import decoys, offices
from nlu.engine import Engine
from nlu.model import Decision


def test_every_matter_of_others_has_an_office() -> None:
    """Nobody is sent on without being told where."""
    named = offices()

    assert {entry.code for entry in decoys()} == set(named)
    assert all(named.values())


def test_every_matter_of_others_is_known_by_ten_phrases() -> None:
    """A matter that people name in one way only would be found by nobody."""
    assert [one.name for one in decoys() if len(one.aliases) < 10] == []


def test_no_phrase_speaks_of_two_matters_of_others() -> None:
    """A phrase with two offices would send people to the wrong one."""
    said = Counter(alias for one in decoys() for alias in one.aliases)

    assert [alias for alias, times in said.items() if times > 1] == []


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("tôi muốn ly hôn đơn phương", "Tòa án"),
        ("đăng kiểm xe ô tô ở đâu", "đăng kiểm"),
        ("nop tien dien", "Điện lực"),
        ("bên bán không chịu trả cọc mua đất, kiện ở đâu", "Tòa án"),
        ("ly hon chong dai loan", "Tòa án"),
        ("bị hack facebook lấy lại sao", "ứng dụng"),
        ("chuyển nhầm tiền momo", "ví điện tử"),
        ("bán shopee có phải đóng thuế không", "Thuế cơ sở"),
        ("bi cat dien vi cham tien", "Điện lực"),
        ("mất bằng đại học xin lại ở đâu", "Trường đại học"),
        ("làm thủ tục nenkin", "bảo hiểm"),
        ("báo quản lý thị trường bán hàng giả", "Quản lý thị trường"),
    ],
)
def test_a_matter_of_others_names_its_office(
    engine: Engine, text: str, office: str
) -> None:
    """What no catalogue describes still has somebody who settles it."""
    reading = engine.parse(text)

    assert reading.decision is Decision.ELSEWHERE
    assert office in reading.office


@pytest.mark.parametrize(
    "text", ["làm khai sinh cho con", "đăng ký kết hôn", "xác nhận tình trạng hôn nhân"]
)
def test_a_matter_of_ours_names_no_other_office(engine: Engine, text: str) -> None:
    """A question for the commune is not sent on."""
    assert engine.parse(text).office == ""
