"""The part of a procedure asked about is found by phrases."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.abbreviations import Abbreviations
from nlu.engine import Engine
from nlu.facets import FacetFinder, asked
from nlu.model import Facet
from nlu.normalise import Token, bounded, fold, settled, tokenise

VARIANTS = (str, fold)

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


# One slip in a word that asks: what was typed, the facet it asks for.
SLIPS = [
    ("đăng ký kết hôn lệ phó bao nhiêu", Facet.FEE),
    ("sao y mất bap nhiêu tiền", Facet.FEE),
    ("khai tử het bao nhiwu tien", Facet.FEE),
    ("tách hộ mấyngày xong", Facet.TIME),
    ("khai sinh tre bao lqu co", Facet.TIME),
    ("đăng ký tạm trú bao nhiêu ngay có", Facet.TIME),
    ("nhập khẩu ởđâu", Facet.PLACE),
    ("lam can cuoc den co qyan nao", Facet.PLACE),
    ("nộp hồ sơ trựctuyến được không", Facet.ONLINE),
    ("làm khai tử cần gi", Facet.DOCUMENTS),
    ("ket hon can chuan bj giay to gi", Facet.DOCUMENTS),
]


@cache
def finder() -> FacetFinder:
    """One finder for all tests: it is only read after it is built."""
    return FacetFinder()


def typed(text: str) -> list[Token]:
    """Return the words of a message, short forms written out."""
    return Abbreviations().expand(settled(bounded(tokenise(text))))


def asked_for(text: str) -> set[str]:
    """Return the names of the facets that a message asks for."""
    return {facet.value for facet in asked(finder().hits(typed(text)))}


@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_one_slip_hides_no_facet(text: str, expected: Facet) -> None:
    """A word one slip away is read as the one that belongs beside its neighbour."""
    assert asked_for(text) == {expected.value}


def test_the_longer_phrase_tells() -> None:
    """In "hết bao nhiêu ngày" the words "hết bao nhiêu" ask for no money."""
    assert asked_for("tách hộ hết bao nhiêu ngày") == {"time"}


def test_the_order_of_asking_is_kept() -> None:
    """What was asked first comes first."""
    hits = finder().hits(typed("nộp ở đâu, bao lâu có, hết bao nhiêu tiền"))
    assert asked(hits) == (Facet.PLACE, Facet.TIME, Facet.FEE)


def test_whether_one_may_is_asked_only_where_nothing_else_is() -> None:
    """Only without another facet does "có được không" ask for conditions."""
    assert asked_for("đổi họ cho con theo mẹ có được không") == {"conditions"}
    assert asked_for("nộp trên mạng có được không") == {"online"}


@pytest.mark.parametrize("text", ["tách hộ mấyngày xong", "het bao nhieutien v"])
def test_places_are_those_of_the_typed_words(text: str) -> None:
    """Words written together count as the one that was typed."""
    tokens = typed(text)
    found = {place for hit in finder().hits(tokens) for place in hit.at}
    assert found
    assert found <= set(range(len(tokens)))


WORDS = ["bao", "nhiêu", "ngay", "mấyngày", "ởđâu", "phí", "nhieuu", "x", "cần", "gì"]


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=9)), max_size=30))
def test_any_message_has_places_in_order(words: list[str]) -> None:
    """Whatever is typed, places lie inside the message, in order, each once."""
    tokens = tokenise(" ".join(words))
    for hit in finder().hits(tokens):
        assert list(hit.at) == sorted(set(hit.at))
        assert set(hit.at) <= set(range(len(tokens)))
