"""Is an import atomic, repeatable, versioned, and proven by counts alone?"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.catalogue import imports
from handlers.staff.catalogue.errors import (
    ChangedMeanwhileError,
    EmptyReplaceError,
    LayerError,
)
from handlers.staff.catalogue.imports import apply, stage
from handlers.staff.catalogue.model import Batch, Layer, Rejection
from storage import catalogue, evidence
from storage.database import Database
from storage.ids import Ids
from tests.conftest import FakeClock
from tests.handlers.staff.catalogue.conftest import Importer, Loader, batch
from tests.handlers.staff.catalogue.records import NOW_MS, TODAY, UNIT, ours

T = TypeVar("T")
A, B, C = "1.000001", "1.000002", "1.000003"


class CutOffError(Exception):
    """The process died here."""


class CutOff:
    """A database whose process dies at the n-th write."""

    def __init__(self, database: Database, writes: int) -> None:
        self._database = database
        self._left = writes
        self.is_embedded = database.is_embedded

    async def write(
        self, work: Callable[[Connection], T], *, urgent: bool = False
    ) -> T:
        """Write, or die."""
        self._left -= 1
        if self._left < 0:
            raise CutOffError
        return await self._database.write(work, urgent=urgent)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Read."""
        return await self._database.read(work)

    async def close(self) -> None:
        """Leave the real one open."""


async def test_a_first_import_adds(bring: Importer, loaded: Loader) -> None:
    """Everything is new, and in force at once."""
    report = await bring(Layer.BASE, ours(A), ours(B))

    assert report.counts() == {
        "added": 2,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "rejected": 0,
    }
    assert [p.code for p in (await loaded()).all()] == [A, B]


async def test_the_same_file_again_makes_no_version(
    bring: Importer, database: Database
) -> None:
    """Nothing changed: no version, no evidence, the head stays."""
    first = await bring(Layer.BASE, ours(A), ours(B))
    again = await bring(Layer.BASE, ours(B), ours(A))
    versions = await database.read(lambda c: catalogue.versions(c, UNIT))

    assert again.import_id is None
    assert again.unchanged == 2
    assert [v["import_id"] for v in versions] == [first.import_id]


async def test_changed_rows_are_told_and_absent_ones_stay(
    bring: Importer, loaded: Loader
) -> None:
    """What a file does not name stays as it was."""
    await bring(Layer.BASE, ours(A), ours(B))
    report = await bring(Layer.BASE, ours(B, name="Tên mới"), ours(C))
    found = await loaded()

    assert (report.added, report.changed, report.removed) == ((C,), (B,), ())
    assert {p.code: p.name for p in found.all()} == {
        A: "Thử cân",
        B: "Tên mới",
        C: "Thử cân",
    }


async def test_replace_removes_what_is_absent(bring: Importer, loaded: Loader) -> None:
    """With replace the file is the whole layer."""
    await bring(Layer.BASE, ours(A), ours(B))
    report = await bring(Layer.BASE, ours(B), replace=True)

    assert report.removed == (A,)
    assert [p.code for p in (await loaded()).all()] == [B]


async def test_replace_by_nothing_is_refused(bring: Importer) -> None:
    """An empty file never empties a layer."""
    with pytest.raises(EmptyReplaceError):
        await bring(Layer.BASE, replace=True)


async def test_bad_rows_are_refused_and_good_ones_taken(
    bring: Importer, loaded: Loader
) -> None:
    """A row that is no procedure is refused with its number and a reason."""
    report = await bring(Layer.NATIONAL, ours(A), {"code": B, "name": "x"}, ours(C))

    assert report.rejections == (
        Rejection(2, B, "thiếu một trong: name, field, levels, authority, source"),
    )
    assert [p.code for p in (await loaded()).all()] == [A, C]


async def test_portal_files_stay_out_of_the_communes_layer(database: Database) -> None:
    """Official wording must never stand above words written for citizens."""
    portal = Batch("cong", is_portal=True)

    with pytest.raises(LayerError):
        await stage(database, UNIT, Layer.COMMUNE, portal, today=TODAY)


async def test_own_edits_survive_a_new_national_import(
    bring: Importer, loaded: Loader
) -> None:
    """A commune's fee and names stay when the national facts change."""
    await bring(Layer.BASE, ours(A, aliases=["cân"]))
    await bring(Layer.COMMUNE, {"code": A, "fee": {"text": "Không thu"}})
    await bring(Layer.COMMUNE, {"code": A, "aliases": ["đo"]})
    await bring(Layer.NATIONAL, ours(A, fee={"text": "9.000 đồng"}, levels=["tinh"]))
    found = (await loaded()).get(A)

    assert found is not None
    assert found.fee is not None
    assert found.fee.text == "Không thu"
    assert found.aliases == ("cân", "đo")
    assert found.levels == ("tinh",)


