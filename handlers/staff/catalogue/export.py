"""How does the catalogue leave the system? As YAML, a spreadsheet or JSON lines.

Each form can be imported again; what was not changed then stays no edit.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from openpyxl import Workbook

from handlers.staff.catalogue.cells import neutral
from handlers.staff.catalogue.columns import COLUMNS, write_row
from handlers.staff.catalogue.errors import FileKindError, FileMissingError
from handlers.staff.catalogue.model import Fields, canonical
from handlers.staff.catalogue.validate import dumped
from messages.procedure import Procedure

SHEET: Final = "Thu tuc"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write(path: Path, procedures: Iterable[Procedure], kind: str = "") -> int:
    """Write the procedures; returns how many.

    ``kind`` is yaml, xlsx or jsonl, by default what the name of the file says. The
    file appears whole or not at all. Raises FileKindError, FileMissingError.
    """
    form = WRITERS.get(kind or KINDS.get(path.suffix.lower(), ""))
    if form is None:
        raise FileKindError(hint="Xin chọn yaml, xlsx hoặc jsonl.")
    records = [dumped(procedure) for procedure in procedures]
    partial = path.with_name(f".{path.name}.part")
    try:
        form(partial, records)
        os.replace(partial, path)  # noqa: PTH105  Path.replace hides that it is atomic
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise FileMissingError(
            "Không ghi được tệp xuất.", "Xin kiểm tra thư mục và quyền ghi."
        ) from error
    return len(records)


def _write_yaml(path: Path, records: list[dict[str, Any]]) -> None:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(records, file, Dumper=dumper, allow_unicode=True, sort_keys=False)


def _write_lines(path: Path, records: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{canonical(record)}\n" for record in records)


def _write_xlsx(path: Path, records: list[dict[str, Any]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    sheet.append([column.title for column in COLUMNS])
    for record in records:
        sheet.append([safe_cell(cell) for cell in write_row(_complete(record))])
    book.save(path)


def safe_cell(text: str) -> str:
    """Return a cell no program runs and every program opens."""
    return neutral(_CONTROL.sub("", text))


def _complete(record: Fields) -> dict[str, Any]:
    """Return the record with the defaults a reader of the sheet wants to see."""
    stated = {
        name: {"sure": True, **record[name]}
        for name in ("fee", "time")
        if record.get(name)
    }
    return {"confidence": "medium", "core": False, **record, **stated}


KINDS: Mapping[str, str] = MappingProxyType(
    {".yml": "yaml", ".yaml": "yaml", ".xlsx": "xlsx", ".jsonl": "jsonl"}
)
WRITERS: Mapping[str, Callable[[Path, list[dict[str, Any]]], None]] = MappingProxyType(
    {"yaml": _write_yaml, "xlsx": _write_xlsx, "jsonl": _write_lines}
)
