"""Does every wanted file come to one end, whoever dies while fetching it?"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage import files
from storage.database import Database
from storage.erasure import erase_person
from storage.errors import LeaseLostError
from storage.file_states import FileState
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import received_file, vault_item
from tests.storage.people import LUA, SON, settle
from tests.storage.rows import CHANNEL, UNIT, digest

Row = dict[str, Any]
LEASE = 10_000


def wanted(name: str, person: str = LUA.person_id, at: int = 1000, n: int = 0) -> Row:
    """Return a file to fetch; the event has its name."""
    return {
        "unit_id": UNIT,
        "file_id": f"{name}-{n}",
        "person_id": person,
        "item_id": f"item-{name}-{n}",
        "event_id": name,
        "position": n,
        "channel": CHANNEL,
        "kind": "image",
        "state": FileState.WANTED.value,
        "attempts": 0,
        "available_at": at,
        "created_at": at,
        "updated_at": at,
    }


def item(row: Row) -> Row:
    """Return the sealed item of a file."""
    return {
        "unit_id": UNIT,
        "item_id": row["item_id"],
        "person_id": row["person_id"],
        "kind": "citizen:file:received",
        "sealed": b"address",
        "created_at": 1000,
    }


async def given(database: Database, *rows: Row) -> None:
    """Write wanted files with their items."""

    def work(connection: Connection) -> None:
        files.want(connection, rows)
        connection.execute(vault_item.insert(), [item(row) for row in rows])

    await database.write(work)


def claim(
    connection: Connection, owner: str = "w1", now: int = 2000, limit: int = 4
) -> list[Row]:
    """Claim with the usual lease."""
    return files.claim(
        connection, owner=owner, now=now, lease_until=now + LEASE, limit=limit
    )


def stored(
    connection: Connection, row: Row, owner: str = "w1", name: str = "a"
) -> None:
    """Say that it is on the disk."""
    files.store(
        connection,
        row,
        owner=owner,
        now=3000,
        sealed=b"hash",
        size=7,
        content_mac=digest(name),
        media_type="image/png",
    )


def names(rows: list[Row]) -> list[str]:
    """Return the ids."""
    return [row["file_id"] for row in rows]


async def test_an_attachment_is_wanted_once(database: Database) -> None:
    """The same event planned again adds nothing."""
    await given(database, wanted("e1"), wanted("e1", n=1))
    again = wanted("e1") | {"file_id": "other"}
    await database.write(lambda c: files.want(c, [again]))

    found = await database.read(lambda c: files.listed(c, UNIT))
    assert names(found) == ["e1-1", "e1-0"]


async def test_a_claim_is_a_lease(database: Database) -> None:
    """What is claimed is nobody else's until the lease ends; then it is due again."""
    await given(database, wanted("e1"))
    assert not await database.read(lambda c: files.is_due(c, 999))
    assert await database.read(lambda c: files.is_due(c, 1000))

    (row,) = await database.write(claim)
    assert (row["sealed"], row["attempts"]) == (b"address", 1)
    assert await database.write(partial(claim, owner="w2")) == []

    late = partial(claim, owner="w2", now=2000 + LEASE)
    (again,) = await database.write(late)
    assert again["attempts"] == 2
    with pytest.raises(LeaseLostError):
        await database.write(lambda c: stored(c, row))
    await database.write(lambda c: stored(c, again, "w2"))


async def test_the_longest_waiting_come_first(database: Database) -> None:
    """By the time at which they may be fetched, a few at a time."""
    await given(database, wanted("b", at=500), wanted("a", at=900), wanted("c", at=100))
    rows = await database.write(partial(claim, limit=2))
    assert sorted(names(rows)) == ["b-0", "c-0"]


async def test_a_stored_file_replaces_its_address_by_its_hash(
    database: Database,
) -> None:
    """The row has size and type, the item no longer says where it lay."""
    await given(database, wanted("e1"))
    (row,) = await database.write(claim)
    await database.write(lambda c: stored(c, row))

    found = await database.read(lambda c: files.get(c, UNIT, "e1-0"))
    assert found is not None
    told = {k: found[k] for k in ("state", "size", "media_type", "sealed", "owner")}
    assert told == {
        "state": "stored",
        "size": 7,
        "media_type": "image/png",
        "sealed": b"hash",
        "owner": None,
    }
    assert await database.read(files.waiting) == (0, None)
    assert await database.read(lambda c: files.get(c, UNIT, "none")) is None


async def test_an_end_is_written_once(database: Database) -> None:
    """A file that was refused cannot become stored."""
    await given(database, wanted("e1"))
    (row,) = await database.write(claim)
    refuse = partial(
        files.end,
        row=row,
        owner="w1",
        now=3000,
        sealed=b"name",
        state=FileState.REFUSED,
        reason="type",
    )
    await database.write(refuse)
    for work in (refuse, partial(stored, row=row)):
        with pytest.raises(LeaseLostError):
            await database.write(work)
    assert not await database.read(lambda c: files.is_due(c, 99_999_999))


