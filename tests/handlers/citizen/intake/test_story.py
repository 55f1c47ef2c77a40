"""Is a story read for what it tells, and are short answers taken for what they are?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases.kind import shipped
from handlers.citizen.intake import contact, forms, masks, story, words
from handlers.citizen.intake.errors import BadFormsError
from handlers.citizen.intake.words import Move

HAMLETS = ("thôn Đông", "thôn Đoài", "xóm Chùa")


@pytest.mark.parametrize(
    ("text", "where", "when"),
    [
        (
            "đèn trước nhà văn hóa thôn Đông hỏng ba hôm nay, tối đi nguy hiểm",
            "trước nhà văn hóa thôn Đông",
            "ba hôm nay",
        ),
        (
            "rac chat dong cho lang thon doai tu hom qua",
            "cho lang thon doai",
            "tu hom qua",
        ),
        (
            "đường lún gần cầu Vàng đoạn nhà ông Ba từ 20/11",
            "gần cầu Vàng đoạn nhà ông Ba",
            "từ 20/11",
        ),
        (
            "nước cống tràn ra ngõ 12 xóm Chùa mấy hôm nay",
            "ngõ 12 xóm Chùa",
            "mấy hôm nay",
        ),
        ("loa cạnh chợ Mới hỏng từ tuần trước", "cạnh chợ Mới", "từ tuần trước"),
        ("hàng xóm nuôi lợn mùi hôi không chịu được", "", ""),
        ("đèn đường hỏng", "", ""),
        ("cán bộ một cửa rất nhiệt tình", "", ""),
    ],
)
def test_where_and_when(text: str, where: str, when: str) -> None:
    """The words as they were typed; nothing is made up."""
    assert (story.where(text, HAMLETS), story.when(text)) == (where, when)


def test_one_s_own_phone() -> None:
    """Given as one's own; a number in the story is not."""
    assert story.phone("rác nhiều quá, sđt 0912.345.678") == "0912345678"
    assert story.phone("xe có ghi 0912.345.678") == ""


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Nothing raises, and what is found stands in the text."""
    assert story.when(text) in text
    story.where(text, HAMLETS)
    story.phone(text)
    words.move(text, "more", is_optional=True)
    words.asks(text)
    contact.phone_of(text)
    contact.name_of(text)
    assert masks.masked(masks.masked(text)) == masks.masked(text)


@given(st.integers(0, 700))
def test_numbers_in_letters(number: int) -> None:
    """There and back."""
    assert words.count(words.letters(number)) == number


@pytest.mark.parametrize("word", ["", "A", "1", "zzzz", "ab1"])
def test_other_words_are_no_numbers(word: str) -> None:
    """A payload somebody typed leads nowhere."""
    assert words.count(word) == -1


@pytest.mark.parametrize(
    ("text", "ask", "move"),
    [
        ("Dạ quay lại ạ", "where", Move.BACK),
        ("Hủy nhé", "what", Move.CANCEL),
        ("xong rồi ạ", "files", Move.NEXT),
        ("không", "more", Move.NEXT),
        ("không ạ", "what", None),
        ("vâng gửi đi", "preview", Move.SEND),
        ("gửi", "what", None),
        ("hủy hợp đồng điện", "what", None),
    ],
)
def test_short_answers(text: str, ask: str, move: Move | None) -> None:
    """Only a whole message is a command."""
    assert words.move(text, ask) is move


def test_a_form_asks_for_all_that_its_kind_needs() -> None:
    """Nothing that the law wants is forgotten, nothing is asked for guidance kinds."""
    kinds = shipped()
    assert set(forms.offered(kinds)) == {form.kind for form in forms.shipped()}
    for form in forms.shipped():
        needed = set(kinds.get(form.kind).requires)
        assert needed <= {ask.value for ask in form.asks}, form.kind


@pytest.mark.parametrize(
    "record",
    [
        {"kind": "a"},
        {"kind": "a", "asks": ["nothing"]},
        {"kind": "a", "asks": ["what", "what"]},
        {"kind": "a", "asks": ["preview"]},
        {"kind": "a", "asks": ["what"], "x": 1},
    ],
)
def test_a_bad_file_is_named(record: object) -> None:
    """A slip in the data stops the start."""
    with pytest.raises(BadFormsError):
        forms.read([record])
