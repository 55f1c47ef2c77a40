"""Are letters shown as they were, spread over the time, with nobody named in them?"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it has no stubs

from handlers.model import Tag
from handlers.staff.dossier.build import Built
from handlers.staff.dossier.letter_copies import chosen
from handlers.staff.dossier.log import Line
from messages.criteria.load import load
from messages.criteria.model import Criteria
from storage import people
from storage.tables import letter
from tests.handlers.staff.dossier.conftest import UNIT, Office
from tests.handlers.staff.dossier.year import LETTERS

ONLY_LETTERS = """
name: Chỉ thư
rows:
- id: A
  level: item
  title: Mọi loại thư
  mode: served
  draws:
  - {kind: letters, title: Thư, kinds: [KINDS], most: MOST}
"""


def line(number: int, month: int) -> Line:
    """Return the entry of a letter that arrived on the 10th of a month."""
    at = int(date(2026, month, 10).strftime("%s")) * 1000 + number
    return Line(f"{number:032x}", at, Tag.LETTER_HANDED.value, str(number), "", "", {})


def test_a_few_are_spread_and_the_newest_first() -> None:
    """One of each month, newest months first; then the second ones."""
    lines = [line(n, month) for n, month in enumerate((1, 1, 1, 2, 3, 3))]

    assert [one.subject for one in chosen(lines, 3)] == ["2", "3", "5"]
    assert [one.subject for one in chosen(lines, 4)] == ["2", "3", "4", "5"]
    assert len(chosen(lines, 9)) == 6
    assert chosen([], 3) == []


async def built(office: Office, path: Path, most: int) -> tuple[Built, dict[str, str]]:
    """Build a dossier of letters alone; return it with the words of each copy."""
    told, content = await office.build(office.year.at, _criteria(path, most))
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = [n for n in archive.namelist() if re.match(r"minh-chung/.*\.pdf", n)]
    return told, {name: _words(archive.read(name)) for name in names}


def _criteria(path: Path, most: int) -> Criteria:
    text = ONLY_LETTERS.replace("KINDS", ", ".join(LETTERS))
    path.write_text(text.replace("MOST", str(most)), encoding="utf-8")
    return load(path)


def _words(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).split())


async def test_each_kind_is_shown_without_a_name(
    office: Office, tmp_path: Path
) -> None:
    """Title, words and signature stand there; no datum of a citizen does."""
    for kind in LETTERS:
        office.year.at += 60_000
        office.year.letter(kind)
    await office.year.save()
    await office.sign()
    told, copies = await built(office, tmp_path / "a.yml", 20)
    (found,) = told.sections[0].found
    everything = " ".join(copies.values())
    secrets = {"Tám", "Lụa", "Phạm Văn Tư", "Hoa", "Bảy", "Cúc", "Sáu", "261101"}

    assert len(copies) == len(LETTERS) + 4
    assert "kèm 10 thư đã che dữ liệu cá nhân" in found.told
    assert "THƯ CHÚC MỪNG" in everything
    assert "[họ tên]" in everything
    assert "Mã trong nhật ký:" in everything
    assert {word for word in secrets if word in everything} == set()
    assert "hiến 40 m² đất làm đường" in everything


async def test_what_cannot_be_shown_is_counted(office: Office, tmp_path: Path) -> None:
    """Left out by the limit, written in another wording, erased: each is said."""
    await office.sign()
    some, few = await built(office, tmp_path / "a.yml", 1)
    database = office.year.database
    await database.write(lambda c: c.execute(letter.update().values(words="0-x")))
    other, none = await built(office, tmp_path / "a.yml", 1)
    who = office.year.vaults[0].person_id
    await database.write(lambda c: people.erase(c, UNIT, who, office.year.at))
    office.unit.vault.forget(who)
    gone, nobody = await built(office, tmp_path / "a.yml", 1)

    assert (len(few), none, nobody) == (1, {}, {})
    assert "3 thư khác chỉ ghi trong danh sách" in some.sections[0].found[0].told
    assert "1 thư không dựng lại được" in other.sections[0].found[0].told
    assert "1 thư đã xóa theo yêu cầu" in gone.sections[0].found[0].told
