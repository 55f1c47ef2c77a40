"""Does an export open everywhere, harm nobody, and come back without edits?"""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from handlers.staff.catalogue import export, files
from handlers.staff.catalogue.effective import seed_catalogue
from handlers.staff.catalogue.errors import FileKindError, FileMissingError
from handlers.staff.catalogue.model import Layer
from handlers.staff.catalogue.seeding import seed_batch
from messages.procedure import Procedure
from tests.handlers.staff.catalogue.conftest import Importer
from tests.handlers.staff.catalogue.records import ours


@pytest.mark.parametrize("name", ["ra.yml", "ra.xlsx", "ra.jsonl"])
async def test_an_untouched_export_changes_nothing(
    bring: Importer, tmp_path: Path, name: str
) -> None:
    """The whole seed, exported in any form and imported again, leaves no edit."""
    await bring(Layer.BASE, *(row.fields for row in seed_batch().rows))
    path = tmp_path / name
    number = export.write(path, seed_catalogue().all())

    batch = files.read(path)
    report = await bring(Layer.COMMUNE, *(dict(row.fields) for row in batch.rows))

    assert (batch.rejections, batch.ignored_columns) == ((), ())
    assert (report.has_changes, report.unchanged) == (False, number)


def test_no_cell_runs_as_a_formula(tmp_path: Path) -> None:
    """Texts that a spreadsheet program would run are plain text."""
    procedure = Procedure.model_validate(
        ours(name="=cmd|' /C calc'!A0", summary="+84\x07", desk="@x", place="-1")
    )
    path = tmp_path / "ra.xlsx"
    export.write(path, [procedure])
    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    texts = {cell.value for cell in cells if cell.value}

    assert {"'=cmd|' /C calc'!A0", "'+84", "'@x", "'-1"} <= texts
    assert {cell.data_type for cell in cells if cell.value} == {"s"}


def test_the_kind_may_be_named(tmp_path: Path) -> None:
    """A format asked for counts more than the name of the file."""
    path = tmp_path / "ra.txt"

    assert export.write(path, [Procedure.model_validate(ours())], "jsonl") == 1
    assert path.read_text(encoding="utf-8").startswith('{"authority"')


def test_what_cannot_be_written_is_explained(tmp_path: Path) -> None:
    """An unknown kind or folder is refused, and nothing half is left."""
    with pytest.raises(FileKindError):
        export.write(tmp_path / "ra.docx", [])
    with pytest.raises(FileMissingError, match="Không ghi được"):
        export.write(tmp_path / "khong-co" / "ra.yml", [])

    assert list(tmp_path.iterdir()) == []
