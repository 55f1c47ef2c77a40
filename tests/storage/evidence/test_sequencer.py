"""Does every entry get one place, under every interruption, and is it signed?"""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

from storage import evidence
from storage.database import Database
from storage.errors import EvidenceError
from storage.evidence import checkpoints, order
from storage.evidence.merkle import root_at
from storage.evidence.notes import Checkpoint
from storage.evidence.order import Lease
from storage.evidence.sequencer import opened
from storage.keys import KeyRing
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.tables import evidence_position
from tests.conftest import MASTER
from tests.storage.evidence import naive
from tests.storage.evidence.log import (
    DAY_MS,
    ORIGIN,
    UNIT,
    Days,
    entry,
    sequencer,
    write,
)


async def signed(database: Database) -> Checkpoint:
    """Return what the newest checkpoint says."""
    found = await database.read(lambda c: checkpoints.newest(c, UNIT))
    assert found is not None
    return found.read()[0]


async def placed(database: Database) -> list[tuple[int, str]]:
    """Return places and ids in order."""
    columns = evidence_position.c
    query = select(columns.position, columns.entry_id).order_by(columns.position)
    rows = await database.read(lambda c: c.execute(query).all())
    return [(row[0], row[1]) for row in rows]


async def test_entries_are_ordered_and_signed(database: Database) -> None:
    """Seven hundred entries in three batches have the root the RFC defines."""
    log = sequencer(database)
    for begin, end in ((0, 1), (1, 400), (400, 700)):
        await write(database, begin, end)
        await log.run()

    leaves = [entry(number).leaf() for number in range(700)]
    assert await signed(database) == Checkpoint(ORIGIN, 700, naive.tree(leaves))
    assert await placed(database) == [(n, entry(n).entry_id) for n in range(700)]
    assert await database.read(lambda c: order.count_waiting(c, UNIT)) == 0
    root = await database.read(lambda c: root_at(300, order.nodes(c, UNIT)))
    assert root == naive.tree(leaves[:300])


async def test_nothing_new_signs_nothing(database: Database) -> None:
    """An empty log has no checkpoint; a quiet one keeps the one it has."""
    log = sequencer(database)
    assert await log.run() is None
    await write(database, 0, 3)
    assert await log.run() is not None
    assert await log.run() is None


async def test_an_entry_that_comes_late_stands_where_it_is_seen(
    database: Database,
) -> None:
    """An older id that commits later gets the next place: no gap, none forgotten."""
    log = sequencer(database)
    await write(database, 5, 8)
    await log.run()
    await write(database, 0, 2)
    await log.run()

    assert [name for _, name in await placed(database)] == [
        entry(number).entry_id for number in (5, 6, 7, 0, 1)
    ]


async def test_many_at_once_give_each_entry_one_place(database: Database) -> None:
    """Writers and sequencers of several processes together: each entry once."""
    await sequencer(database).begin()
    work = [write(database, n * 20, n * 20 + 20) for n in range(10)]
    await asyncio.gather(*work, *(sequencer(database).integrate() for _ in range(4)))
    await sequencer(database).run()

    found = await placed(database)
    assert [place for place, _ in found] == list(range(200))
    assert {name for _, name in found} == {entry(n).entry_id for n in range(200)}
    assert (await signed(database)).size == 200


@pytest.mark.postgres
async def test_commits_that_overtake_each_other_leave_no_gap(
    postgres_database: Database,
) -> None:
    """While one transaction is open a later one is ordered; then the first one."""
    await sequencer(postgres_database).begin()
    assert isinstance(postgres_database, PostgresDatabase)

    def slow(connection: Connection) -> None:
        evidence.append(connection, [entry(1).row()])

    async with postgres_database._engine.begin() as connection:
        await connection.run_sync(slow)
        await write(postgres_database, 2, 4)
        assert await sequencer(postgres_database).integrate() == 2
    assert await sequencer(postgres_database).integrate() == 1
    assert [name for _, name in await placed(postgres_database)] == [
        entry(number).entry_id for number in (2, 3, 1)
    ]


async def test_a_crash_between_the_steps_loses_nothing(database: Database) -> None:
    """Ordered but not signed: the next process signs it."""
    await write(database, 0, 4)
    await sequencer(database).integrate()
    assert await database.read(lambda c: checkpoints.newest(c, UNIT)) is None

    await sequencer(database).run()
    assert (await signed(database)).size == 4


