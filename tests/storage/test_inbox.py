"""Is every event stored once, handed out in order, and done once?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, select

from storage import inbox
from storage.database import Database
from storage.errors import LeaseLostError
from storage.inbox import EVENTS_PER_CLAIM, MAX_ATTEMPTS
from storage.tables import inbox_body, inbox_event
from tests.storage.rows import (
    LEASE,
    UNIT,
    claim,
    count,
    delivery,
    digest,
    done,
    lane_row,
    names,
    one,
    state_of,
    stored,
)

BODIES = select(inbox_body)
EVENTS = select(inbox_event)


async def test_a_delivery_comes_back_as_it_was_stored(database: Database) -> None:
    """A claimed event carries its sealed body, its day and its place in the body."""
    item = delivery("b1", stored("e1", "anna", 500, index=3), at=1000)
    await database.write(lambda c: inbox.store(c, [item]))
    (ref,) = await database.write(claim)

    (event,) = ref.events
    assert (ref.unit_id, ref.lane) == (UNIT, "anna")
    assert event["sealed"] == item.sealed
    assert (event["day"], event["body_index"]) == (item.day, 3)
    assert (event["platform_at"], event["received_at"]) == (500, 1000)
    assert (event["state"], event["attempts"]) == ("received", 0)


async def test_the_same_message_twice_is_stored_once(database: Database) -> None:
    """A redelivery changes nothing and leaves no second body behind."""
    again = delivery("b2", stored("e2", "anna", 500))
    again = delivery(
        "b2",
        inbox.StoredEvent("e2", 0, digest("key:e1"), "anna", 500),
    )
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(lambda c: inbox.store(c, [again]))

    assert await database.read(lambda c: count(c, EVENTS)) == 1
    assert await database.read(lambda c: count(c, BODIES)) == 1
    assert names(await database.write(claim)) == {"anna": ["e1"]}


async def test_the_same_message_twice_in_one_commit_is_stored_once(
    database: Database,
) -> None:
    """Two deliveries of one message in one group commit leave one event and body."""
    twin = delivery("b2", inbox.StoredEvent("e2", 0, digest("key:e1"), "anna", 500))
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500), twin]))

    assert await database.read(lambda c: count(c, EVENTS)) == 1
    assert await database.read(lambda c: count(c, BODIES)) == 1


async def test_a_batch_may_repeat_what_is_done_already(database: Database) -> None:
    """A handled message that comes again is not handled again."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: done(c, ref.events[0]))
    twin = delivery("b9", inbox.StoredEvent("e9", 0, digest("key:e1"), "anna", 500))
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))
    await database.write(lambda c: inbox.store(c, [twin]))

    assert all(not ref.events for ref in await database.write(claim))
    assert await database.read(lambda c: count(c, BODIES)) == 0


