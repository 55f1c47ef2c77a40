"""Can nobody search for a denunciation, whenever its words were read?"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from bot.desk_index import DeskIndex
from storage.database import Database
from storage.tables import desk_search
from tests.bot.conftest import Build
from tests.bot.sealed_road import EARLIER, LATER, NOW, hears, writes
from tests.bot.support import UNIT, Road, eventually


@pytest.fixture
async def road(database: Database, build: Build) -> Road:
    """A road whose commune hears denunciations, on each engine in turn."""
    made = await build(database, respond=hears)
    await made.start("ingest", "dispatcher")
    return made


async def _places(road: Road) -> int:
    def work(connection: Connection) -> int:
        return len(connection.execute(select(desk_search)).all())

    return await road.database.inner.read(work)


async def test_words_that_are_sealed_leave_the_index(road: Road) -> None:
    """Earlier words were searchable until the denunciation; later ones never are."""
    keys = {UNIT: road.units[UNIT].vault.keys}
    index = DeskIndex(road.database.inner, keys)
    await writes(road, EARLIER)
    await eventually(road.is_inbox_done)
    await index.turn()
    assert await _places(road) > 0
    for text in (NOW, LATER):
        await writes(road, text)
        await eventually(road.is_inbox_done)
        assert await _places(road) == 0
        await index.turn()
        assert await _places(road) == 0