async def test_a_delayed_file_is_due_later(database: Database) -> None:
    """It keeps its count of tries and says why it waits."""
    await given(database, wanted("e1"))
    (row,) = await database.write(claim)
    await database.write(
        lambda c: files.later(
            c,
            row,
            owner="w1",
            now=3000,
            available_at=9000,
            reason="timeout",
            attempts=1,
        )
    )
    assert await database.write(partial(claim, now=8999)) == []
    assert await database.read(files.waiting) == (1, 1000)
    (again,) = await database.write(partial(claim, now=9000))
    assert (again["attempts"], again["reason"]) == (2, "timeout")


async def test_a_stop_puts_back_what_it_held(database: Database) -> None:
    """At once, without having used up a try; other processes keep theirs."""
    await given(database, wanted("e1"), wanted("e2"))
    await database.write(partial(claim, limit=1))
    await database.write(partial(claim, owner="w2", limit=1))

    assert await database.write(lambda c: files.put_back(c, "w1", 2500)) == 1
    (row,) = await database.write(partial(claim, owner="w3", now=2500))
    assert row["attempts"] == 1


async def test_an_embedded_start_takes_everything_back(database: Database) -> None:
    """Nobody else can hold a file: no lease is waited for."""
    await given(database, wanted("e1"), wanted("e2"))
    await database.write(claim)
    assert await database.write(lambda c: files.wake_stranded(c, 2500)) == 2
    assert len(await database.write(partial(claim, owner="w2", now=2500))) == 2


async def test_a_person_may_let_it_be_fetched_again(database: Database) -> None:
    """Refused and gone files are wanted anew; a stored one is not."""
    await given(database, wanted("e1"), wanted("e2"))
    one, two = await database.write(claim)
    await database.write(lambda c: stored(c, one))
    await database.write(
        lambda c: files.end(
            c,
            two,
            owner="w1",
            now=3000,
            sealed=b"address",
            state=FileState.GONE,
            reason="gave_up",
        )
    )
    both = [one["file_id"], two["file_id"]]
    assert await database.write(lambda c: files.want_again(c, UNIT, both, 4000)) == 1
    (again,) = await database.write(partial(claim, now=4000))
    assert (names([again]), again["attempts"]) == (names([two]), 1)


async def test_files_are_listed_by_what_is_asked(database: Database) -> None:
    """By state, person or message, newest first, up to a limit."""
    await given(database, wanted("e1"), wanted("e2", SON.person_id), wanted("e2", n=1))

    async def asked(**by: Any) -> list[str]:
        return names(await database.read(lambda c: files.listed(c, UNIT, **by)))

    assert await asked(person_id=SON.person_id) == ["e2-0"]
    assert await asked(event_id="e2") == ["e2-1", "e2-0"]
    assert await asked(state="stored") == []
    assert await asked(limit=1) == ["e2-1"]


async def test_an_erasure_takes_rows_and_names_the_files(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """The person's rows go, their neighbour's stay; a fetch on its way is lost."""

    def people(connection: Connection) -> None:
        for citizen in (LUA, SON):
            settle(connection, ring, ids, citizen)

    await database.write(people)
    await given(
        database, wanted("e1"), wanted("e2"), wanted("e3"), wanted("e4", SON.person_id)
    )
    rows = {row["file_id"]: row for row in await database.write(claim)}
    for name in ("e1-0", "e2-0"):
        await database.write(partial(stored, row=rows[name], name="same"))
    await database.write(partial(stored, row=rows["e4-0"], name="his"))

    done = await database.write(
        lambda c: erase_person(c, UNIT, LUA.person_id, 5000, {})
    )
    assert done.files == (digest("same"),)
    left = await database.read(lambda c: c.execute(select(received_file)).all())
    assert [row.person_id for row in left] == [SON.person_id]
    both = [digest("same"), digest("his")]
    known = await database.read(lambda c: files.known(c, UNIT, both))
    assert known == {digest("his")}
    with pytest.raises(LeaseLostError):
        await database.write(partial(stored, row=rows["e3-0"]))


@pytest.mark.postgres
async def test_workers_never_get_the_same_file(postgres_database: Database) -> None:
    """Many that claim at once share the files: each has one owner."""
    rows = [wanted(f"e{n:02d}") for n in range(40)]
    await given(postgres_database, *rows)
    claims = [
        postgres_database.write(partial(claim, owner=f"w{n}", limit=7))
        for n in range(8)
    ]
    taken = [names(found) for found in await asyncio.gather(*claims)]
    rest = await postgres_database.write(partial(claim, owner="rest", limit=50))

    counts = Counter([name for found in [*taken, names(rest)] for name in found])
    assert len(counts) == 40
    assert set(counts.values()) == {1}
