"""The part of a procedure asked about is found by phrases."""

from __future__ import annotations

import pytest

from nlu.engine import Engine
from nlu.model import Facet
from nlu.normalise import fold

CASES = [
    ("làm khai sinh cho con", set()),
    ("đăng ký kết hôn cần giấy tờ gì", {Facet.DOCUMENTS}),
    ("nhập hộ khẩu thì phải mang theo những gì", {Facet.DOCUMENTS}),
    ("làm giấy kết hôn hết bao nhiêu tiền", {Facet.FEE}),
    ("sao y có mất phí không", {Facet.FEE}),
    ("lệ phí đăng ký hộ kinh doanh", {Facet.FEE}),
    ("khai tử mất bao lâu", {Facet.TIME}),
    ("đăng ký tạm trú mấy ngày có", {Facet.TIME}),
    ("bao giờ thì có giấy khai sinh", {Facet.TIME}),
    ("xin giấy độc thân ở đâu", {Facet.PLACE}),
    ("tách khẩu thì đến cơ quan nào", {Facet.PLACE}),
    ("đăng ký thường trú online được không", {Facet.ONLINE}),
    ("căn cứ pháp lý của đăng ký khai tử", {Facet.LEGAL}),
    ("xin mẫu đơn đăng ký kết hôn", {Facet.FORM}),
    ("điều kiện đăng ký kết hôn", {Facet.CONDITIONS}),
    ("quy trình đăng ký giám hộ", {Facet.STEPS}),
    ("sao y ở đâu, bao nhiêu tiền, bao lâu xong", {Facet.PLACE, Facet.FEE, Facet.TIME}),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
def test_facets(
    engine: Engine, text: str, expected: set[Facet], change: type[str]
) -> None:
    """What is asked for is found, accented or not; nothing when nothing is."""
    assert expected == set(engine.parse(change(text)).facets)
