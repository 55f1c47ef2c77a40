"""Is a dossier complete, honest, the same bytes again, and checked by a stranger?"""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from handlers.staff.dossier import paper
from handlers.staff.dossier.build import Built
from handlers.staff.dossier.errors import (
    BadPaperError,
    NothingThenError,
    ReasonMissingError,
    UnknownCriterionError,
)
from handlers.staff.dossier.finding import Section, State
from messages.criteria.load import load
from storage import people
from tests.handlers.staff.dossier.conftest import SMALL, UNIT, Office, checked

DAY = date(2026, 10, 2)
OTHER = """
name: Bộ tiêu chí của nơi khác
rows:
- {id: A, level: criterion, title: Phục vụ}
- id: A.1
  level: item
  title: Người dân được hướng dẫn
  score: 2.5
  mode: served
  draws:
  - {kind: entries, title: Lượt tra cứu, tags: ["bot:procedure:shown"], need: 100000}
  - {kind: survey, title: Đánh giá, about: [service, counter], need: 0}
- {id: A.2, level: item, title: Ảnh, papers: {what: Ảnh trụ sở}}
"""


def of(built: Built, number: str) -> Section:
    """Return a row."""
    return next(s for s in built.sections if s.criterion.number == number)


async def test_later_the_same_instant_gives_the_same_bytes(
    office: Office, tmp_path: Path
) -> None:
    """More entries, papers and a paper taken back since change nothing of it."""
    kept = await office.file("IV.3.d", "Ảnh wifi", DAY)
    at = await office.sign()
    first, before = await office.build(at, SMALL)
    office.year.at += 60_000
    await office.file("IV.3.d", "Ảnh wifi thứ hai", DAY)
    await paper.remove(office.room, kept, "chụp lại")
    later = await office.sign()
    second, after = await office.build(at, SMALL)
    third, newest = await office.build(later, SMALL)
    titles = [one.file.title for one in of(third, "4.3.d").evidence]

    assert before == after
    assert newest != before
    assert (first.entries, titles) == (second.entries, ["Ảnh wifi thứ hai"])
    assert checked(before, tmp_path / "a", first.point.fingerprint).faults == []
    assert checked(newest, tmp_path / "b").number == 1


async def test_who_was_erased_since_is_a_number(office: Office, tmp_path: Path) -> None:
    """Their talk is gone from it, they are counted, and everything still verifies."""
    at = await office.sign()
    first, before = await office.build(at, SMALL)
    for vault in office.year.vaults:
        who = vault.person_id
        await office.year.database.write(
            lambda c, who=who: people.erase(c, UNIT, who, at + 1)  # type: ignore[misc]
        )
        office.unit.vault.forget(who)
    second, after = await office.build(at, SMALL)
    talks = next(f for f in of(second, "1.1.b").found if "mẫu" in f.title)

    assert (first.erased, second.erased) == (0, len(office.year.vaults))
    assert "đã xóa theo yêu cầu" in talks.told
    assert talks.files == ()
    assert first.entries == second.entries
    assert before != after
    assert checked(after, tmp_path / "out").faults == []


async def test_what_was_changed_is_named(office: Office, tmp_path: Path) -> None:
    """A paper, a figure, a list or the log: each change is found by name."""
    await office.file("IV.3.d", "Ảnh wifi", DAY)
    _, content = await office.build(await office.sign(), SMALL)
    folder = tmp_path / "out"
    checked(content, folder)
    for name in ("minh-chung/4.3.d/4.3.d-01.jpg", "dossier.pdf", "nhat-ky/keys.txt"):
        path = folder / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        found = checked_again(folder)
        path.write_bytes(data)
        assert any(name.rpartition("/")[2] in fault for fault in found), (name, found)
    (folder / "them.txt").write_text("x")

    assert checked_again(folder) == ["tệp thừa: them.txt"]


