"""Does the list of duty name who was there, also when the table came in whole?"""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl

from handlers.cases.moments import from_ms, local_day
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.model import Profile
from handlers.staff.roster import imports
from handlers.staff.roster.model import Part, Shift, Slot
from handlers.staff.roster.shifts import set_shifts
from handlers.staff.roster.table import TITLES
from messages.criteria.load import load
from tests.handlers.staff.dossier.conftest import Office

ONLY_DUTY = """
name: Chỉ lịch trực
rows:
- id: A
  level: item
  title: Trực
  mode: served
  draws: [{kind: roster, title: Phân công trực}]
"""


async def test_set_and_imported_shifts_have_names(
    office: Office, tmp_path: Path
) -> None:
    """Name, title and the entry that says so; a day to come is not read from rows."""
    desk, day = office.room.desk, local_day(from_ms(office.year.at))
    for code, name in (("cb1", "Trần Văn Cán"), ("cb2", "Lê Thị Duyên")):
        await add(desk, NewMember(code, Profile(name, "Công chức")))
    first, second, third = (day + timedelta(days=n) for n in (1, 2, 4))
    await set_shifts(desk, [Shift(Slot(first, Part.SANG, "zalo"), "cb1", "cb2")])
    book = openpyxl.Workbook()
    book.active.append(TITLES)  # type: ignore[union-attr]
    for one in (second, third):
        book.active.append([f"{one:%d/%m/%Y}", "Sáng", "Zalo", "", "cb2"])  # type: ignore[union-attr]
    book.save(tmp_path / "truc.xlsx")
    await imports.apply(desk, tmp_path / "truc.xlsx")
    office.year.at += 3 * 86_400_000
    at = await office.sign()
    before = await _list(office, at, _criteria(tmp_path))
    office.year.at += 3 * 86_400_000
    again = await _list(office, at, tmp_path / "a.yml")
    own = [
        row for row in before if row[0] in {f"{first:%d/%m/%Y}", f"{second:%d/%m/%Y}"}
    ]

    assert [row[4:6] for row in own] == [
        ("Trần Văn Cán, Công chức", "Lê Thị Duyên, Công chức"),
        ("Lê Thị Duyên, Công chức", ""),
    ]
    assert all(len(str(row[6])) == 32 for row in own)
    assert own[0][6] != own[1][6]
    assert f"{third:%d/%m/%Y}" not in {row[0] for row in before}
    assert before == again


def _criteria(folder: Path) -> Path:
    (folder / "a.yml").write_text(ONLY_DUTY, encoding="utf-8")
    return folder / "a.yml"


async def _list(office: Office, at: int, path: Path) -> list[tuple[object, ...]]:
    _, content = await office.build(at, load(path))
    archive = zipfile.ZipFile(io.BytesIO(content))
    book = openpyxl.load_workbook(io.BytesIO(archive.read("minh-chung/A/A-01.xlsx")))
    return list(book.worksheets[0].iter_rows(values_only=True))
