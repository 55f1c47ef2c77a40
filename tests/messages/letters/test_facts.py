"""Is everybody addressed rightly, and is a life counted rightly?"""

from __future__ import annotations

import pytest

from messages.letters.facts import addressee, lifetime
from messages.letters.kinds import shipped
from tests.messages.letters.samples import letter, whole


@pytest.mark.parametrize(
    ("data", "line", "pronoun"),
    [
        ({}, "Ông/Bà Lê An", "Ông/Bà"),
        ({"gioi_tinh": "nữ"}, "Bà Lê An", "Bà"),
        ({"gioi_tinh": "nam", "tuoi": "80"}, "Cụ Lê An", "Cụ"),
        ({"ong_ba": "anh/chị", "gioi_tinh": "nam"}, "Anh Lê An", "Anh"),
        ({"ong_ba": "em", "tuoi": "15"}, "Em Lê An", "Em"),
        ({"ten": "bà Lê Thị An"}, "Bà Lê Thị An", "Bà"),
        ({"ten": "", "ten_to_chuc": "Công ty An"}, "Công ty An", "Quý đơn vị"),
        ({"ten_to_chuc": "Công ty B"}, "Ông/Bà Lê An, Công ty B", "Ông/Bà"),
    ],
)
def test_whom_a_letter_greets(data: dict[str, str], line: str, pronoun: str) -> None:
    """By what is known: the typed form, then age, then sex, else Ông/Bà."""
    to = addressee(shipped().named("cam_on"), {"ten": "Lê An"} | data)

    assert (to.line, to.pronoun) == (line, pronoun)


def test_a_couple_and_parents() -> None:
    """Husband and wife are joined; a mother alone stands alone; the young on wish."""
    couple = letter("ket_hon", ong_ba="anh chị").sheet.salutation
    mother = letter("sinh_con", bo="").sheet.salutation

    assert couple == "Kính gửi: Anh Nguyễn Văn An và Chị Trần Thị Bình"
    assert mother == "Kính gửi: Bà Phạm Thị Dung"


@pytest.mark.parametrize(
    ("age", "said"),
    [(100, "hưởng thọ 100"), (60, "hưởng thọ 60"), (59, "hưởng dương 59")],
)
def test_a_life_is_counted(age: int, said: str) -> None:
    """Hưởng thọ from 60, hưởng dương below (DOMAIN.md 4.3)."""
    assert lifetime(age) == f"{said} tuổi"
    assert f", {said} tuổi" in whole(letter("chia_buon", tuoi=age))


def test_a_child_is_mourned_without_counting() -> None:
    """No "hưởng dương", no solemn words; and none where the age is not known."""
    child = whole(letter("chia_buon", tuoi=9, thon=""))

    assert "Kính gửi: Gia đình cháu Đỗ Văn Kính" in child
    assert "hưởng" not in child
    assert "hưởng" not in whole(letter("chia_buon", tuoi=""))


def test_both_calendars_and_each_alone() -> None:
    """The lunar day stands in brackets, or alone with its name."""
    both = whole(letter("chia_buon"))
    lunar = whole(letter("chia_buon", ngay_mat=""))

    assert "ngày 02 tháng 11 năm 2026 (tức ngày 23 tháng Chín" in both
    assert "từ trần ngày 23 tháng Chín năm Bính Ngọ âm lịch, hưởng" in lunar
