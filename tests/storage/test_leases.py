"""Do leases hold for all processes, and for a while only?"""

from __future__ import annotations

from sqlalchemy import Connection

from storage import leases
from storage.database import Database
from tests.storage.rows import UNIT


async def test_only_one_takes_what_is_for_one(database: Database) -> None:
    """The second waits until the first lets go, or until its time ran out."""

    async def taken(now: int) -> bool:
        return await database.write(
            lambda c: leases.take(c, UNIT, "training", now, now + 100)
        )

    assert await taken(1000)
    assert not await taken(1099)
    assert await taken(1100)
    await database.write(lambda c: leases.drop(c, UNIT, "training"))
    assert await taken(1101)


async def test_a_place_is_held_beside_others_and_forgotten(database: Database) -> None:
    """Everybody whose time did not run out is there; the rest leaves no row."""

    def work(c: Connection) -> None:
        leases.hold(c, UNIT, "case", "canbo02", 2000)
        leases.hold(c, UNIT, "case", "canbo01", 1000)
        leases.hold(c, UNIT, "case", "canbo01", 3000)
        leases.hold(c, UNIT, "talk", "canbo03", 2500)

    await database.write(work)

    async def here(now: int) -> tuple[str, ...]:
        return await database.read(lambda c: leases.holders(c, UNIT, "case", now))

    assert await here(1999) == ("canbo01", "canbo02")
    assert await here(2000) == ("canbo01",)
    await database.write(lambda c: leases.forget(c, UNIT, 2600))
    assert await here(0) == ("canbo01",)
