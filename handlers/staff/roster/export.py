"""How does the roster leave the system? As a spreadsheet that can be imported again."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final

from openpyxl import Workbook

from handlers.staff.catalogue.export import safe_cell
from handlers.staff.roster.errors import SheetNotWrittenError
from handlers.staff.roster.table import TITLES, row_of
from handlers.staff.roster.view import View

SHEET: Final = "Bang truc"
Rows = Sequence[Sequence[str]]


def write(path: Path, view: View) -> int:
    """Write the shifts as .xlsx or .csv; return how many. Raises SheetNotWrittenError.

    The file appears whole or not at all; no cell is ever run as a formula.
    """
    form = WRITERS.get(path.suffix.lower())
    if form is None:
        raise SheetNotWrittenError(hint="Tên tệp cần đuôi .xlsx hoặc .csv.")
    rows = [row_of(shift, view.members) for shift in view.plan.shifts]
    safe = [TITLES, *([safe_cell(cell) for cell in row] for row in rows)]
    replace_file(path, lambda partial: form(partial, safe))
    return len(rows)


def replace_file(path: Path, write_to: Callable[[Path], None]) -> None:
    """Let a file appear whole or not at all; raises SheetNotWrittenError."""
    partial = path.with_name(f".{path.name}.part")
    try:
        write_to(partial)
        os.replace(partial, path)  # noqa: PTH105  Path.replace hides that it is atomic
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise SheetNotWrittenError from error


def _write_csv(path: Path, rows: Rows) -> None:
    # The mark at the front makes spreadsheet programs read UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows(rows)


def _write_xlsx(path: Path, rows: Rows) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(list(row))
    book.save(path)


WRITERS: Mapping[str, Callable[[Path, Rows], None]] = MappingProxyType(
    {".csv": _write_csv, ".xlsx": _write_xlsx}
)
