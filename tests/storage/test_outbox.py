"""Does a row go its way once, in order, and never twice blindly?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, select

from storage import outbox
from storage.database import Database
from storage.errors import LeaseLostError
from storage.outbox import Priority, State
from storage.tables import outbox as table
from tests.storage.rows import LEASE, UNIT, Row, ids_of, send, take


async def plan(database: Database, *rows: Row) -> None:
    """Plan rows."""
    await database.write(lambda c: outbox.plan(c, rows))


def row_of(connection: Connection, row_id: str) -> Row:
    """Return a row as it is stored."""
    query = select(table).where(table.c.row_id == row_id)
    return dict(connection.execute(query).mappings().one())


async def sending(database: Database, row: Row, owner: str = "s1") -> None:
    """Mark a claimed row as being sent."""
    await database.write(
        lambda c: outbox.mark_sending(
            c, row, owner=owner, now=2000, lease_until=2000 + LEASE
        )
    )


async def finish(
    database: Database, row: Row, state: State, *, owner: str = "s1", mac: str = "m1"
) -> None:
    """Write the end of a row."""
    await database.write(
        lambda c: outbox.finish(
            c, row, owner=owner, now=2100, state=state, code="ok", message_mac=mac
        )
    )


async def test_a_row_goes_from_plan_to_accepted(database: Database) -> None:
    """planned, claimed, sending, accepted; the attempt and the message id are kept."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    assert (row["state"], row["owner"], row["attempt"]) == ("claimed", "s1", 0)

    await sending(database, row)
    await finish(database, row, State.ACCEPTED)
    stored = await database.read(lambda c: row_of(c, "r1"))
    assert (stored["state"], stored["attempt"]) == ("accepted", 1)
    assert (stored["owner"], stored["lease_until"]) == (None, None)
    (found,) = await database.read(lambda c: outbox.by_message(c, UNIT, ["m1"]))
    assert found["row_id"] == "r1"


async def test_one_cause_and_position_is_planned_once(database: Database) -> None:
    """A handler that runs twice for one event plans its replies once."""
    await plan(database, send("r1", cause="e1", position=0))
    await plan(
        database,
        send("r2", cause="e1", position=0),
        send("r3", cause="e1", position=1),
    )

    assert (await database.read(outbox.waiting))[0] == 2
    assert ids_of(await database.write(take)) == ["r1"]


async def test_urgent_rows_go_first_then_older_ones(database: Database) -> None:
    """Across citizens: by priority, inside a priority by row id."""
    await plan(
        database,
        send("r1", "p1", priority=Priority.BULK),
        send("r2", "p2", priority=Priority.LETTER),
        send("r4", "p4"),
        send("r3", "p3"),
    )

    assert ids_of(await database.write(take)) == ["r3", "r4", "r2", "r1"]


async def test_a_limit_takes_the_most_urgent(database: Database) -> None:
    """With room for one, a letter waits for a reply."""
    await plan(database, send("r1", "p1", priority=Priority.LETTER), send("r2", "p2"))

    assert ids_of(await database.write(lambda c: take(c, limit=1))) == ["r2"]


async def test_a_sender_may_leave_the_bulk_out(database: Database) -> None:
    """max_priority keeps greetings waiting while replies go."""
    await plan(database, send("r1", "p1", priority=Priority.BULK), send("r2", "p2"))
    taken = await database.write(lambda c: take(c, max_priority=Priority.CASE))

    assert ids_of(taken) == ["r2"]


async def test_one_citizens_rows_go_one_after_the_other(database: Database) -> None:
    """The second reply is claimed only after the first reached its end."""
    await plan(database, send("r1"), send("r2"), send("r3", "p2"))
    first, _ = await database.write(take)
    assert ids_of(await database.write(take)) == []

    await sending(database, first)
    assert ids_of(await database.write(take)) == []
    await finish(database, first, State.ACCEPTED)
    assert ids_of(await database.write(take)) == ["r2"]


