"""A list as CSV or XLSX that a spreadsheet opens as text and never runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TypeVar

import xlsxwriter  # type: ignore[import-untyped]
from aiohttp import web

from bot.console.table import Column

T = TypeVar("T")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What begins a formula in Excel, LibreOffice or Google Sheets."""
BOM = "\ufeff"
MOST_ROWS = 100_000
LONGEST_CELL = 32_000
TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def harmless(text: str) -> str:
    """Return a cell that stays text: what may be a formula gets an apostrophe."""
    short = text.replace("\0", "")[:LONGEST_CELL]
    bare = short.lstrip(" \u00a0\ufeff\u200b")
    return f"'{short}" if bare.startswith(DANGEROUS) else short


def as_csv(columns: Sequence[Column[T]], rows: Iterable[T]) -> bytes:
    """Return a CSV with a byte order mark, which Excel needs for Vietnamese."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([harmless(column.title) for column in columns])
    for row in _first(rows):
        writer.writerow([harmless(text) for text in _texts(columns, row)])
    return out.getvalue().encode()


def as_xlsx(columns: Sequence[Column[T]], rows: Iterable[T], title: str) -> bytes:
    """Return a workbook of one sheet, texts only."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    ) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, harmless(column.title), bold)
            sheet.set_column(place, place, 22)
        for line, row in enumerate(_first(rows), start=1):
            for place, text in enumerate(_texts(columns, row)):
                sheet.write_string(line, place, harmless(text))
    return out.getvalue()


def download(
    kind: str, name: str, columns: Sequence[Column[T]], rows: Iterable[T]
) -> web.Response:
    """Return a file to keep; ``kind`` is csv or xlsx, ``name`` plain ASCII."""
    if kind not in TYPES:
        raise web.HTTPNotFound
    body = as_csv(columns, rows) if kind == "csv" else as_xlsx(columns, rows, name)
    return web.Response(
        body=body,
        headers={
            "Content-Type": TYPES[kind],
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
        },
    )


def _texts(columns: Sequence[Column[T]], row: T) -> list[str]:
    return [column.shown(row).text for column in columns]


def _first(rows: Iterable[T]) -> Iterable[T]:
    for place, row in enumerate(rows):
        if place >= MOST_ROWS:
            return
        yield row


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c.isalnum() or c in " -_")[:31] or "Danh sach"
