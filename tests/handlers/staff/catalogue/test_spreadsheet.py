"""Are spreadsheets of a commune read as people make them?"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from handlers.staff.catalogue import spreadsheet
from handlers.staff.catalogue.errors import (
    FileTooLargeError,
    FileUnreadableError,
    HeaderError,
)
from handlers.staff.catalogue.model import Batch


def xlsx(folder: Path, *rows: Sequence[Any]) -> Path:
    """Write rows to a workbook."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    path = folder / "bang.xlsx"
    book.save(path)
    return path


def read_text(folder: Path, text: str, encoding: str = "utf-8") -> Batch:
    """Read a text as a CSV file."""
    path = folder / "bang.csv"
    path.write_bytes(text.encode(encoding))
    return spreadsheet.read_csv(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("titles", [("Mã", "Tên gọi khác"), ("ma thu tuc", "BI DANH")])
def test_csv_as_programs_save_it(
    tmp_path: Path, sign: str, encoding: str, titles: tuple[str, str]
) -> None:
    """With or without BOM, with any usual sign, titles with or without accents."""
    text = f'{sign.join(titles)}\r\n1.000001{sign}"a; b"\r\n'

    (row,) = read_text(tmp_path, text, encoding).rows

    assert (row.number, row.fields) == (
        2,
        {"code": "1.000001", "aliases": ["a", "b"]},
    )


def test_every_kind_of_column(tmp_path: Path) -> None:
    """Lists, papers, parts of a fee and of a time, levels and dates are understood."""
    cells = {
        "Mã": "1.1",
        "Cấp": "Cấp xã, Cấp tỉnh",
        "Giấy tờ": "Đơn | chính 2\nThẻ",
        "Lệ phí": "5.000 đồng",
        "Miễn giảm": "Hộ nghèo",
        "Lệ phí đã chắc": "Không",
        "Thời hạn": "3,5 ngày",
        "Số ngày": 3.5,
        "Đơn vị tính": "ngày làm việc",
        "Nộp trực tuyến": "Có",
        "Căn cứ": "1/2020/QH14 | Luật",
        "Nguồn": "Xã",
        "Ngày nguồn": datetime(2026, 5, 1),  # noqa: DTZ001  a spreadsheet's date has no zone
        "Hay hỏi": "x",
    }
    path = xlsx(tmp_path, ["DANH MỤC"], [], list(cells), list(cells.values()))

    (row,) = spreadsheet.read_xlsx(path).rows

    assert row.number == 4
    assert row.fields == {
        "code": "1.100000",
        "levels": ["xa", "tinh"],
        "papers": [{"name": "Đơn", "original": 2}, {"name": "Thẻ"}],
        "fee": {"text": "5.000 đồng", "exempt": "Hộ nghèo", "sure": False},
        "time": {"text": "3,5 ngày", "days": 3.5, "unit": "working_day"},
        "online": {"available": True},
        "legal": [{"number": "1/2020/QH14", "title": "Luật"}],
        "source": {"name": "Xã", "as_of": "2026-05-01"},
        "core": True,
    }


def test_a_code_that_became_a_number_gets_its_zeros_back(tmp_path: Path) -> None:
    """1.115620 typed as a number is stored as 1.11562 and read as the code it was."""
    batch = spreadsheet.read_xlsx(xlsx(tmp_path, ["Mã"], [1.115620], [2.000815]))

    assert [row.code for row in batch.rows] == ["1.115620", "2.000815"]


def test_formulas_are_text(tmp_path: Path) -> None:
    """A formula is never computed; it is the text that stands in the cell."""
    (row,) = spreadsheet.read_xlsx(xlsx(tmp_path, ["Mã", "Tên"], ["A-1", "=1+1"])).rows

    assert row.fields["name"] == "=1+1"


def test_wrong_rows_are_refused_and_the_rest_is_read(tmp_path: Path) -> None:
    """Each refused row has its number, its code and a Vietnamese reason."""
    batch = read_text(
        tmp_path,
        "Mã;Tên;Nộp trực tuyến;Miễn giảm;Cấp\n"
        "A-1;Một;Có;;\n"
        ";;;;\n"
        ";Không mã;;;\n"
        "A-2;;tùy;;\n"
        "A-3;;;Hộ nghèo;\n"
        "A-1;Lặp;;;\n"
        "A-4;;;;Cấp huyện\n"
        "A-5;Năm\n",
    )

    assert [row.code for row in batch.rows] == ["A-1", "A-5"]
    assert [(r.number, r.code, r.reason) for r in batch.rejections] == [
        (4, "", "thiếu mã thủ tục"),
        (5, "A-2", "cột 'Nộp trực tuyến': cần ghi Có hoặc Không"),
        (6, "A-3", "cần ghi cả cột 'Lệ phí'"),
        (7, "A-1", "trùng mã với dòng 2"),
        (8, "A-4", "cột 'Cấp': chỉ nhận: Cấp bộ, Cấp tỉnh, Cấp xã, Cơ quan khác"),
    ]


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    """A column nobody knows is not lost in silence."""
    assert read_text(tmp_path, "Mã,Lệ phjí\nA-1,5\n").ignored_columns == ("Lệ phjí",)


@pytest.mark.parametrize("text", ["", "Tên,Lệ phí\nA,1\n"])
def test_a_table_without_codes_is_refused(tmp_path: Path, text: str) -> None:
    """Without a column of codes no row can be placed."""
    with pytest.raises(HeaderError):
        read_text(tmp_path, text)


def test_two_columns_of_one_meaning_are_refused(tmp_path: Path) -> None:
    """Nobody could tell which of two fees counts."""
    with pytest.raises(HeaderError, match="hai cột"):
        read_text(tmp_path, "Mã,Lệ phí,Phí\nA-1,1,2\n")


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """An old encoding would turn Vietnamese into rubbish."""
    with pytest.raises(FileUnreadableError):
        read_text(tmp_path, "Mã,Tên\nA,é\n", "utf-16")


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A renamed file of another kind is told apart."""
    path = tmp_path / "bang.xlsx"
    path.write_bytes(b"not a zip")

    with pytest.raises(FileUnreadableError):
        spreadsheet.read_xlsx(path)


def test_a_workbook_that_unfolds_too_far_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size after unpacking is looked at before anything is unpacked."""
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 100_000)
    monkeypatch.setattr(spreadsheet, "MAX_UNPACKED", 99_999)

    with pytest.raises(FileTooLargeError):
        spreadsheet.read_xlsx(path)


def test_too_many_rows_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of rows has a bound."""
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)

    with pytest.raises(FileTooLargeError):
        read_text(tmp_path, "Mã\n" + "A\n" * 5)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "Có"),
        (3.0, "3"),
        (2.5, "2.5"),
        (date(2026, 11, 23), "2026-11-23"),
        ("chữ", "chữ"),
    ],
)
def test_cells_as_text(value: object, text: str) -> None:
    """Numbers, dates and yes-no cells become the text a person would write."""
    assert spreadsheet.cell_text(value) == text
