"""What do tests of the catalogue's imports share?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from handlers.staff.catalogue.effective import UnitCatalogue, load
from handlers.staff.catalogue.imports import apply, stage
from handlers.staff.catalogue.model import Batch, Layer, Report, Row
from storage.database import Database
from storage.ids import Ids
from tests.handlers.staff.catalogue.records import NOW_MS, TODAY, UNIT

Importer = Callable[..., Awaitable[Report]]
Loader = Callable[[], Awaitable[UnitCatalogue]]


def batch(*records: dict[str, Any], is_portal: bool = False) -> Batch:
    """Records as a batch, numbered from 1."""
    rows = tuple(Row(number, record) for number, record in enumerate(records, start=1))
    return Batch("thu", rows, is_portal=is_portal)


@pytest.fixture
def bring(database: Database, ids: Ids) -> Importer:
    """Import records into a layer of the test unit."""

    async def run(layer: Layer, *records: dict[str, Any], **options: Any) -> Report:
        plan = await stage(
            database, UNIT, layer, batch(*records), today=TODAY, **options
        )
        return await apply(database, plan, ids, NOW_MS)

    return run


@pytest.fixture
def loaded(database: Database) -> Loader:
    """Load what is in force for the test unit."""

    async def run() -> UnitCatalogue:
        return await database.read(lambda connection: load(connection, UNIT))

    return run