@pytest.mark.parametrize("end", [State.REFUSED, State.UNKNOWN])
async def test_a_bad_end_lets_the_next_row_go(database: Database, end: State) -> None:
    """Refused or unknown, the citizen's later rows are not blocked for ever."""
    await plan(database, send("r1"), send("r2"))
    (first,) = await database.write(take)
    await sending(database, first)
    await finish(database, first, end)

    assert ids_of(await database.write(take)) == ["r2"]


async def test_a_reply_passes_a_greeting(database: Database) -> None:
    """An earlier greeting to the same citizen does not hold a reply back."""
    await plan(database, send("r1", priority=Priority.BULK), send("r2"))

    assert ids_of(await database.write(lambda c: take(c, limit=1))) == ["r2"]


async def test_a_retry_blocks_only_that_citizen(database: Database) -> None:
    """While a row waits for its next try, later ones of that citizen wait, no other."""
    await plan(database, send("r1"), send("r2"), send("r3", "p2"))
    first, other = await database.write(take)
    assert other["row_id"] == "r3"
    await sending(database, first)
    await database.write(
        lambda c: outbox.retry(
            c, first, owner="s1", now=2100, available_at=9000, code="x", attempt=1
        )
    )

    assert ids_of(await database.write(lambda c: take(c, now=8999))) == []
    assert ids_of(await database.write(lambda c: take(c, now=9000))) == ["r1"]


async def test_a_row_put_back_was_not_tried(database: Database) -> None:
    """A paused channel returns the row to planned with no attempt counted."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    await database.write(
        lambda c: outbox.put_back(
            c, row, owner="s1", now=2100, available_at=7000, code="c" * 90
        )
    )

    stored = await database.read(lambda c: row_of(c, "r1"))
    assert (stored["state"], stored["attempt"]) == ("planned", 0)
    assert (stored["owner"], stored["code"]) == (None, "c" * 64)
    assert ids_of(await database.write(lambda c: take(c, now=6999))) == []
    assert ids_of(await database.write(lambda c: take(c, now=7000))) == ["r1"]


async def test_another_channel_is_another_queue(database: Database) -> None:
    """A sender gets the rows of its own channel only."""
    await plan(database, send("r1", channel="facebook"), send("r2"))

    assert ids_of(await database.write(take)) == ["r2"]


async def test_a_row_that_was_taken_away_cannot_be_written(database: Database) -> None:
    """Every step by somebody who is not the owner raises LeaseLostError."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)

    with pytest.raises(LeaseLostError):
        await sending(database, row, owner="thief")
    with pytest.raises(LeaseLostError):
        await finish(database, row, State.ACCEPTED, owner="thief")
    assert (await database.read(lambda c: row_of(c, "r1")))["state"] == "claimed"


async def test_an_end_is_written_once(database: Database) -> None:
    """A second end for the same row raises LeaseLostError and changes nothing."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    await sending(database, row)
    await finish(database, row, State.ACCEPTED)

    with pytest.raises(LeaseLostError):
        await finish(database, row, State.UNKNOWN)
    assert (await database.read(lambda c: row_of(c, "r1")))["state"] == "accepted"


async def test_a_row_is_not_sent_twice_from_one_claim(database: Database) -> None:
    """mark_sending works once for each claim."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    await sending(database, row)

    with pytest.raises(LeaseLostError):
        await sending(database, row)


async def test_rows_of_a_dead_sender_are_found(database: Database) -> None:
    """Claimed and sending rows are stranded when their lease ends, at once at start."""
    await plan(database, send("r1"), send("r2", "p2"), send("r3", "p3"))
    rows = await database.write(lambda c: take(c, limit=2))
    await sending(database, rows[1])

    early = await database.write(lambda c: outbox.stranded(c, 2000 + LEASE))
    late = await database.write(lambda c: outbox.stranded(c, 2001 + LEASE))
    start = await database.write(lambda c: outbox.stranded(c, 2001, everything=True))
    assert ids_of(early) == []
    assert sorted(ids_of(late)) == ["r1", "r2"]
    assert sorted(ids_of(start)) == ["r1", "r2"]