def checked_again(folder: Path) -> list[str]:
    """Check a folder that lies there already."""
    return checked(empty(), folder).faults


def empty() -> bytes:
    """Return an archive of nothing."""
    out = io.BytesIO()
    zipfile.ZipFile(out, "w").close()
    return out.getvalue()


async def test_rows_say_what_is_there_and_what_is_not(office: Office) -> None:
    """Full, weak and missing rows; masked talks; numbers as the appendix has them."""
    await office.file("IV.7", "Quyết định công nhận", DAY, number="221/QĐ-UBND")
    built, content = await office.build(await office.sign())
    archive = zipfile.ZipFile(io.BytesIO(content))
    names = set(archive.namelist())
    report = of(built, "1.1.b")
    weak = of(built, "1.1.d")

    word = Document(io.BytesIO(archive.read("dossier.docx")))
    heads = [
        p.text
        for p in word.paragraphs
        if p.style and p.style.name.startswith("Heading")
    ]
    index = openpyxl.load_workbook(io.BytesIO(archive.read("index.xlsx")))
    link = index["Minh chứng"].cell(2, 7)

    assert "BẢNG TỔNG HỢP" in heads
    assert len([text for text in heads if text[:1].isdigit()]) == 69 + 15
    assert index["Tiêu chí"].max_row == 1 + 69
    assert str(link.value) in names
    assert link.hyperlink is not None
    assert of(built, "4.7").state is State.FULL
    assert of(built, "4.1").state is State.MISSING
    assert of(built, "4.1").todo == ("Nộp ở mục Minh chứng, dòng 4.1.",)
    assert (report.state, len(report.evidence)) == (State.FULL, 3)
    assert weak.lacks == ("Lần công khai kết quả trực tuyến: chưa có ở quý III/2026.",)
    assert {
        "dossier.pdf",
        "dossier.docx",
        "index.xlsx",
        "nhat-ky/verify_evidence.py",
    } <= names
    assert "minh-chung/4.7/4.7-01.jpg" in names
    assert built.days.last == date(2026, 10, 14)


async def test_another_set_of_criteria_needs_no_code(
    office: Office, tmp_path: Path
) -> None:
    """Another city's file is loaded and filled; its score is shown, ours is empty."""
    path = tmp_path / "khac.yml"
    path.write_text(OTHER, encoding="utf-8")
    built, content = await office.build(await office.sign(), load(path))
    rows = [one for one in built.sections if one.criterion.is_scored]

    assert [one.criterion.id for one in rows] == ["A.1", "A.2"]
    assert [one.state for one in rows] == [State.WEAK, State.MISSING]
    assert rows[0].found[0].count > 50
    assert rows[0].criterion.score == 2.5
    assert checked(content, tmp_path / "out").faults == []


async def test_a_destroyed_paper_is_gone_for_good(office: Office) -> None:
    """Its file and words are nowhere; the dossier of before says one is missing."""
    kept = await office.file("IV.3.d", "Nộp nhầm giấy tờ riêng", DAY)
    at = await office.sign()
    with pytest.raises(ReasonMissingError):
        await paper.remove(office.room, kept, "")
    await paper.remove(office.room, kept, "nộp nhầm", destroy=True)
    built, content = await office.build(at, SMALL)

    assert (built.destroyed, of(built, "4.3.d").evidence) == (1, ())
    assert "Nộp nhầm".encode() not in content
    assert list((office.room.folder._root / f"{UNIT}.dossier").rglob("*/*")) == []


async def test_what_cannot_be_is_refused(office: Office) -> None:
    """A heading takes no paper, tomorrow neither; before the first day is nothing."""
    with pytest.raises(UnknownCriterionError):
        await office.file("IV.3", "Ảnh", DAY)
    with pytest.raises(BadPaperError):
        await office.file("IV.3.d", "Ảnh", date(2027, 1, 1))
    with pytest.raises(NothingThenError):
        await office.build(0)
