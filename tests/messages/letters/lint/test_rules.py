"""Does the lint see each discourtesy and each gap, and nothing else?"""

from __future__ import annotations

import unicodedata

import pytest

from messages.letters.kinds import LetterKind, Output, shipped
from messages.letters.lint import rules
from messages.letters.lint.matrix import LONG, VIETNAMESE, alphabet
from messages.letters.lint.run import lint_kind, lint_letter
from messages.letters.templates import sources, wording
from tests.messages.letters.samples import DATA, letter


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Chúc  ông", "hai dấu cách"),
        ("Chúc ông , bà", "trước dấu câu"),
        ("Chúc ông,, bà", "thừa"),
        ("mất ngày ()", "ngoặc rỗng"),
        ("Chúc None", "chữ của máy"),
        ("Chúc {{ ten }}", "ký hiệu của mẫu"),
        ("hẹn ngày.", "bỏ lửng"),
        ("gửi ông ông An", "lặp lại"),
        (unicodedata.normalize("NFD", "ế"), "dựng sẵn"),
        ("  ", "rỗng"),
    ],
)
def test_faults_of_form(text: str, said: str) -> None:
    """Each kind of gap is named."""
    assert any(said in fault for fault in rules.faults(text))


def test_data_are_not_the_templates_fault() -> None:
    """A name with strange signs is covered before the template is judged."""
    assert list(rules.faults("Kính gửi {{ x }}  y ,", ["{{ x }}  y ,"])) == []
    assert list(rules.faults("Từ những việc gần gũi hằng ngày, ông làm.")) == []


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("chia_buon", "Xin chia buồn!", "chấm than"),
        ("chia_buon", "Chia buồn, chúc gia đình hạnh phúc", "lời vui"),
        ("chia_buon", "Chia buồn, cụ từ trần vì bệnh nặng", "nguyên nhân"),
        ("chia_buon", "Thành kính gửi gia đình", "lời chia buồn"),
        ("chia_buon", "Chia buồn 🕯", "biểu tượng"),
        ("chia_buon", "từ trần, hưởng thọ 40 tuổi", "hưởng dương"),
        ("chia_buon", "từ trần, hưởng dương 61 tuổi", "hưởng dương"),
        ("ket_hon", "Chúc sớm sinh con", "kết hôn"),
        ("bieu_duong", "Biểu dương, sẽ được thưởng", "không hứa"),
        ("xin_loi_qua_han", "Hồ sơ chậm", "xin lỗi"),
        ("tham_hoi", "Mau khỏe nhé!", "ân cần"),
    ],
)
def test_manners(kind: str, text: str, said: str) -> None:
    """DOMAIN.md 4.3, rule by rule."""
    found = list(rules.manners(text, shipped().named(kind)))

    assert any(said in problem for problem in found)


@pytest.mark.parametrize(
    ("text", "form", "is_wrong"),
    [
        ("Chúc Bà vui", "Ông", True),
        ("Chúc Ông/Bà vui", "Ông", True),
        ("Chúc Bà vui", "Ông/Bà", True),
        ("Chúc Ông/Bà vui cùng Bà con", "Ông/Bà", False),
    ],
)
def test_pronouns(text: str, form: str, is_wrong: bool) -> None:
    """One form of address a letter."""
    assert bool(list(rules.pronouns(text, form))) == is_wrong


def test_the_greeting_needs_the_whole_name() -> None:
    """Never a first name alone, never nobody."""
    assert list(rules.salutation("Kính gửi: Ông An", "Nguyễn Văn An"))
    assert list(rules.salutation("Kính gửi: ", ""))
    assert not list(rules.salutation("Kính gửi: Ông Nguyễn Văn An", "Nguyễn Văn An"))


def test_the_alphabet_is_whole() -> None:
    """134 Vietnamese letters, in names of 60 signs at most."""
    assert len(set(VIETNAMESE)) == len(VIETNAMESE) == 134
    assert set("".join(alphabet())) - {" "} == set(VIETNAMESE)
    assert max(map(len, (*alphabet(), LONG))) == len(LONG) == 60


@pytest.mark.parametrize("kind", list(shipped()), ids=lambda kind: kind.code)
def test_our_templates_stand_every_case(kind: LetterKind) -> None:
    """No template of ours has a problem in any case of the matrix."""
    assert lint_kind(kind) == ()


def test_an_edited_template_is_judged() -> None:
    """A gap that shows only without an optional datum is found, with its case."""
    kind = shipped().named("tham_hoi")
    text = sources(kind)[Output.CHAT] + " Hẹn thăm tại {{ thon }}."

    found = lint_kind(kind, wording(kind, sources(kind) | {Output.CHAT: text}))

    assert any("chat: có câu bỏ lửng" in problem for problem in found)


def test_the_checker_sees_a_letters_own_words() -> None:
    """What an officer typed is judged too."""
    rude = letter("chia_buon", ngay_mat_am="12 tháng Mười, sau tai nạn")

    assert any("nguyên nhân" in problem for problem in lint_letter(rude))
    assert all(not lint_letter(letter(kind)) for kind in DATA)
