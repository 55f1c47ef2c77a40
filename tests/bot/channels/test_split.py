"""Is a long reply cut so that nothing is lost and nothing breaks?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import MORE, is_boundary, pieces, shorten, split, units
from handlers.model import Button, Media, Reply

LETTERS = st.sampled_from(
    [
        *"abêđỗ  \n\t.,!?…-",
        "\n\n",
        "e\u0302\u0301",
        "👍🏽",
        "👩\u200d👧",
        "🇻🇳",
        "\u0301",
    ]
)
TEXTS = st.lists(LETTERS, max_size=120).map("".join)


def letters_of(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


@given(TEXTS, st.integers(4, 60))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, limit: int) -> None:
    """All letters come out in order, each part within the limit and not blank."""
    parts = pieces(text, limit)
    assert letters_of("".join(parts)) == letters_of(text)
    assert all(0 < units(part) <= limit for part in parts)
    assert all(part.strip() == part for part in parts)


@given(st.lists(st.text("abcđê", min_size=1, max_size=8), max_size=40))
def test_words_that_fit_are_never_cut(words: list[str]) -> None:
    """Between parts there is always a gap between words."""
    parts = pieces(" ".join(words), 12)
    assert [word for part in parts for word in part.split()] == words


@given(st.lists(st.sampled_from(["👩\u200d👧", "ế", "🇻🇳", "👍🏽"]), max_size=30))
def test_letters_and_emoji_stay_whole(letters: list[str]) -> None:
    """A family, a flag and a vowel with its marks are one letter each."""
    text = unicodedata.normalize("NFC", "".join(letters))
    at = 0
    for part in pieces(text, 8):
        at += len(part)
        assert is_boundary(text, at)


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("", 9, []),
        (" \n ", 9, []),
        ("vừa đủ", 6, ["vừa đủ"]),
        ("đoạn một\n\nđoạn hai dài", 20, ["đoạn một", "đoạn hai dài"]),
        ("dòng một\ndòng hai. ba", 20, ["dòng một", "dòng hai. ba"]),
        ("câu một. câu hai. câu ba", 18, ["câu một. câu hai.", "câu ba"]),
        ("một hai ba bốn", 9, ["một hai", "ba bốn"]),
        ("a\n\nmột hai ba bốn năm", 15, ["a\n\nmột hai ba", "bốn năm"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("a" + " " * 50 + "b", 4, ["a", "b"]),
        ("👍👍👍", 4, ["👍👍", "👍"]),
    ],
)
def test_the_nicest_place_wins(text: str, limit: int, expected: list[str]) -> None:
    """Paragraph before line, line before sentence, sentence before word."""
    assert pieces(text, limit) == expected


def test_a_letter_longer_than_a_message_is_cut_after_all() -> None:
    """A tower of accents cannot stop the queue."""
    parts = pieces("a" + "\u0316" * 30, 10)
    assert [len(part) for part in parts] == [10, 10, 10, 1]


def test_decomposed_text_is_counted_composed() -> None:
    """An "ế" typed as three code points counts as one."""
    assert pieces("e\u0302\u0301" * 10, 10) == ["ế" * 10]


@given(TEXTS, st.integers(2, 30))
def test_labels_are_shortened_within_the_limit(text: str, limit: int) -> None:
    """A label fits, and says by "…" that something is missing."""
    label = shorten(text, limit)
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    assert units(label) <= limit
    assert label == whole or label.endswith("…")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Gặp cán bộ", "Gặp cán bộ"),
        ("Đăng ký khai sinh lưu động", "Đăng ký khai sinh…"),
        ("Đăngkýkhaisinhlưuđộngtạinhà", "Đăngkýkhaisinhlưuđộ…"),
        ("  hai   dòng\nmột nút ", "hai dòng một nút"),
    ],
)
def test_labels_end_at_a_word(title: str, expected: str) -> None:
    """What is left of a title is whole words if there are any."""
    assert shorten(title, 20) == expected


def buttons(count: int) -> tuple[Button, ...]:
    return tuple(Button(f"Nút {n}", payload=f"#{n}") for n in range(count))


def test_buttons_go_under_the_last_part() -> None:
    """A citizen taps where the reading ends."""
    reply = Reply("một hai ba bốn năm", buttons(2))
    parts = split(reply, text_limit=9, button_text_limit=None, max_buttons=5)
    assert [bool(part.buttons) for part in parts] == [False, False, True]
    assert parts[-1].buttons == reply.buttons


def test_more_buttons_than_fit_follow() -> None:
    """Every button is there, in order, in messages of their own."""
    reply = Reply("chọn", buttons(12))
    parts = split(reply, text_limit=99, button_text_limit=None, max_buttons=5)
    assert [len(part.buttons) for part in parts] == [5, 5, 2]
    assert [part.text for part in parts] == ["chọn", MORE, MORE]
    assert tuple(b for part in parts for b in part.buttons) == reply.buttons


def test_a_file_goes_first_and_alone() -> None:
    """A picture is seen before it is talked about."""
    media = Media("image", url="https://vidu.vn/a.png")
    reply = Reply("xem", buttons(1), media)
    first, second = split(reply, text_limit=9, button_text_limit=9, max_buttons=1)
    assert first == Reply("", media=media)
    assert second == Reply("xem", buttons(1))


def test_buttons_without_words_get_some() -> None:
    """No platform shows buttons under nothing."""
    (part,) = split(
        Reply(" ", buttons(1)), text_limit=50, button_text_limit=None, max_buttons=3
    )
    assert part.text == MORE


def test_an_empty_reply_is_no_message() -> None:
    """Nothing to say is said by silence."""
    assert split(Reply(""), text_limit=9, button_text_limit=9, max_buttons=1) == ()


@given(TEXTS, st.integers(0, 9), st.integers(5, 40), st.integers(5, 40))
def test_every_part_is_within_its_limit(
    text: str, count: int, limit: int, button_limit: int
) -> None:
    """Texts and texts over buttons keep their own limits, letters stay in order."""
    reply = Reply(text, buttons(count))
    parts = split(
        reply, text_limit=limit, button_text_limit=button_limit, max_buttons=3
    )
    said = [part for part in parts if part.text != MORE]
    assert letters_of("".join(part.text for part in said)) == letters_of(text)
    for part in said:
        assert units(part.text) <= limit
        assert not part.buttons or units(part.text) <= button_limit
    assert tuple(b for part in parts for b in part.buttons) == reply.buttons