async def test_a_half_known_body_stays_for_its_new_event(database: Database) -> None:
    """A batch with one known and one new message keeps body and new message."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    mixed = delivery(
        "b2",
        inbox.StoredEvent("e1x", 0, digest("key:e1"), "anna", 500),
        stored("e2", "binh", 600, index=1),
    )
    await database.write(lambda c: inbox.store(c, [mixed]))

    found = names(await database.write(claim))
    assert found == {"anna": ["e1"], "binh": ["e2"]}
    assert await database.read(lambda c: count(c, BODIES)) == 2


async def test_a_body_without_events_is_not_kept(database: Database) -> None:
    """Raw bytes that no event needs are not stored, alone or beside others."""
    empty = delivery("b0")
    await database.write(lambda c: inbox.store(c, [empty]))
    await database.write(lambda c: inbox.store(c, [empty, one("e1", "anna", 500)]))

    bodies = await database.read(
        lambda c: list(c.execute(select(inbox_body.c.body_id)).scalars())
    )
    assert bodies == ["b-e1"]


async def test_another_unit_or_channel_may_use_the_same_key(database: Database) -> None:
    """Dedupe keys are compared inside one unit and channel only."""
    event = stored("e1", "anna", 500)
    other = stored("e2", "anna", 500)
    same = inbox.StoredEvent("e2", 0, event.dedupe, "anna", 500)
    third = inbox.StoredEvent("e3", 0, event.dedupe, "anna", 500)
    await database.write(
        lambda c: inbox.store(
            c,
            [
                delivery("b1", event),
                delivery("b2", same, channel="facebook"),
                delivery("b3", third, unit_id="xa-khac"),
            ],
        )
    )

    assert other.dedupe != event.dedupe
    assert await database.read(lambda c: count(c, EVENTS)) == 3


async def test_a_lane_is_ordered_by_the_platforms_clock(database: Database) -> None:
    """Events come by platform time, then by id, however they arrived."""
    await database.write(
        lambda c: inbox.store(
            c,
            [
                one("e5", "anna", 700),
                one("e2", "anna", 600),
                one("e1", "anna", 600),
                one("e3", "anna", 500),
            ],
        )
    )

    assert names(await database.write(claim)) == {"anna": ["e3", "e1", "e2", "e5"]}


async def test_a_flooded_lane_is_handed_out_in_portions(database: Database) -> None:
    """At most EVENTS_PER_CLAIM events of a lane come at once, the first ones."""
    flood = [one(f"e{n:02d}", "anna", 500 + n) for n in range(EVENTS_PER_CLAIM + 5)]
    await database.write(lambda c: inbox.store(c, [*flood, one("x", "binh", 1)]))

    found = names(await database.write(claim))
    assert found["anna"] == [f"e{n:02d}" for n in range(EVENTS_PER_CLAIM)]
    assert found["binh"] == ["x"]


async def test_lanes_ready_longest_go_first(database: Database) -> None:
    """With room for one, the lane that waits longest is taken."""
    await database.write(
        lambda c: inbox.store(
            c, [one("e2", "binh", 1, at=1500), one("e1", "anna", 9, at=1200)]
        )
    )

    assert names(await database.write(lambda c: claim(c, limit=1))) == {"anna": ["e1"]}


async def test_a_claimed_lane_is_nobody_elses(database: Database) -> None:
    """While the lease lasts, a second worker gets nothing."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(lambda c: claim(c, "w1"))

    assert await database.write(lambda c: claim(c, "w2", now=2000 + LEASE)) == []


async def test_a_lease_that_ended_lets_another_in(database: Database) -> None:
    """After the lease a second worker gets the lane, and the crash is counted."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(lambda c: claim(c, "w1"))
    (ref,) = await database.write(lambda c: claim(c, "w2", now=2001 + LEASE))

    assert ref.events[0]["attempts"] == 1
    assert await database.read(lambda c: state_of(c, "e1")) == ("received", 1)


async def test_the_first_owner_cannot_finish_after_losing_the_lane(
    database: Database,
) -> None:
    """complete() by a worker whose lane went on raises LeaseLostError."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(lambda c: claim(c, "w1"))
    await database.write(lambda c: claim(c, "w2", now=2001 + LEASE))

    with pytest.raises(LeaseLostError):
        await database.write(lambda c: done(c, ref.events[0], "w1"))
    assert await database.read(lambda c: state_of(c, "e1")) == ("received", 1)


async def test_an_event_is_done_once(database: Database) -> None:
    """The second complete() of the same event raises LeaseLostError."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: done(c, ref.events[0]))

    with pytest.raises(LeaseLostError):
        await database.write(lambda c: done(c, ref.events[0]))


async def test_complete_prolongs_the_lease(database: Database) -> None:
    """Each finished event gives the worker more time for the next one."""
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e2", "anna", 600)])
    )
    (ref,) = await database.write(claim)
    await database.write(
        lambda c: inbox.complete(c, ref.events[0], owner="w1", lease_until=50_000)
    )

    assert await database.write(lambda c: claim(c, "w2", now=49_000)) == []


async def test_a_body_goes_with_its_last_event(database: Database) -> None:
    """The raw body stays while one of its events waits, then it is deleted."""
    pair = delivery("b1", stored("e1", "anna", 500), stored("e2", "binh", 600, 1))
    await database.write(lambda c: inbox.store(c, [pair]))
    refs = {ref.lane: ref for ref in await database.write(claim)}
    await database.write(lambda c: done(c, refs["anna"].events[0]))
    assert await database.read(lambda c: count(c, BODIES)) == 1

    await database.write(lambda c: done(c, refs["binh"].events[0]))
    assert await database.read(lambda c: count(c, BODIES)) == 0
    assert await database.read(lambda c: state_of(c, "e1")) == ("done", 0)


async def test_a_released_lane_sleeps_until_there_is_work(database: Database) -> None:
    """Without pending events a released lane is not ready; a new event wakes it."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: done(c, ref.events[0]))
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))
    asleep = await database.read(lambda c: lane_row(c, "anna"))
    assert (asleep["ready_at"], asleep["owner"], asleep["lease_until"]) == (None,) * 3

    await database.write(lambda c: inbox.store(c, [one("e2", "anna", 700, at=1900)]))
    assert names(await database.write(claim)) == {"anna": ["e2"]}


async def test_release_sees_what_came_meanwhile(database: Database) -> None:
    """An event stored while the lane was held is due at once after release."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    (ref,) = await database.write(claim)
    await database.write(lambda c: inbox.store(c, [one("e2", "anna", 600)]))
    await database.write(lambda c: done(c, ref.events[0]))
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))

    assert names(await database.write(claim)) == {"anna": ["e2"]}


async def test_only_the_owner_may_release(database: Database) -> None:
    """A worker that lost the lane does not free the new owner's lease."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    await database.write(lambda c: claim(c, "w2"))
    await database.write(lambda c: inbox.release(c, UNIT, "anna", "w1"))

    assert (await database.read(lambda c: lane_row(c, "anna")))["owner"] == "w2"


async def test_a_failed_try_waits_and_keeps_the_order(database: Database) -> None:
    """While the first event waits for its next try, later ones of the lane wait."""
    await database.write(
        lambda c: inbox.store(
            c,
            [one("e1", "anna", 500), one("e2", "anna", 600), one("x", "binh", 700)],
        )
    )
    await database.write(lambda c: _fail_head(c, "anna", until=5000))

    assert names(await database.write(lambda c: claim(c, now=4999))) == {"binh": ["x"]}
    found = names(await database.write(lambda c: claim(c, "w3", now=5000)))
    assert found == {"anna": ["e1", "e2"]}


async def test_an_event_that_fails_in_the_middle_holds_back_the_rest(
    database: Database,
) -> None:
    """A lane claimed by an early event stops before one that is not due yet."""
    await database.write(lambda c: inbox.store(c, [one("e2", "anna", 600)]))
    await database.write(lambda c: _fail_head(c, "anna", until=9000))
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e3", "anna", 700)])
    )
    await database.write(lambda c: inbox.wake_forgotten(c, 2000))

    found = names(await database.write(lambda c: claim(c, now=9000)))
    assert found == {"anna": ["e1", "e2", "e3"]}


async def test_after_the_last_try_the_lane_moves_on(database: Database) -> None:
    """The MAX_ATTEMPTS-th failure sets the event aside; the next one is handed out."""
    await database.write(
        lambda c: inbox.store(c, [one("e1", "anna", 500), one("e2", "anna", 600)])
    )
    ends = [
        await database.write(partial(_fail_head, lane="anna", now=n, until=n))
        for n in range(2000, 2000 + MAX_ATTEMPTS)
    ]

    assert ends == [False] * (MAX_ATTEMPTS - 1) + [True]
    assert (await database.read(lambda c: state_of(c, "e1")))[0] == "failed"
    found = names(await database.write(lambda c: claim(c, now=3000)))
    assert found == {"anna": ["e2"]}


async def test_a_body_of_a_failed_event_is_kept_for_replay(database: Database) -> None:
    """What was set aside can still be read by whoever mends it."""
    await database.write(lambda c: inbox.store(c, [one("e1", "anna", 500)]))
    for now in range(2000, 2000 + MAX_ATTEMPTS):
        await database.write(partial(_fail_head, lane="anna", now=now, until=now))

    assert await database.read(lambda c: count(c, BODIES)) == 1


def _fail_head(
    connection: Connection, lane: str, *, now: int = 2000, until: int
) -> bool:
    """Claim, fail the first event of a lane until an instant, release everything."""
    is_final = False
    for ref in claim(connection, "failing", now=now):
        if ref.lane == lane:
            is_final = inbox.retry(
                connection, ref.events[0], available_at=until, error="BrokenError"
            )
        inbox.release(connection, ref.unit_id, ref.lane, "failing")
    return is_final
