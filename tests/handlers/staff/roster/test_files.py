"""Does the roster come in from a spreadsheet, go out as one, and onto paper?"""

from __future__ import annotations

import contextlib
import csv
import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from handlers.staff.people.errors import NotAllowedError
from handlers.staff.people.model import Member, Profile
from handlers.staff.permissions import Role
from handlers.staff.roster import errors, export, imports, leave, sheet, table, view
from handlers.staff.roster.model import (
    ANY,
    POST_NAMES,
    Leave,
    Part,
    Plan,
    Shift,
    Slot,
)
from handlers.staff.roster.shifts import set_shifts, set_standby
from handlers.staff.roster.words import (
    field_name,
    field_names,
    read_day,
    read_field,
    read_part,
    read_post,
    slot_name,
)
from storage.tables import roster_shift
from tests.handlers.staff.office import StaffOffice

TODAY = date(2026, 11, 23)
TOMORROW = date(2026, 11, 24)
HEADER = [
    "Ngày",
    "Buổi",
    "Kênh",
    "Lĩnh vực",
    "Người trực",
    "Người trực thay",
    "Số điện thoại",
]
GOOD = ["24/11/2026", "Sáng", "Zalo", "Hộ tịch", "an", "Trần Văn Bình", "0220 111"]


def workbook(folder: Path, *rows: Sequence[object]) -> Path:
    """Write rows below a title, as offices do."""
    path = folder / "truc.xlsx"
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["BẢNG PHÂN CÔNG TRỰC THÁNG 11"])
    page.append(HEADER)
    for row in rows:
        page.append(list(row))
    book.save(path)
    return path


def text_file(folder: Path, *rows: list[str], sign: str = ";") -> Path:
    """Write a CSV."""
    path = folder / "truc.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=sign).writerows([HEADER, *rows])
    return path


@pytest.fixture
async def team(staff_office: StaffOffice) -> StaffOffice:
    """Four people, one of them the head."""
    for staff_id in ("an", "binh", "cuc"):
        await staff_office.hire(staff_id)
    await staff_office.hire("dung", Role.HEAD)
    return staff_office


async def shifts(office: StaffOffice) -> dict[Slot, Shift]:
    """Return what is written for these two days."""
    found = await view.seen(office.desk, TODAY, TOMORROW)
    return {shift.slot: shift for shift in found.plan.shifts}


