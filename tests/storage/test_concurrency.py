"""Do many workers on one PostgreSQL share lanes without sharing an event?"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import Connection, select

from storage import inbox, outbox
from storage.database import Database
from storage.erasure import Redacted, erase_person
from storage.errors import LeaseLostError
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import inbox_body, inbox_event, person
from storage.tables import outbox as outbox_table
from tests.storage.people import LUA, SON, lane_of, settle, webhook
from tests.storage.rows import (
    LEASE,
    UNIT,
    claim,
    count,
    delivery,
    digest,
    done,
    ids_of,
    lane_row,
    names,
    one,
    send,
    state_of,
    stored,
    take,
)

pytestmark = pytest.mark.postgres
ROUNDS = 60
WORKERS = 4
BODIES = select(inbox_body)


async def test_workers_never_get_the_same_lane(postgres_database: Database) -> None:
    """Four workers that claim at once share the lanes: each lane has one owner."""
    lanes = {f"lane{n:03d}" for n in range(80)}
    await postgres_database.write(
        lambda c: inbox.store(c, [one(f"e-{key}", key, 500) for key in sorted(lanes)])
    )
    claims = [
        postgres_database.write(partial(claim, owner=f"w{n % WORKERS}", limit=10))
        for n in range(8)
    ]
    taken = Counter(ref.lane for refs in await asyncio.gather(*claims) for ref in refs)

    assert set(taken.values()) == {1}
    rest = await postgres_database.write(partial(claim, owner="rest", limit=100))
    assert lanes == set(taken) | {ref.lane for ref in rest}


async def test_nothing_stored_during_a_release_is_forgotten(
    postgres_database: Database,
) -> None:
    """An event committed while its lane is released always wakes the lane."""
    for number in range(ROUNDS):
        key = f"lane{number}"
        await postgres_database.write(
            partial(inbox.store, deliveries=[one(f"a{number}", key, 500)])
        )
        (ref,) = await postgres_database.write(claim)
        await postgres_database.write(partial(done, event=ref.events[0]))
        await asyncio.gather(
            postgres_database.write(
                partial(inbox.store, deliveries=[one(f"b{number}", key, 600)])
            ),
            postgres_database.write(
                partial(inbox.release, unit_id=UNIT, lane_key=key, owner="w1")
            ),
        )
        row = await postgres_database.read(partial(lane_row, key=key))

        assert row["ready_at"] is not None
        assert names(await postgres_database.write(claim)) == {key: [f"b{number}"]}


async def test_one_message_in_many_deliveries_is_stored_once(
    postgres_database: Database,
) -> None:
    """Web processes that store the same batch at once, in any order, keep one."""
    keys = [f"k{n}" for n in range(6)]

    def twin(copy: int) -> inbox.Delivery:
        order = keys if copy % 2 else keys[::-1]
        events = [
            inbox.StoredEvent(f"{key}-{copy}", 0, digest(key), f"lane-{key}", 500)
            for key in order
        ]
        return delivery(f"body{copy}", *events)

    await asyncio.gather(
        *(
            postgres_database.write(partial(inbox.store, deliveries=[twin(n)]))
            for n in range(8)
        )
    )
    refs = await postgres_database.write(partial(claim, limit=50))

    assert sorted(ref.lane for ref in refs) == [f"lane-{key}" for key in keys]
    assert all(len(ref.events) == 1 for ref in refs)
    used = {event["body_id"] for ref in refs for event in ref.events}
    bodies = await postgres_database.read(lambda c: count(c, select(inbox_body)))
    assert bodies == len(used)


async def test_a_shared_body_goes_when_two_lanes_end_together(
    postgres_database: Database,
) -> None:
    """Two workers that finish the last two events of a body at once delete it."""
    for number in range(ROUNDS // 2):
        pair = delivery(
            f"b{number}",
            stored(f"x{number}", f"anna{number}", 500),
            stored(f"y{number}", f"binh{number}", 500, 1),
        )
        await postgres_database.write(partial(inbox.store, deliveries=[pair]))
        refs = await postgres_database.write(claim)
        await asyncio.gather(
            *(
                postgres_database.write(partial(done, event=ref.events[0]))
                for ref in refs
            )
        )

        assert len(refs) == 2
        left = await postgres_database.read(lambda c: count(c, select(inbox_body)))
        assert left == 0


async def test_one_worker_at_most_finishes_an_event(
    postgres_database: Database,
) -> None:
    """Of two that end the same event under one name at once, one loses."""
    await postgres_database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await postgres_database.write(claim)
    ends = await asyncio.gather(
        *(
            postgres_database.write(lambda c: done(c, ref.events[0]))
            for _ in range(WORKERS)
        ),
        return_exceptions=True,
    )

    assert ends.count(None) == 1
    assert sum(isinstance(end, LeaseLostError) for end in ends) == WORKERS - 1


async def test_sweepers_count_a_crash_once(postgres_database: Database) -> None:
    """Many sweepers at once take a dead worker's lane back once between them."""
    late = 2001 + LEASE
    await postgres_database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await postgres_database.write(claim)
    freed = await asyncio.gather(
        *(
            postgres_database.write(
                partial(inbox.take_back, now=late, owner=f"sweeper{n}")
            )
            for n in range(WORKERS)
        )
    )

    assert sum(freed) == 1
    state = await postgres_database.read(lambda c: state_of(c, "e1"))
    assert state == ("received", 1)


