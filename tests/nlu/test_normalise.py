"""Normalising keeps the words and drops what carries no meaning."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.abbreviations import Abbreviations
from nlu.normalise import (
    HEAD_TOKENS,
    TAIL_TOKENS,
    bounded,
    clean,
    fold,
    marks,
    procedure_code,
    settled,
    tokenise,
    words,
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Giấy KHAI SINH", ["giấy", "khai", "sinh"]),
        ("gia\u0302\u0301y", ["giấy"]),
        ("khai\u200bsinh \u202exin\u202c", ["khaisinh", "xin"]),
        ("xin 👍🏽 chào 🙏", ["xin", "chào"]),
        ("vânggggg điiii", ["vâng", "đi"]),
        ("hoá thuỷ quý", ["hóa", "thủy", "quý"]),
        ("", []),
    ],
)
def test_words(typed: str, expected: list[str]) -> None:
    """Words come out lower case, composed, without emoji and hidden characters."""
    assert expected == words(typed)


def test_fold_drops_all_vietnamese_marks() -> None:
    """Folding leaves only the letters of the keyboard."""
    assert fold("đường Hồ Điện Biên, số 5") == "duong Ho Dien Bien, so 5"


def test_marks_do_not_depend_on_the_place_of_the_tone() -> None:
    """Both ways of writing hoá carry the same marks."""
    assert marks("hoá") == marks("hóa")
    assert marks("hoa") == frozenset()


@given(st.text(max_size=3000))
def test_any_text_gives_clean_words(text: str) -> None:
    """Whatever is typed, words have no spaces and folding is stable."""
    for token in tokenise(text):
        assert not any(char.isspace() for char in token.typed)
        assert token.folded == fold(token.folded)


@given(st.text(alphabet="aàáảãạăâđeêioôơuưyhkms ", max_size=80))
def test_composition_does_not_matter(text: str) -> None:
    """Composed and decomposed typing give the same words."""
    assert words(text) == words(unicodedata.normalize("NFD", text))


def test_overlong_messages_keep_head_and_tail() -> None:
    """Of an endless message the first and the last words are kept."""
    tokens = bounded(tokenise(" ".join(f"w{n}" for n in range(300))))

    assert len(tokens) == HEAD_TOKENS + TAIL_TOKENS
    assert tokens[0].typed == "w0"
    assert tokens[-1].typed == "w299"


def test_a_huge_text_is_cut_before_work_is_done() -> None:
    """Cleaning looks at two thousand characters at most."""
    assert len(clean("ạ" * 10_000)) < 2_100


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("thủ tục 1.001193 cần gì", "1.001193"),
        ("mã 2.000815.", "2.000815"),
        ("1.115620", "1.115620"),
        ("giá 1.001 đồng", None),
        ("số 11.0011934", None),
    ],
)
def test_codes_in_texts(text: str, code: str | None) -> None:
    """A written procedure code is found, other numbers are not."""
    assert code == procedure_code(text)


def test_an_accented_message_is_taken_at_its_word() -> None:
    """In accented text a word without marks is complete; otherwise it may lack them."""
    assert not settled(tokenise("cho em hỏi về hộ khẩu ạ"))[0].loose
    assert settled(tokenise("cho em hoi ve ho khau"))[0].loose


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("gks", "giấy khai sinh"),
        ("đk kh", "đăng ký kh"),
        ("dk", "đăng ký"),
        ("hong", "hong"),
        ("ko", "không"),
        ("vk ck", "vợ chồng"),
        ("cty", "công ty"),
        ("kt tt e a", "kt tt e a"),
    ],
)
def test_abbreviations(short: str, full: str) -> None:
    """Short forms are written out, ambiguous ones are left alone."""
    expanded = Abbreviations().expand(tokenise(short))

    assert full == " ".join(token.typed for token in expanded)


def test_a_commune_may_add_its_own_short_forms() -> None:
    """Own abbreviations are understood accented and folded."""
    abbreviations = Abbreviations({"nvh": "nhà văn hóa", "đtđ": "điện thoại di động"})

    assert len(abbreviations.expand(tokenise("nvh"))) == 3
    assert len(abbreviations.expand(tokenise("dtd"))) == 4