async def test_a_preview_writes_nothing(team: StaffOffice, tmp_path: Path) -> None:
    """What would be added is told; then the same file does it."""
    path = workbook(tmp_path, GOOD)
    told = await imports.preview(team.desk, path)
    assert await team.rows(roster_shift) == []
    done = await imports.apply(team.desk, path)

    slot = Slot(TOMORROW, Part.SANG, "zalo", "ho_tich")
    assert told == done
    assert done.added == (slot,)
    shift = (await shifts(team))[slot]
    assert (shift.holder, shift.deputy, shift.phone) == ("an", "binh", "0220 111")
    tag, data = (await team.proofs())[-1]
    assert tag == "staff:roster:imported"
    assert data["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (data["added"], data["refused"]) == (1, 0)


async def test_dates_of_a_spreadsheet(team: StaffOffice, tmp_path: Path) -> None:
    """A cell that is a date is read as one; empty lines are passed over."""
    path = workbook(tmp_path, [], [TOMORROW, "chiều", "", "", "an"], [None, ""])
    done = await imports.apply(team.desk, path)

    assert done.added == (Slot(TOMORROW, Part.CHIEU, ANY, ANY),)
    assert done.refused == ()


@pytest.mark.parametrize("sign", [";", ",", "\t"])
async def test_text_files(team: StaffOffice, tmp_path: Path, sign: str) -> None:
    """A CSV parted by any usual sign is read."""
    done = await imports.preview(team.desk, text_file(tmp_path, GOOD, sign=sign))

    assert len(done.added) == 1


async def test_each_bad_line_says_why(team: StaffOffice, tmp_path: Path) -> None:
    """A line that is refused names its row and reason; the good ones go in."""
    await team.hire("an2")
    bad = [
        ["32/11/2026", "Sáng", "", "", "an"],
        ["24/11/2026", "Trưa", "", "", "an"],
        ["24/11/2026", "", "", "", "an"],
        ["24/11/2026", "Sáng", "Fax", "", "an"],
        ["24/11/2026", "Sáng", "", "Nấu ăn", "an"],
        ["24/11/2026", "Sáng", "", "", ""],
        ["24/11/2026", "Sáng", "", "", "Ông Không"],
        ["24/11/2026", "Sáng", "", "", "an", "an"],
        ["24/11/2026", "Tối", "", "", "an", "", "gọi tôi"],
        ["22/11/2026", "Sáng", "", "", "an"],
        GOOD,
        GOOD,
    ]
    report = await imports.apply(team.desk, text_file(tmp_path, *bad))

    assert len(report.added) == 1
    assert [one.number for one in report.refused] == [
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        13,
    ]
    reasons = [one.reason for one in report.refused]
    assert reasons[0] == "Ngày '32/11/2026' chưa đúng"
    assert "Trưa" in reasons[1]
    assert "chưa ghi buổi trực" in reasons[2]
    assert "chưa ghi người trực" in reasons[5]
    assert "chưa có trong danh sách" in reasons[6]
    assert "hai người khác nhau" in reasons[7]
    assert "đã qua" in reasons[9]
    assert reasons[10] == "trùng ca với dòng 12"


async def test_importing_again_changes_nothing(
    team: StaffOffice, tmp_path: Path
) -> None:
    """The second time everything is as it was; days gone by are no fault then."""
    rows = [[f"{day}/11/2026", "Sáng", "", "", "an"] for day in (23, 24)]
    path = text_file(tmp_path, *rows)
    await imports.apply(team.desk, path)
    before = await team.rows(roster_shift)
    report = await imports.apply(team.desk, path)

    assert (report.unchanged, report.added, report.changed) == (2, (), ())
    assert await team.rows(roster_shift) == before


async def test_replacing_days(team: StaffOffice, tmp_path: Path) -> None:
    """On the days of the file what it leaves out goes; other days stay."""
    for day in (TODAY, TOMORROW):
        for part in (Part.SANG, Part.TOI):
            await set_shifts(team.desk, [Shift(Slot(day, part), "cuc")])
    path = text_file(tmp_path, ["24/11/2026", "Sáng", "", "", "an"])
    kept = await imports.apply(team.desk, path)
    assert kept.removed == ()
    report = await imports.apply(team.desk, path, replace_days=True)

    assert report.removed == (Slot(TOMORROW, Part.TOI),)
    assert set(await shifts(team)) == {
        Slot(TODAY, Part.SANG),
        Slot(TODAY, Part.TOI),
        Slot(TOMORROW, Part.SANG),
    }


async def test_an_empty_file_replaces_nothing(
    team: StaffOffice, tmp_path: Path
) -> None:
    """A file whose every line is bad does not wipe the roster."""
    path = text_file(tmp_path, ["?", "Sáng", "", "", "an"])

    with pytest.raises(errors.SheetEmptyError):
        await imports.apply(team.desk, path, replace_days=True)


async def test_two_of_one_name_need_their_codes(
    team: StaffOffice, tmp_path: Path
) -> None:
    """A name that two people share is refused; the code is not."""
    await team.hire("an-hai")
    rows = [["24/11/2026", "Sáng", "", "", name] for name in ("nguyễn thị AN", "AN")]
    await team.hire("an.ba", routes={})
    people = {one: Member(one, Profile("Nguyễn Thị An")) for one in ("an", "an-hai")}
    found = table.read(text_file(tmp_path, *rows), people)

    assert [one.reason for one in found.refused] == [
        "'nguyễn thị AN' có nhiều người trùng tên"
    ]
    assert found.shifts[0][1].holder == "an"


@pytest.mark.parametrize("name", ["no.xlsx", "truc.xlsx", "truc.pdf", "truc.csv"])
async def test_files_that_cannot_be_read(
    team: StaffOffice, tmp_path: Path, name: str
) -> None:
    """Missing, damaged, of another kind, or not UTF-8: one sentence."""
    if name != "no.xlsx":
        (tmp_path / name).write_bytes("Ngày;Buổi".encode("utf-16"))

    with pytest.raises(errors.SheetFileError):
        await imports.preview(team.desk, tmp_path / name)


async def test_a_file_without_a_header(team: StaffOffice, tmp_path: Path) -> None:
    """Without the columns it cannot be a roster."""
    path = tmp_path / "a.csv"
    path.write_text("Ngày;Người trực\n24/11/2026;an\n", encoding="utf-8")

    with pytest.raises(errors.SheetHeaderError):
        await imports.preview(team.desk, path)


def test_a_file_that_is_too_long(tmp_path: Path) -> None:
    """More lines than a month can have are refused as a whole."""
    rows = [["24/11/2026", "?", "", "", "an"]] * (table.MAX_ROWS + 1)

    with pytest.raises(errors.SheetFileError):
        table.read(text_file(tmp_path, *rows), {})


async def test_officers_do_not_import(team: StaffOffice, tmp_path: Path) -> None:
    """Not even a preview: it tells codes of people."""
    with pytest.raises(NotAllowedError):
        await imports.preview(team.as_("an"), text_file(tmp_path, GOOD))


@pytest.mark.parametrize("kind", [".xlsx", ".csv"])
async def test_what_goes_out_comes_in_again(
    team: StaffOffice, tmp_path: Path, kind: str
) -> None:
    """An export imported again changes nothing; it names people for readers."""
    wanted = [
        Shift(Slot(TODAY, Part.SANG, "zalo", "ho_tich"), "an", "binh", "0220 111"),
        Shift(Slot(TODAY, Part.NGOAI_GIO, "hotline"), "cuc"),
        Shift(Slot(TOMORROW, Part.TOI), "dung", "an", "+84 220 222"),
    ]
    await set_shifts(team.desk, wanted)
    found = await view.seen(team.desk, TODAY, TOMORROW)
    path = tmp_path / f"out{kind}"

    assert export.write(path, found) == 3
    report = await imports.preview(team.desk, path)
    assert (report.unchanged, report.refused) == (3, ())
    assert not path.with_name(f".{path.name}.part").exists()


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """A number that begins with + and a name that begins with = stay texts."""
    member = Member("evil", Profile("=cmd()"))
    shift = Shift(Slot(TODAY, Part.SANG), "evil", phone="+84220")
    found = view.View(Plan((shift,)), {"evil": member})
    path = tmp_path / "a.xlsx"
    export.write(path, found)
    page = load_workbook(path).active
    assert page is not None
    cells = [cell.value for cell in page[2]]

    assert "'=cmd()" in cells
    assert "'+84220" in cells


async def test_a_file_that_cannot_be_written(team: StaffOffice, tmp_path: Path) -> None:
    """An unknown kind or a folder that is not there is said."""
    found = await view.seen(team.desk, TODAY, TODAY)

    for name in ("a.pdf", "no/a.csv"):
        with pytest.raises(errors.SheetNotWrittenError):
            export.write(tmp_path / name, found)


async def test_the_printed_sheet(team: StaffOffice) -> None:
    """Names, titles, hours, chain and leave stand on it; the log knows its hash."""
    await set_shifts(
        team.desk,
        [
            Shift(Slot(TODAY, Part.SANG, "zalo"), "an", "binh", "0220 111"),
            Shift(Slot(TODAY, Part.CHIEU, "zalo"), "cuc"),
        ],
    )
    await set_standby(team.desk, ["dung"])
    await leave.record(team.desk, Leave("cuc", TODAY, TOMORROW, Part.CHIEU))
    name = "UBND xã <Thanh Hà>"
    done = await sheet.made(team.desk, name, "Thanh Hà", TODAY, TOMORROW)
    await sheet.prove(team.desk, done)

    for part in (
        "UBND XÃ &lt;THANH HÀ&gt;",
        "Từ ngày 23/11/2026 đến ngày 24/11/2026",
        "<td>Nguyễn Thị An, Công chức</td><td>Trần Văn Bình, Công chức</td>",
        "sáng 07:00-12:00, chiều 12:00-17:30",
        "<li>Phạm Văn Dũng, Công chức</li>",
        "<li>Lê Thị Cúc: 23/11 đến 24/11 (buổi chiều)</li>",
    ):
        assert part in done.page
    assert done.page.count("thứ Hai, 23/11/2026") == 1
    assert done.shifts == 2
    assert done.sha256 == hashlib.sha256(done.page.encode()).hexdigest()
    tag, data = (await team.proofs())[-1]
    assert tag == "staff:roster:printed"
    assert data["sha256"] == done.sha256


async def test_a_sheet_without_shifts_says_so(team: StaffOffice) -> None:
    """An empty table would look like a fault of the printer."""
    done = await sheet.made(team.desk, "UBND xã", "", TODAY, TODAY)

    assert "Chưa có ca trực nào" in done.page
    assert "script" not in done.page


def test_every_name_is_read_back() -> None:
    """What we write into a sheet for parts, channels and fields can be read again."""
    for code in (*field_names(), ANY):
        assert read_field(field_name(code)) == code
        assert read_field(code) == code
    for code, name in POST_NAMES.items():
        assert read_post(name) == read_post(code) == code
    for part in Part:
        assert read_part(part.value) is part
    assert read_part("ĐÊM") is Part.NGOAI_GIO
    assert (read_post(" "), read_field("")) == (ANY, ANY)


def test_a_duty_in_words() -> None:
    """Day, part, channel, and the field when there is one."""
    assert slot_name(Slot(TODAY, Part.TOI, "hotline")) == (
        "thứ Hai, 23/11/2026 · Tối · Đường dây nóng"
    )
    assert slot_name(Slot(TODAY, Part.SANG, ANY, "dat_dai")).endswith("Đất đai")


@given(st.dates())
def test_days_are_read_back(day: date) -> None:
    """Both ways of writing a day are understood."""
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day}/{day.month}/{day.year:04}") == day


@given(st.text(max_size=30))
def test_reading_words_never_breaks(text: str) -> None:
    """Whatever a cell holds is read or refused with a sentence of ours."""
    for reader in (read_day, read_part, read_post, read_field):
        with contextlib.suppress(errors.BadSlotError):
            reader(text)
