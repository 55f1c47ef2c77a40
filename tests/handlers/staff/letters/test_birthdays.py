"""Who is wished well on their birthday, when, and who is not?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from handlers.staff.letters import (
    birthday_drafts,
    birthday_import,
    birthdays,
    delivery,
    occasions,
    steps,
    writing,
)
from handlers.staff.letters.birthday_drafts import AgeCustom, BirthdayRule
from handlers.staff.letters.birthday_form import anniversary, entry
from handlers.staff.letters.errors import (
    BadBirthdayError,
    MournedSinceError,
    NoConsentError,
    NoGuardianError,
)
from handlers.staff.letters.keeping import load, written
from handlers.staff.letters.model import SENDER
from handlers.staff.letters.occasion_form import OccasionEvent, Told
from storage import consent, letters
from storage.tables import letter, letter_birthday
from tests.handlers.staff.letters.conftest import LettersOffice

TODAY = date(2026, 11, 23)
RULE = BirthdayRule(days_ahead=7)
OLD = {
    "ten": "Cụ Lê Văn Thọ",
    "ngay_sinh": "28/11/1946",
    "dong_y": "có",
    "thon": "Đông",
}
YOUNG = {"ten": "Trần Thị Lụa", "ngay_sinh": "1990-11-24", "dong_y": "1"}


async def keep(office: LettersOffice, **more: str) -> None:
    """Keep a birthday; OLD unless told otherwise."""
    room = office.room()
    await birthdays.put(room, entry(OLD | more, room.today()))


async def drafted(office: LettersOffice, rule: BirthdayRule = RULE) -> list[str]:
    """Let a morning come; return what the letters say."""
    room = office.room(SENDER)
    await birthday_drafts.propose(room, rule)
    rows = await office.office.rows(letter)
    texts = []
    for row in sorted(rows, key=lambda one: one["created_at"]):
        if row["source"] == birthday_drafts.SOURCE and row["person_id"]:
            one = await room.desk.database.read(
                lambda c, row=row: load(c, room, row["letter_id"])  # type: ignore[misc]
            )
            texts.append("\n".join(written(room, one).sheet.lines()))
    return texts


async def test_a_draft_waits_a_week_ahead_and_only_once(
    letters_office: LettersOffice,
) -> None:
    """80 years make a longevity letter, others a birthday one; no draft is double."""
    await keep(letters_office)
    await keep(letters_office, **YOUNG)
    await keep(letters_office, ten="Xa", ngay_sinh="01/12/1980")
    texts = await drafted(letters_office)
    assert await drafted(letters_office) == texts
    assert len(texts) == 2
    long_life = next(text for text in texts if "THƯ CHÚC THỌ" in text)
    assert "Ngày 28 tháng 11 năm 2026, Cụ tròn 80 tuổi" in long_life
    birthday = next(text for text in texts if "SINH NHẬT" in text)
    assert "Ông/Bà Trần Thị Lụa" in birthday
    assert "tuổi." not in birthday
    rows = await letters_office.office.rows(letter)
    assert {row["state"] for row in rows} == {"draft"}
    near = await birthday_drafts.near(letters_office.room(), RULE)
    assert [(one.day.day, bool(one.letter_id)) for one in near] == [
        (24, True),
        (28, True),
    ]


async def test_ages_are_counted_by_the_custom_of_the_commune(
    letters_office: LettersOffice,
) -> None:
    """Counted from one, somebody of 79 full years is 80, and no day is named."""
    await keep(letters_office, ngay_sinh="28/11/1947")
    (text,) = await drafted(letters_office, BirthdayRule(7, AgeCustom.NOMINAL))
    assert "Năm nay, Cụ thượng thọ 80 tuổi" in text


async def test_nobody_is_wished_well_against_their_will_or_in_grief(
    letters_office: LettersOffice,
) -> None:
    """Consent taken back, recorded dead, celebration stopped: no draft, and why."""
    await keep(letters_office)
    await keep(letters_office, **YOUNG)
    await keep(letters_office, ten="Ngô Văn Đạt", ngay_sinh="25/11/1970")
    dead = {"nguoi_mat": "Lê Văn Thọ", "ngay_mat": "2026-11-20", "thon": "Đông"}
    await letters_office.draft("chia_buon", data=dead, is_sure=True)
    await steps.stop_celebrations(letters_office.leader, is_stopped=True)
    assert await drafted(letters_office) == []
    await steps.stop_celebrations(letters_office.leader, is_stopped=False)
    room = letters_office.room()
    kept = {one.data["ten"]: one for one in await birthdays.listed(room)}
    said = consent.Consent(
        room.desk.ids.new(),
        str(kept["Trần Thị Lụa"].row["person_id"]),
        "letters",
        "zalo",
        "x:1",
        room.desk.now_ms(),
        is_given=False,
    )
    await room.desk.database.write(lambda c: consent.withdraw(c, room.unit_id, said))
    (text,) = await drafted(letters_office)
    assert "Ngô Văn Đạt" in text
    why = {n.birthday.name: n.why for n in await birthday_drafts.near(room, RULE)}
    assert "rút đồng ý" in why["Trần Thị Lụa"]
    assert "đã có thư chia buồn" in why["Cụ Lê Văn Thọ"]


async def test_grief_that_came_later_holds_a_wish(
    letters_office: LettersOffice,
) -> None:
    """A death told after the approval: it does not leave until looked at again."""
    await keep(letters_office)
    await drafted(letters_office)
    (row,) = await letters_office.office.rows(letter)
    room, letter_id = letters_office.room(), str(row["letter_id"])
    await steps.check(room, letter_id, 1)
    await steps.approve(letters_office.leader, letter_id, 2)
    await steps.schedule(room, letter_id, 3)
    letters_office.office.clock.advance(timedelta(hours=1))
    dead = Told(OccasionEvent.DEATH, {"nguoi_mat": "Lê Văn Thọ"})
    await occasions.receive(room, "k", dead)
    await letters_office.reached_on(letter_id, "zalo", timedelta(hours=1))
    await delivery.send_due(room, letters_office.post)
    assert (await letters_office.row(letter_id))["waits_for"] == "mourned"
    with pytest.raises(MournedSinceError):
        await steps.put_on_paper(room, [letter_id], lambda _: b"")
    letters_office.office.clock.advance(timedelta(hours=1))
    data = {"ten": "Cụ Lê Văn Thọ", "tuoi": "80", "thon": "Đông"}
    await writing.edit(room, letter_id, 4, data)
    await steps.check(room, letter_id, 5)
    await steps.approve(letters_office.leader, letter_id, 6)


async def test_a_draft_laid_away_is_not_proposed_again(
    letters_office: LettersOffice,
) -> None:
    """Somebody decided; the machine does not insist, and knows the day of a letter."""
    await keep(letters_office)
    await drafted(letters_office)
    (row,) = await letters_office.office.rows(letter)
    room, letter_id = letters_office.room(), str(row["letter_id"])
    one = await room.desk.database.read(lambda c: load(c, room, letter_id))
    assert birthday_drafts.day_of(one) == date(2026, 11, 28)
    await steps.archive(room, letter_id, 1)
    await drafted(letters_office)
    assert len(await letters_office.office.rows(letter)) == 1


async def test_who_takes_it_back_or_is_erased_is_gone(
    letters_office: LettersOffice,
) -> None:
    """The row and its words go; with the consent where it was taken back."""
    await keep(letters_office)
    await keep(letters_office, **YOUNG)
    room = letters_office.room()
    first, second = await birthdays.listed(room)
    await birthdays.drop(room, first.birthday_id, is_withdrawn=True)
    person = str(first.row["person_id"])
    may = (room.unit_id, person, "letters", room.desk.now_ms())
    assert not await room.desk.database.read(lambda c: consent.allowed(c, *may))
    other, now = str(second.row["person_id"]), room.desk.now_ms()
    await room.desk.database.write(
        lambda c: letters.forget(c, room.unit_id, other, now)
    )
    assert await letters_office.office.rows(letter_birthday) == []
    tags = await letters_office.office.tags()
    assert tags[-3:] == [
        "staff:birthday:kept",
        "staff:birthday:kept",
        "staff:birthday:dropped",
    ]


async def test_a_file_is_looked_at_and_taken_once(
    letters_office: LettersOffice, tmp_path: Path
) -> None:
    """Rows without a yes, of a child alone or with no real day are told and left."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (
        ("Danh sách người cao tuổi",),
        ("Họ tên", "Ngày sinh", "Giới tính", "Đồng ý", "Điện thoại", "Giám hộ"),
        ("Lê Văn Thọ", "28/11/1946", "nam", "có", "0912000111", ""),
        ("Đỗ Thị Na", "30/02/1950", "nữ", "có", "", ""),
        ("Vũ Văn Tư", "01/01/1950", "nam", "", "", ""),
        ("Bé Na", "24/11/2018", "nữ", "x", "", ""),
        ("Bé Bi", "24/11/2018", "nam", "x", "", "x"),
    ):
        sheet.append(row)
    path = tmp_path / "a.xlsx"
    book.save(path)
    room = letters_office.room()
    rows = birthday_import.read(room, path)
    assert [row.entry is not None for row in rows] == [True, False, False, False, True]
    assert "30/02/1950" in rows[1].looked.problem
    assert "đồng ý" in rows[2].looked.problem
    assert "giám hộ" in rows[3].looked.problem
    assert await birthday_import.put(room, rows) == 2
    assert await birthday_import.put(room, rows) == 2
    assert len(await letters_office.office.rows(letter_birthday)) == 2
    texts = await drafted(letters_office)
    assert any("Cháu Bé Bi" in text for text in texts)


