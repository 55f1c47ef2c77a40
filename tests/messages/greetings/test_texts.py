"""Do all texts of all days stand the lint, in every year and for every office?"""

from __future__ import annotations

import itertools

import pytest

from messages.greetings.compose import Road, Subject, compose, lunar_name, shipped
from messages.greetings.errors import BadWordingError
from messages.greetings.lint import lint
from messages.letters.office import Office
from scheduler.calendar.year import Tone, occasions

OFFICES = (Office("xã Mẫu"), Office("phường Mẫu", "Ủy ban nhân dân phường Mẫu"))
YEARS = (2026, 2027, 2030)


def subjects() -> list[Subject]:
    """Return every day of three years, and a commune's own day of each tone."""
    known = [
        Subject(o.code, o.name, o.observance.tone.value, year, year)
        for year in YEARS
        for o in occasions(year)
    ]
    own = [Subject("hoi_lang", "Hội làng", tone.value, 2027, 2027) for tone in Tone]
    return known + own


def test_every_text_stands_the_lint() -> None:
    """No text of ours breaks a rule of form or courtesy."""
    for subject, office in itertools.product(subjects(), OFFICES):
        texts = compose(subject, office)
        assert set(texts) == set(Road)
        assert lint(texts, subject.tone, office.short) == (), subject


def test_every_shipped_day_has_words_of_its_own() -> None:
    """No day of the calendar falls back on the sentences of its tone."""
    assert {o.code for o in occasions(2026)} - shipped()["days"].keys() == set()


def test_the_words_differ_from_year_to_year_and_by_audience() -> None:
    """The same day says something else next year, and speaks privately in a chat."""
    for code in shipped()["days"]:
        first, second = (
            compose(Subject(code, code, "ky_niem", year, year), OFFICES[0])
            for year in (2026, 2027)
        )
        assert first[Road.POST] != second[Road.POST]
        assert first[Road.CHAT] != first[Road.POST]
        assert first[Road.CHAT].startswith("Dạ, ")


def test_names_and_ages_of_years_are_right() -> None:
    """2026 is Bính Ngọ; Quốc khánh is 81 years old then."""
    texts = compose(Subject("quoc_khanh", "", "ky_niem", 2026, 2026), OFFICES[0])

    assert lunar_name(2026) == "Bính Ngọ"
    assert lunar_name(2027) == "Đinh Mùi"
    assert "81 năm" in texts[Road.CHAT]


@pytest.mark.parametrize(
    ("tone", "text"),
    [
        ("tri_an", "Dạ, xin biết ơn và chúc mừng các bác ạ."),
        ("tuong_niem", "Dạ, hôm nay là ngày giỗ!"),
        ("tri_an", "Dạ, hôm nay trời đẹp ạ."),
        ("chuc_mung", "Xin chúc anh/chị mạnh khỏe."),
        ("chuc_mung", "Dạ, chúc bà con. " + "x" * 600),
        ("chuc_mung", "Dạ, mời anh/chị chuyển khoản ạ."),
        ("chuc_mung", ""),
    ],
)
def test_bad_words_are_found(tone: str, text: str) -> None:
    """Festive words on a day of mourning, no courtesy, too long: each is found."""
    assert lint({Road.CHAT: text}, tone) != ()


def test_a_template_that_names_a_stranger_is_refused() -> None:
    """A misspelt name in a template is an error with the day's code."""
    raw = {**shipped(), "days": {"x": {"loi": ["{{ tenn }}"]}}}

    with pytest.raises(BadWordingError, match="x"):
        compose(Subject("x", "X", "ky_niem", 2026, 2026), OFFICES[0], raw)