async def test_what_was_never_sent_is_planned_again(database: Database) -> None:
    """A stranded claimed row goes back; the same call leaves a sending row alone."""
    await plan(database, send("r1"), send("r2", "p2"))
    one, two = await database.write(take)
    await sending(database, two)
    for row in (one, two):
        await database.write(partial(outbox.reset_claimed, row=row, now=3000))

    assert (await database.read(lambda c: row_of(c, "r1")))["state"] == "planned"
    assert (await database.read(lambda c: row_of(c, "r2")))["state"] == "sending"


async def test_what_was_in_flight_is_unknown(database: Database) -> None:
    """A stranded sending row becomes unknown; the same call leaves a claim alone."""
    await plan(database, send("r1"), send("r2", "p2"))
    one, two = await database.write(take)
    await sending(database, two)
    for row in (one, two):
        await database.write(
            partial(outbox.mark_unknown, row=row, now=3000, code="crash")
        )

    assert (await database.read(lambda c: row_of(c, "r1")))["state"] == "claimed"
    stored = await database.read(lambda c: row_of(c, "r2"))
    assert (stored["state"], stored["code"]) == ("unknown", "crash")


async def test_a_lost_reply_is_planned_once_more(database: Database) -> None:
    """The second row names the first, has its content, and is the only one ever."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    await sending(database, row)
    await finish(database, row, State.UNKNOWN)
    for again in ("r8", "r9"):
        assert await database.write(
            partial(outbox.plan_resend, row=row, row_id=again, now=3000)
        )

    (second,) = await database.write(lambda c: take(c, now=3000))
    assert (second["row_id"], second["resend_of"]) == ("r8", "r1")
    assert second["item_id"] == row["item_id"]
    assert (await database.read(outbox.waiting))[0] == 1


async def test_a_second_loss_is_not_sent_again(database: Database) -> None:
    """A resend that is lost too stays lost."""
    row = send("r2", resend_of="r1")

    assert not await database.write(
        lambda c: outbox.plan_resend(c, row, row_id="r3", now=3000)
    )
    assert (await database.read(outbox.waiting))[0] == 0


@pytest.mark.parametrize("kind", ["letter", "greeting", "case"])
async def test_only_replies_are_sent_again(database: Database, kind: str) -> None:
    """A condolence never arrives twice: nothing but a chat reply gets a resend."""
    row = send("r1", kind=kind) | {"resend_of": None}

    assert not await database.write(
        lambda c: outbox.plan_resend(c, row, row_id="r2", now=3000)
    )
    assert (await database.read(outbox.waiting))[0] == 0


async def lost(database: Database) -> Row:
    """Lose a reply on its way; its second try is planned for 3000."""
    await plan(database, send("r1"))
    (row,) = await database.write(take)
    await sending(database, row)
    await finish(database, row, State.UNKNOWN)
    await database.write(lambda c: outbox.plan_resend(c, row, row_id="r2", now=3000))
    return row


async def confirm(database: Database) -> bool:
    """The platform shows that the first row arrived."""
    return await database.write(
        lambda c: outbox.confirm(c, UNIT, "r1", message_mac="m7", now=2500)
    )


async def test_a_row_the_platform_shows_is_accepted_after_all(
    database: Database,
) -> None:
    """An echo settles an unknown row once, and its second try is called off."""
    await lost(database)

    assert await confirm(database)
    assert not await confirm(database)
    first = await database.read(lambda c: row_of(c, "r1"))
    second = await database.read(lambda c: row_of(c, "r2"))
    assert (first["state"], first["message_mac"]) == ("accepted", "m7")
    assert (second["state"], second["code"]) == ("refused", "echo_seen")


async def test_a_second_try_in_hand_is_not_taken_away(database: Database) -> None:
    """A resend that a sender already claimed goes its own way to its own end."""
    await lost(database)
    (second,) = await database.write(lambda c: take(c, now=3000))
    assert await confirm(database)
    await sending(database, second)
    await finish(database, second, State.ACCEPTED, mac="m8")

    assert (await database.read(lambda c: row_of(c, "r2")))["state"] == "accepted"


async def test_what_waits_is_counted_and_aged(database: Database) -> None:
    """The number of rows without an end, and when the oldest of them was made."""
    assert await database.read(outbox.waiting) == (0, None)
    await plan(database, send("r1", at=700), send("r2", "p2", at=900))

    assert await database.read(outbox.waiting) == (2, 700)