async def test_another_s_lease_is_respected_until_it_ends(database: Database) -> None:
    """Two owners: one orders, the other waits until the lease is over."""
    await write(database, 0, 2)
    assert await sequencer(database).integrate(Lease("a", 0, 1000)) == 2
    await write(database, 2, 4)

    assert await sequencer(database).integrate(Lease("b", 500, 1500)) == 0
    assert await sequencer(database).integrate(Lease("b", 1000, 2000)) == 2


async def test_the_last_checkpoint_of_each_day_stays(database: Database) -> None:
    """Within a day the newest takes the place of the others."""
    days = Days()
    log = sequencer(database, days)
    for number in range(6):
        await write(database, number, number + 1)
        await log.run()
        days.ms += DAY_MS // 2

    kept = await database.read(lambda c: checkpoints.all_of(c, UNIT))
    assert [one.size for one in kept] == [2, 4, 6]
    first = await database.read(lambda c: checkpoints.of_day(c, UNIT, kept[0].day))
    assert first == kept[0]


async def test_a_new_key_is_led_in_by_the_old_one(database: Database) -> None:
    """The first checkpoint of a new key bears both signatures, later ones its own."""
    log = sequencer(database)
    await write(database, 0, 2)
    await log.run()
    await log.rotate()
    with pytest.raises(EvidenceError):
        await log.rotate()
    for begin in (2, 3):
        await write(database, begin, begin + 1)
        await log.run()

    keys = await database.read(lambda c: checkpoints.keys(c, UNIT))
    old, new = (row.key(ORIGIN) for row in keys)
    notes = [
        one.read()[1]
        for one in await database.read(lambda c: checkpoints.all_of(c, UNIT))
    ]
    signers = [(n.is_signed_by(old), n.is_signed_by(new)) for n in notes]
    assert signers == [(True, True), (False, True)]
    assert old.public != new.public


async def test_a_tree_that_was_rewritten_is_not_signed(database: Database) -> None:
    """When a stored hash changed under a signed root, the sequencer stops."""
    log = sequencer(database)
    await write(database, 0, 3)
    await log.run()
    forge = text("UPDATE evidence_tile SET hashes = :hashes")
    await database.write(lambda c: c.execute(forge, {"hashes": bytes(96)}))
    await write(database, 3, 4)

    with pytest.raises(EvidenceError):
        await log.run()
    assert (await signed(database)).size == 3


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE evidence_position SET position = position + 10",
        "DELETE FROM evidence_position",
        (
            "INSERT INTO evidence_position (unit_id, position, entry_id)"
            " SELECT unit_id, 9, entry_id FROM evidence_position"
        ),
    ],
)
async def test_the_database_keeps_each_place(database: Database, forgery: str) -> None:
    """Places cannot be changed, removed or given twice."""
    await write(database, 0, 2)
    await sequencer(database).run()

    with pytest.raises(DBAPIError):
        await database.write(lambda c: c.execute(text(forgery)))
    assert len(await placed(database)) == 2


async def test_a_key_opens_only_as_it_was_made(database: Database) -> None:
    """Another master key, or a row that says something else, opens nothing."""
    await sequencer(database).begin()
    (row,) = await database.read(lambda c: checkpoints.keys(c, UNIT))
    keys = KeyRing(MASTER).unit(UNIT)

    assert opened(keys, row, ORIGIN).key == row.key(ORIGIN)
    with pytest.raises(EvidenceError):
        opened(KeyRing(bytes(32)).unit(UNIT), row, ORIGIN)


async def test_a_proof_reads_only_its_own_tiles(
    sqlite_database: SqliteDatabase,
) -> None:
    """The plan seeks each tile by its whole key: a long log costs no more."""
    values: dict[str, str | int] = {"unit": UNIT}
    values |= {f"{name}_{at}": at for name in ("level", "number") for at in range(3)}
    query = str(order._some_tiles(3).compile(dialect=sqlite.dialect()))
    plan = await sqlite_database.read(
        lambda c: c.execute(text(f"EXPLAIN QUERY PLAN {_named(query)}"), values).all()
    )
    seeks = [row[3] for row in plan if "evidence_tile" in row[3]]

    assert len(seeks) == 3
    assert all("level=? AND number=?" in one for one in seeks)


def _named(query: str) -> str:
    """Return a compiled statement with names for its places, in their order."""
    names = [
        f":{n}" for at in range(3) for n in ("unit", f"level_{at}", f"number_{at}")
    ]
    for name in names:
        query = query.replace("?", name, 1)
    return query
