"""What does a spreadsheet (.xlsx or .csv) of procedures say, row by row?"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from handlers.staff.catalogue.columns import Column, header, read_row
from handlers.staff.catalogue.errors import (
    FileTooLargeError,
    FileUnreadableError,
    HeaderError,
)
from handlers.staff.catalogue.model import Batch, Rejection, Row
from handlers.staff.catalogue.validate import RowError

MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 100
MAX_CELL: Final = 32_767
"""Characters: what a spreadsheet program itself allows."""
MAX_UNPACKED: Final = 200_000_000
"""Bytes an .xlsx may unfold to; more is an attack or a mistake."""
HEADER_ROWS: Final = 15
"""Titles of the paper may stand above the header."""

Line = tuple[int, Sequence[str]]


def read_xlsx(path: Path) -> Batch:
    """Return the rows of the first sheet; formulas are taken as text.

    Raises FileUnreadableError, FileTooLargeError, HeaderError.
    """
    with xlsx_lines(path) as lines:
        return _batch(path.name, lines)


def read_csv(path: Path) -> Batch:
    """Return the rows of a UTF-8 file parted by ``,``, ``;`` or tab.

    Raises FileUnreadableError, FileTooLargeError, HeaderError.
    """
    return _batch(path.name, csv_lines(path, lambda cells: header(cells) is not None))


@contextmanager
def xlsx_lines(path: Path) -> Iterator[Iterator[Line]]:
    """Open the first sheet of a workbook as numbered lines of texts, within bounds.

    Raises FileUnreadableError, FileTooLargeError.
    """
    try:
        _refuse_bomb(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # drop-downs it cannot keep
            book = load_workbook(path, read_only=True, data_only=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise FileUnreadableError from error
    try:
        rows = book.worksheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True)
        yield _bounded(enumerate(map(_texts, rows), start=1))
    finally:
        book.close()


def csv_lines(path: Path, is_header: Callable[[Sequence[str]], bool]) -> Iterator[Line]:
    """Yield the numbered lines of a UTF-8 file, within bounds.

    ``is_header`` knows the line by which the parting sign is found. Raises
    FileUnreadableError, FileTooLargeError.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        csv.field_size_limit(MAX_CELL)
        sign = _delimiter(text, is_header)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
        yield from _bounded(enumerate(reader, start=1))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileUnreadableError from error


def _batch(source: str, lines: Iterable[Line]) -> Batch:
    stream = iter(lines)
    columns, unknown = _find_header(stream)
    rows: list[Row] = []
    rejections: list[Rejection] = []
    seen: dict[str, int] = {}
    for number, cells in stream:
        try:
            if fields := read_row(columns, cells):
                rows.append(Row(number, _with_code(fields, seen, number)))
        except RowError as error:
            rejections.append(Rejection(number, _code(columns, cells), str(error)))
    return Batch(source, tuple(rows), tuple(rejections), unknown)


def _find_header(
    stream: Iterator[Line],
) -> tuple[dict[int, Column], tuple[str, ...]]:
    for _, cells in zip(range(HEADER_ROWS), stream, strict=False):
        if found := header(cells[1]):
            return found
    raise HeaderError


def _with_code(
    fields: dict[str, Any], seen: dict[str, int], number: int
) -> dict[str, Any]:
    code = fields.get("code")
    if not code:
        raise RowError("thiếu mã thủ tục")
    if code in seen:
        raise RowError(f"trùng mã với dòng {seen[code]}")
    for field, title in (("fee", "Lệ phí"), ("time", "Thời hạn")):
        if field in fields and "text" not in fields[field]:
            raise RowError(f"cần ghi cả cột '{title}'")
    seen[code] = number
    return fields


def _code(columns: dict[int, Column], cells: Sequence[str]) -> str:
    """Return the code of a refused row for the report, if it has one."""
    place = next(i for i, column in columns.items() if column.field == "code")
    return cells[place].strip()[:40] if place < len(cells) else ""


def _bounded(lines: Iterable[Line]) -> Iterator[Line]:
    for count, (number, cells) in enumerate(lines):
        if count > MAX_ROWS or any(len(cell) > MAX_CELL for cell in cells):
            raise FileTooLargeError
        yield number, cells


def _texts(row: Sequence[Any]) -> list[str]:
    return [cell_text(value) for value in row]


def cell_text(value: Any) -> str:
    """Return a cell as text; dates as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.10g}"
    return str(value)


def _delimiter(text: str, is_header: Callable[[Sequence[str]], bool]) -> str:
    """Return the sign that parts the cells, judged by the line with the header."""
    for line in text.splitlines()[:HEADER_ROWS]:
        for sign in (";", ",", "\t"):
            if is_header([cell.strip('" ') for cell in line.split(sign)]):
                return sign
    return ","


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
            raise FileTooLargeError