async def test_senders_never_get_the_same_row(postgres_database: Database) -> None:
    """Four senders that claim at once share the rows, one citizen's in order."""
    people = [f"p{n}" for n in range(20)]
    rows = [send(f"{p}-{n}", p) for n in range(3) for p in people]
    await postgres_database.write(lambda c: outbox.plan(c, rows))
    claims = [
        postgres_database.write(partial(take, owner=f"s{n}", limit=6))
        for n in range(WORKERS)
    ]
    taken = [row_id for got in await asyncio.gather(*claims) for row_id in ids_of(got)]

    assert len(taken) == len(set(taken))
    assert all(row_id.endswith("-0") for row_id in taken)


async def test_stranded_rows_are_judged_once(postgres_database: Database) -> None:
    """Of many sweepers one alone sees a stranded row, while it holds it."""
    await postgres_database.write(lambda c: outbox.plan(c, [send("r1")]))
    await postgres_database.write(take)
    late = 2001 + LEASE

    def judge(connection: Connection) -> int:
        rows = outbox.stranded(connection, late)
        for row in rows:
            outbox.reset_claimed(connection, row, late)
        return len(rows)

    found = await asyncio.gather(
        *(postgres_database.write(judge) for _ in range(WORKERS))
    )
    assert sum(found) == 1


async def test_an_erasure_and_a_worker_do_not_lock_each_other_out(
    postgres_database: Database, ring: KeyRing, ids: Ids
) -> None:
    """While she is erased, his worker ends his message: both come to an end."""
    for number in range(ROUNDS // 3):
        both = webhook(ring, f"b{number}", LUA, SON)
        await postgres_database.write(partial(settle, ring=ring, ids=ids, citizen=LUA))
        await postgres_database.write(partial(inbox.store, deliveries=[both]))
        refs = {ref.lane: ref for ref in await postgres_database.write(claim)}
        his, hers = refs[lane_of(ring, SON)], refs[lane_of(ring, LUA)]
        _, end, _ = await asyncio.gather(
            postgres_database.write(partial(done, event=his.events[0])),
            postgres_database.write(partial(done, event=hers.events[0])),
            postgres_database.write(partial(_erase_lua, body_id=both.body_id)),
            return_exceptions=True,
        )

        assert end is None or isinstance(end, LeaseLostError)
        assert await postgres_database.read(partial(count, query=BODIES)) == 0
        await postgres_database.write(_forget_lua)
        await postgres_database.write(
            partial(inbox.release, unit_id=UNIT, lane_key=his.lane, owner="w1")
        )


def _erase_lua(connection: Connection, body_id: str) -> None:
    seen = connection.execute(BODIES.with_only_columns(inbox_body.c.sealed)).scalar()
    changes = {body_id: Redacted(body_id, seen, b"without her")} if seen else {}
    erase_person(connection, UNIT, LUA.person_id, 5000, changes)


def _forget_lua(connection: Connection) -> None:
    for table in (person, outbox_table, inbox_event):
        connection.execute(table.delete())
