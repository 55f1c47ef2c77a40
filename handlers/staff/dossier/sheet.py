"""How does a list become a file? XLSX while it is short, CSV when it is long.

The same rows give the same bytes: nothing of the clock of this machine is in it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import xlsxwriter  # type: ignore[import-untyped]

from handlers.staff.dossier.finding import Attachment, Rows
from messages.documents.word import still

SHORT: Final = 2000
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
MADE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_WIDTHS: Final = (12, 60)


def listed(
    title: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> Attachment:
    """Return a list as an attachment."""
    return listed_later(title, head, len(rows), lambda: rows)


def listed_later(
    title: str, head: Sequence[str], count: int, rows: Callable[[], Rows]
) -> Attachment:
    """Return a list of ``count`` rows as an attachment; they are made when written."""
    if count > SHORT:
        return Attachment(title, ".csv", lambda: as_csv(head, rows()))
    return Attachment(title, ".xlsx", lambda: as_xlsx([(title, head, list(rows()))]))


def as_csv(head: Sequence[str], rows: Rows) -> bytes:
    """Return a CSV that spreadsheets read as UTF-8 and never run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(
    sheets: Sequence[tuple[str, Sequence[str], Sequence[Sequence[str]]]],
    *,
    links: bool = False,
) -> bytes:
    """Return a workbook; ``links``: a cell that is a path of the dossier opens it."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": MADE.replace(tzinfo=None)})
    bold = book.add_format({"bold": True, "text_wrap": True, "bg_color": "#E8EEF4"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    for number, (title, head, rows) in enumerate(sheets, start=1):
        sheet = book.add_worksheet(_tab(title, number))
        _fill(sheet, head, rows, (bold, plain), links=links)
    book.close()
    return still(raw.getvalue())


def _fill(
    sheet: Any,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    formats: tuple[Any, Any],
    *,
    links: bool,
) -> None:
    bold, plain = formats
    for column, text in enumerate(head):
        widest = max([len(text), *(len(row[column]) for row in rows[:200])])
        width = min(max(widest + 2, _WIDTHS[0]), _WIDTHS[1])
        sheet.set_column(column, column, width, plain)
        sheet.write_string(0, column, text, bold)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            if links and text.startswith("minh-chung/"):
                sheet.write_url(number, column, f"external:{text}", string=text)
            else:
                sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(head) - 1)


def _tab(title: str, number: int) -> str:
    """Excel takes 31 characters and not these."""
    kept = "".join(c for c in title if c not in "[]:*?/\\'")
    return kept[:31].strip() or f"Bảng {number}"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell
