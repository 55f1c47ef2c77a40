"""Is nothing left lying after a crash, and nothing kept too long?"""

from __future__ import annotations

from functools import partial

from sqlalchemy import select, update

from storage import inbox, inbox_failed
from storage.database import Database
from storage.inbox import MAX_ATTEMPTS
from storage.tables import inbox_body, inbox_event, lane
from tests.storage.rows import (
    LEASE,
    UNIT,
    claim,
    count,
    done,
    lane_row,
    names,
    one,
    state_of,
)


async def test_an_embedded_start_takes_every_lane_back(database: Database) -> None:
    """With no owner named, even fresh leases are freed: nobody else can be alive."""
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e2", "binh", 600)])
    )
    await database.write(claim)

    assert await database.write(lambda c: inbox.take_back(c, 2001)) == 2
    found = names(await database.write(lambda c: claim(c, "w2", now=2001)))
    assert found == {"anna": ["e1"], "binh": ["e2"]}


async def test_a_living_workers_lane_is_left_alone(database: Database) -> None:
    """While others may be alive, only leases that ended are taken back."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(claim)

    early = await database.write(lambda c: inbox.take_back(c, 2000 + LEASE, "me"))
    late = await database.write(lambda c: inbox.take_back(c, 2001 + LEASE, "me"))
    assert (early, late) == (0, 1)


async def test_a_crash_counts_against_the_first_event_only(database: Database) -> None:
    """The event that was being handled gets an attempt, those behind it none."""
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e2", "anna", 600)])
    )
    await database.write(claim)
    await database.write(lambda c: inbox.take_back(c, 2001))

    assert await database.read(lambda c: state_of(c, "e1")) == ("received", 1)
    assert await database.read(lambda c: state_of(c, "e2")) == ("received", 0)


async def test_a_message_that_kills_is_set_aside_in_the_end(
    database: Database,
) -> None:
    """After MAX_ATTEMPTS crashes one retry() ends it instead of a further crash."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    for now in range(2000, 2000 + MAX_ATTEMPTS):
        await database.write(partial(claim, now=now))
        await database.write(partial(inbox.take_back, now=now))
    (ref,) = await database.write(lambda c: claim(c, now=3000))

    assert ref.events[0]["attempts"] == MAX_ATTEMPTS
    assert await database.write(
        lambda c: inbox.retry(c, ref.events[0], available_at=3000, error="crash")
    )
    assert (await database.read(lambda c: state_of(c, "e1")))[0] == "failed"


async def test_a_lane_that_ended_well_counts_no_crash(database: Database) -> None:
    """After release there is nothing to take back."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: done(c, ref.events[0]))
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))

    assert await database.write(lambda c: inbox.take_back(c, 9000)) == 0


async def test_a_forgotten_lane_is_woken(database: Database) -> None:
    """A pending event whose lane has no due time becomes ready again."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(lambda c: c.execute(update(lane).values(ready_at=None)))
    assert await database.write(claim) == []

    assert await database.write(lambda c: inbox.wake_forgotten(c, 2500)) == 1
    assert await database.write(lambda c: inbox.wake_forgotten(c, 2500)) == 0
    assert names(await database.write(lambda c: claim(c, now=2500))) == {"anna": ["e1"]}


async def test_a_lane_in_work_or_without_work_is_not_woken(database: Database) -> None:
    """Held lanes and empty lanes are not forgotten ones."""
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e2", "binh", 600)])
    )
    refs = {ref.lane: ref for ref in await database.write(claim)}
    await database.write(lambda c: done(c, refs["binh"].events[0]))
    await database.write(lambda c: inbox.release(c, UNIT, "binh", "w1"))

    assert await database.write(lambda c: inbox.wake_forgotten(c, 2500)) == 0
    assert (await database.read(lambda c: lane_row(c, "binh")))["ready_at"] is None


async def test_old_bodies_and_finished_events_are_purged(database: Database) -> None:
    """After the limit the raw body goes; an event still pending is kept as a row."""
    await database.write(
        lambda c: inbox.store(
            c,
            [
                one("e1", "anna", 1, at=1000),
                one("e2", "binh", 2, at=1000),
                one("e3", "chi", 3, at=2000),
            ],
        )
    )
    refs = {ref.lane: ref for ref in await database.write(claim)}
    await database.write(lambda c: done(c, refs["anna"].events[0]))

    assert await database.write(lambda c: inbox.purge(c, 2000)) == 2
    bodies = await database.read(
        lambda c: list(c.execute(select(inbox_body.c.body_id)).scalars())
    )
    events = await database.read(
        lambda c: sorted(c.execute(select(inbox_event.c.event_id)).scalars())
    )
    assert bodies == ["b-e3"]
    assert events == ["e2", "e3"]


async def test_a_purged_body_comes_as_none(database: Database) -> None:
    """An event whose body is gone is handed out and says so."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 1, at=1000)]))
    await database.write(lambda c: inbox.purge(c, 5000))
    (ref,) = await database.write(claim)

    assert ref.events[0]["sealed"] is None
    assert ref.events[0]["day"] is None


async def test_the_backlog_counts_and_ages(database: Database) -> None:
    """Waiting, failed and the age of the oldest waiting event, in ms."""
    assert await database.read(lambda c: inbox.backlog(c, 5000)) == {
        "waiting": 0,
        "failed": 0,
        "oldest_ms": 0,
    }
    await database.write(
        lambda c: inbox.store(
            c, [one("e1", "anna", 1, at=1000), one("e2", "binh", 2, at=1500)]
        )
    )

    assert await database.read(lambda c: inbox.backlog(c, 5000)) == {
        "waiting": 2,
        "failed": 0,
        "oldest_ms": 4000,
    }


async def test_a_failed_event_gets_another_chance(database: Database) -> None:
    """replay() makes it wait again with all its tries, and wakes its lane."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    spent = dict(ref.events[0]) | {"attempts": MAX_ATTEMPTS - 1}
    await database.write(
        lambda c: inbox.retry(c, spent, available_at=0, error="BrokenError")
    )
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))
    (failed,) = await database.read(inbox_failed.failed)
    assert (failed["event_id"], failed["error"]) == ("e1", "BrokenError")

    await database.write(lambda c: inbox_failed.replay(c, [failed], 9000))
    assert await database.read(inbox_failed.failed) == []
    assert await database.read(lambda c: state_of(c, "e1")) == ("received", 0)
    assert names(await database.write(lambda c: claim(c, now=9000))) == {"anna": ["e1"]}


async def test_nothing_but_failed_events_is_replayed(database: Database) -> None:
    """A done event given to replay() stays done."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: done(c, ref.events[0]))
    await database.write(lambda c: inbox_failed.replay(c, [ref.events[0]], 9000))

    assert await database.read(lambda c: state_of(c, "e1")) == ("done", 0)
    query = select(inbox_event).where(inbox_event.c.state == "received")
    assert await database.read(lambda c: count(c, query)) == 0
