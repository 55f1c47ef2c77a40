"""Two places and an "or" ask which of them is the right one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.either import Either
from nlu.model import Facet
from nlu.normalise import fold, tokenise
from tests.nlu.test_facets import asked_for

EITHER = Either(
    ["xã", "tỉnh", "công an", "một cửa"], ["lên", "ra", "phải"], ["ghi theo"]
)
WORDS = ["xã", "tỉnh", "hay", "lên", "phải", "công", "an", "nộp", "một", "cửa"]


def places(text: str) -> list[tuple[int, ...]]:
    """Return the words of such questions in a message."""
    return [hit.at for hit in EITHER.hits(tokenise(text))]


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
def test_two_places_ask_for_one(change: type[str]) -> None:
    """The "or", the second place and what is near before it are the asking words."""
    assert places(change("nộp ở xã hay phải lên tỉnh")) == [(2, 3, 4, 5, 6)]
    assert EITHER.hits(tokenise(change("xã hay công an")))[0].payload is Facet.PLACE


@pytest.mark.parametrize("change", [str, fold], ids=["accented", "folded"])
def test_a_question_before_the_or_names_its_place_anywhere(change: type[str]) -> None:
    """After "không hay" one place is enough, however far before the other stood."""
    far = "xã một hai ba bốn năm sáu bảy tám chín không hay ra tỉnh"

    assert places(change(far)) == [(11, 12, 13)]


@pytest.mark.parametrize(
    "text",
    [
        "nộp ở xã hay nộp qua mạng",
        "hôm nay hay ngày mai lên xã",
        "xã hay cúp điện",
        "hay lên tỉnh",
        "quê ghi theo xã hay tỉnh",
        "xã một hai ba bốn năm sáu bảy tám chín hay tỉnh",
    ],
)
def test_one_place_asks_nothing(text: str) -> None:
    """Without a place close by on each side nothing is asked."""
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sang tên sổ đỏ ra xã hay văn phòng đất đai", {"place"}),
        ("khai tử trong này hay đưa ra ngoài quê", {"place"}),
        ("giấy này phường cấp hay công an cấp vậy", {"place"}),
        ("nộp trên mạng hay ra xã nộp cũng được", {"online"}),
    ],
)
def test_in_a_whole_message(text: str, expected: set[str]) -> None:
    """Who asks whether it can be done on the net does not ask which office."""
    assert asked_for(text) == expected


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=5)), max_size=25))
def test_the_words_lie_in_the_message(words: list[str]) -> None:
    """Whatever is typed, the words are in order, each once, inside the message."""
    tokens = tokenise(" ".join(words))
    for hit in EITHER.hits(tokens):
        assert list(hit.at) == sorted(set(hit.at))
        assert set(hit.at) <= set(range(len(tokens)))