async def test_taking_back_the_last_edit_empties_the_row(
    bring: Importer, database: Database
) -> None:
    """A commune that returns to the common value no longer has a row of its own."""
    await bring(Layer.BASE, ours(A))
    await bring(Layer.COMMUNE, {"code": A, "name": "Khác"})
    report = await bring(Layer.COMMUNE, {"code": A, "name": "Thử cân"})
    bodies = await database.read(lambda c: catalogue.bodies(c, UNIT))

    assert report.changed == (A,)
    assert {layer for layer, _, _ in bodies} == {"base"}


async def test_a_new_own_procedure_is_the_same_tomorrow(bring: Importer) -> None:
    """The date of the first import stays; importing later changes nothing."""
    await bring(Layer.COMMUNE, {"code": "XA-1", "name": "Mượn loa"})
    again = await bring(
        Layer.COMMUNE, {"code": "XA-1", "name": "Mượn loa"}, replace=True
    )

    assert again.import_id is None


async def test_the_evidence_holds_counts_only(
    bring: Importer, database: Database
) -> None:
    """The log tells layer and numbers, no names and no file."""
    report = await bring(Layer.BASE, ours(A), {"code": B})
    (entry,) = await database.read(
        lambda c: evidence.about(c, UNIT, [str(report.import_id)])
    )

    assert entry["tag"] == Tag.CATALOGUE_IMPORTED.value
    assert json.loads(entry["leaf"])["data"] == {"layer": "base", **report.counts()}


@pytest.mark.parametrize("writes", range(6))
async def test_cut_off_anywhere_the_old_catalogue_stays(
    bring: Importer,
    loaded: Loader,
    database: Database,
    ids: Ids,
    monkeypatch: pytest.MonkeyPatch,
    writes: int,
) -> None:
    """Whichever write is the last, the old catalogue is in force, whole."""
    monkeypatch.setattr(imports, "ROWS_A_TRANSACTION", 2)
    await bring(Layer.BASE, ours(A), ours(B))
    new = batch(ours(A, name="Mới"), ours(B, name="Mới"), ours(C, name="Mới"))
    plan = await stage(database, UNIT, Layer.BASE, new, today=TODAY)

    with pytest.raises(CutOffError):
        await apply(CutOff(database, writes - 1), plan, ids, NOW_MS)

    assert {p.code: p.name for p in (await loaded()).all()} == {
        A: "Thử cân",
        B: "Thử cân",
    }
    await apply(database, plan, ids, NOW_MS)
    assert {p.name for p in (await loaded()).all()} == {"Mới"}


async def test_what_was_cut_off_is_cleared_a_day_later(
    database: Database, ids: Ids, clock: FakeClock
) -> None:
    """Listings nobody points at do not pile up."""
    plan = await stage(database, UNIT, Layer.BASE, batch(ours(A)), today=TODAY)
    with pytest.raises(CutOffError):
        await apply(CutOff(database, 3), plan, ids, clock.now_ms())
    clock.advance(ms=2 * imports.ABANDONED_MS)
    await apply(database, plan, ids, clock.now_ms())

    left = await database.write(lambda c: catalogue.drop_abandoned(c, UNIT, "f" * 32))

    assert left == 0


async def test_the_second_of_two_imports_at_once_is_told(
    database: Database, ids: Ids, loaded: Loader
) -> None:
    """An import compared with an old version never overwrites a newer one."""
    slow = await stage(database, UNIT, Layer.BASE, batch(ours(A)), today=TODAY)
    fast = await stage(database, UNIT, Layer.BASE, batch(ours(B)), today=TODAY)
    await apply(database, fast, ids, NOW_MS)

    with pytest.raises(ChangedMeanwhileError):
        await apply(database, slow, ids, NOW_MS)

    assert [p.code for p in (await loaded()).all()] == [B]


async def test_units_do_not_see_each_other(
    bring: Importer, database: Database, ids: Ids, loaded: Loader
) -> None:
    """One commune's import changes nothing for another."""
    await bring(Layer.BASE, ours(A))
    plan = await stage(database, "xa-khac", Layer.BASE, batch(ours(B)), today=TODAY)
    await apply(database, plan, ids, NOW_MS)

    assert [p.code for p in (await loaded()).all()] == [A]