async def test_a_day_of_leap_years_is_kept_on_the_28th(
    letters_office: LettersOffice,
) -> None:
    """In other years the letter names no day that is not theirs."""
    await keep(letters_office, ten="Bùi Thị Nhuận", ngay_sinh="29/02/1956")
    clock = letters_office.office.clock
    clock.set(datetime(2026, 2, 20, 1, tzinfo=UTC))
    assert await drafted(letters_office) == []
    clock.set(datetime(2026, 2, 21, 1, tzinfo=UTC))
    (text,) = await drafted(letters_office)
    assert "Năm nay, Cụ tròn 70 tuổi" in text
    clock.set(datetime(2028, 2, 25, 1, tzinfo=UTC))
    assert len(await drafted(letters_office)) == 2


def test_what_is_no_birthday_is_refused() -> None:
    """A day to come, a year alone, no yes, a child without a guardian."""
    for raw, error in (
        (OLD | {"ngay_sinh": "24/11/2026"}, BadBirthdayError),
        (OLD | {"ngay_sinh": "năm 1946"}, BadBirthdayError),
        (OLD | {"dong_y": "không"}, NoConsentError),
        (OLD | {"ngay_sinh": "24/11/2010"}, NoGuardianError),
    ):
        with pytest.raises(error):
            entry(raw, TODAY)
    assert entry(OLD | {"ngay_sinh": "23/11/2010"}, TODAY).born == date(2010, 11, 23)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(2026, 2100))
def test_everybody_has_a_birthday_every_year(born: date, year: int) -> None:
    """One day a year, the own one but for 29 February."""
    day = anniversary(born, year)
    assert (day.year, day.month) == (year, born.month)
    assert day.day == born.day or (born.month, born.day, day.day) == (2, 29, 28)
