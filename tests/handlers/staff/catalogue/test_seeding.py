"""Does every unit get the seed once, and again only when it changed?"""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.staff.catalogue.effective import load
from handlers.staff.catalogue.model import Layer
from handlers.staff.catalogue.seeding import seed
from messages import seed as seed_files
from storage import catalogue
from storage.database import Database
from storage.ids import Ids
from tests.handlers.staff.catalogue.conftest import Importer
from tests.handlers.staff.catalogue.records import NOW_MS, UNIT

RECORD = """
- code: '{code}'
  name: Việc thử
  field: Thử
  levels: [xa]
  authority: UBND xã
  source: {{name: Thử, as_of: 2026-07-01}}
"""


async def test_every_unit_gets_the_seed_once(database: Database, ids: Ids) -> None:
    """All units are seeded; running it again writes nothing."""
    units = [UNIT, "xa-khac"]
    first = await seed(database, units, ids, NOW_MS)
    again = await seed(database, units, ids, NOW_MS)
    versions = await database.read(lambda c: catalogue.versions(c, UNIT))

    assert [report.unit_id for report in first] == units
    assert {len(report.added) for report in first} == {len(seed_files.procedures())}
    assert again == ()
    assert len(versions) == 1


async def test_a_new_unit_is_seeded_beside_old_ones(
    database: Database, ids: Ids
) -> None:
    """A commune that joins later gets the seed; the others are left alone."""
    await seed(database, [UNIT], ids, NOW_MS)
    later = await seed(database, [UNIT, "xa-moi"], ids, NOW_MS)

    assert [report.unit_id for report in later] == ["xa-moi"]


async def test_a_new_seed_replaces_the_base_and_keeps_edits(
    database: Database,
    ids: Ids,
    bring: Importer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A release brings its own seed; what the commune wrote stays."""
    file = tmp_path / "a.yml"
    file.write_text(RECORD.format(code="1.000001"), encoding="utf-8")
    monkeypatch.setattr(seed_files, "fingerprint", lambda: str(len(file.read_bytes())))
    monkeypatch.setattr(seed_files, "procedures", lambda: READ(tmp_path))
    await seed(database, [UNIT], ids, NOW_MS)
    await bring(Layer.COMMUNE, {"code": "1.000001", "place": "Quầy 2"})
    file.write_text(
        RECORD.format(code="1.000001").replace("thử", "mới")
        + RECORD.format(code="1.000002"),
        encoding="utf-8",
    )
    (report,) = await seed(database, [UNIT], ids, NOW_MS)
    found = (await database.read(lambda c: load(c, UNIT))).get("1.000001")

    assert (report.added, report.changed) == (("1.000002",), ("1.000001",))
    assert found is not None
    assert (found.name, found.place) == ("Việc mới", "Quầy 2")


READ = seed_files.procedures
