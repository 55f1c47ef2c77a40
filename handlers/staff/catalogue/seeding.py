"""How does every unit get our seed as its lowest layer? Once, and when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from handlers.staff.catalogue.imports import apply, stage
from handlers.staff.catalogue.model import Batch, Layer, Report, Row
from handlers.staff.catalogue.validate import dumped
from messages import seed as seed_files
from storage import catalogue
from storage.database import Database
from storage.ids import Ids


async def seed(
    database: Database, unit_ids: Sequence[str], ids: Ids, now_ms: int
) -> tuple[Report, ...]:
    """Load the seed as the base layer of units that do not have this one.

    ``now_ms`` is UTC milliseconds. Procedures that left the seed leave the layer;
    other layers are not touched. Returns a report for each unit that changed.
    """
    source = f"seed:{seed_files.fingerprint()}"
    present = await database.read(
        lambda c: catalogue.head_sources(c, unit_ids, Layer.BASE)
    )
    missing = [unit for unit in unit_ids if present.get(unit) != source]
    if not missing:
        return ()
    batch = seed_batch(source)
    return tuple([await _load(database, unit, batch, ids, now_ms) for unit in missing])


def seed_batch(source: str = "seed") -> Batch:
    """Return the seed as a batch of whole procedures."""
    records = enumerate(seed_files.procedures(), start=1)
    return Batch(source, tuple(Row(number, dumped(p)) for number, p in records))


async def _load(
    database: Database, unit_id: str, batch: Batch, ids: Ids, now_ms: int
) -> Report:
    today = datetime.fromtimestamp(now_ms / 1000, tz=UTC).date()
    plan = await stage(database, unit_id, Layer.BASE, batch, today=today, replace=True)
    return await apply(database, plan, ids, now_ms)
