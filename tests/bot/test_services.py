"""Does the service speak with the model in force, and change when either head moves?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from bot.config import Config, parse_config
from bot.services import UnitServices, load_services
from handlers.staff.catalogue import imports
from handlers.staff.catalogue.model import Batch, Layer
from handlers.staff.catalogue.seeding import seed_batch
from handlers.staff.learning.signing import sealed_row
from nlu.artefact import Artefact
from storage import nlu_models, operations
from storage.database import Database
from storage.errors import StorageUnavailableError
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import nlu_model
from tests.bot.support import UNIT, FaultyDatabase, document, platforms
from tests.conftest import FakeClock

BIRTH, MARRIAGE, COPY = "1.001193", "1.000894", "2.000815"
STRANGE = "xin tờ vuông vắn màu hồng phấn"
OTHER = "tờ tròn tròn màu xanh lơ"


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """A commune on the database of the test."""
    raw = document(platforms(), "http://127.0.0.1:9")
    return parse_config(raw | {"storage": {"url": database_url}}, {}, tmp_path)


async def catalogue(
    database: Database, ids: Ids, clock: FakeClock, *codes: str
) -> None:
    """Make these procedures of our seed the catalogue of the unit."""
    rows = tuple(row for row in seed_batch().rows if row.code in codes)
    batch = Batch("test", rows)
    today = clock.now().date()
    plan = await imports.stage(
        database, UNIT, Layer.BASE, batch, today=today, replace=True
    )
    await imports.apply(database, plan, ids, clock.now_ms())


async def learn(
    database: Database, ring: KeyRing, name: str, *texts: str, before: str | None = None
) -> None:
    """Put a model in force that knows these sentences for a birth."""
    artefact = Artefact(UNIT, name, 1, {BIRTH: tuple(sorted(texts))})
    row = sealed_row(ring.unit(UNIT), artefact)
    rest = {"metrics": b"{}", "parent_id": None, "live_at": None}

    def work(connection: Any) -> None:
        nlu_models.add(connection, row | rest)
        nlu_models.go_live(connection, UNIT, name, expected=before, now=5)

    await database.write(work)


async def spoil(database: Database, name: str) -> None:
    """Change one letter of a signature."""
    mine = nlu_model.c.model_id == name
    await database.write(
        lambda c: c.execute(update(nlu_model).where(mine).values(signature="0" * 32))
    )


@pytest.fixture
async def unit(
    config: Config, database: Database, clock: FakeClock, ids: Ids, ring: KeyRing
) -> UnitServices:
    """A unit that has learnt nothing yet."""
    await catalogue(database, ids, clock, BIRTH, MARRIAGE, COPY)
    services = await load_services(config, database, clock, ring)
    return services[UNIT]


def understands(unit: UnitServices, text: str) -> bool:
    """Whether the reader takes the words for a birth, and is sure of it."""
    reading = unit.services.reader.parse(text)
    codes = [candidate.code for candidate in reading.candidates]
    return codes[:1] == [BIRTH] and reading.confidence > 0.5


async def test_a_model_that_goes_live_is_spoken_with(
    unit: UnitServices, database: Database, ring: KeyRing
) -> None:
    """Within one look the reader knows what was learnt; a second look does nothing."""
    assert not understands(unit, STRANGE)
    assert await unit.refresh(database) is False
    await learn(database, ring, "m1", STRANGE)

    assert await unit.refresh(database) is True
    assert unit.model_id == "m1"
    assert understands(unit, STRANGE)
    assert await unit.refresh(database) is False


async def test_taking_back_is_followed(
    unit: UnitServices, database: Database, ring: KeyRing
) -> None:
    """After a rollback to nothing the reader is what ships with us."""
    await learn(database, ring, "m1", STRANGE)
    await unit.refresh(database)
    await database.write(
        lambda c: nlu_models.go_back(c, UNIT, expected="m1", to=None, now=6)
    )

    assert await unit.refresh(database) is True
    assert unit.model_id is None
    assert not understands(unit, STRANGE)


async def test_a_new_catalogue_keeps_what_was_learnt(
    unit: UnitServices, database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> None:
    """An import rebuilds the reader with the model it had, even one spoilt since."""
    await learn(database, ring, "m1", STRANGE)
    await unit.refresh(database)
    await spoil(database, "m1")
    await catalogue(database, ids, clock, BIRTH, MARRIAGE)

    assert await unit.refresh(database) is True
    assert unit.model_id == "m1"
    assert understands(unit, STRANGE)
    assert unit.services.catalogue.get(COPY) is None


async def test_a_forged_model_leaves_the_one_before(
    unit: UnitServices, database: Database, ring: KeyRing
) -> None:
    """What cannot be verified is not used; staff get one notice, not one a look."""
    await learn(database, ring, "m1", STRANGE)
    await unit.refresh(database)
    await learn(database, ring, "m2", STRANGE, OTHER, before="m1")
    await spoil(database, "m2")
    await unit.refresh(database)
    await unit.refresh(database)

    assert unit.model_id == "m1"
    assert understands(unit, STRANGE)
    (notice,) = await database.read(operations.open_notices)
    assert notice["kind"] == "nlu_model_damaged"
    assert notice["subject"] == "m2"
    assert notice["detail"] == "m1"


async def test_a_start_with_a_forged_model_is_a_start(
    unit: UnitServices,
    config: Config,
    database: Database,
    ring: KeyRing,
    clock: FakeClock,
) -> None:
    """Another process starts with the good one before, or with what ships with us."""
    await learn(database, ring, "m1", STRANGE)
    await spoil(database, "m1")
    fresh = (await load_services(config, database, clock, ring))[UNIT]

    assert fresh.model_id is None
    assert not understands(fresh, STRANGE)
    assert unit.model_id is None


async def test_a_notice_that_cannot_be_written_stops_nothing(
    unit: UnitServices, database: Database, ring: KeyRing
) -> None:
    """Reading goes on when the database takes no writes for a moment."""
    await learn(database, ring, "m1", STRANGE)
    await spoil(database, "m1")
    away = FullDatabase(database)

    assert await unit.refresh(away) is True
    assert unit.model_id is None


class FullDatabase(FaultyDatabase):
    """A database whose disk is full: it can be read, not written."""

    async def write(self, work: Any, *, urgent: bool = False) -> Any:
        """Refuse."""
        del work, urgent
        raise StorageUnavailableError("full")
