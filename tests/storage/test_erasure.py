"""Is an erased person gone from every table, file and log, and the proof intact?"""

from __future__ import annotations

import contextlib
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from storage import erasure, evidence, inbox, outbox, people
from storage.database import Database
from storage.erasure import Erasure, erase_everywhere
from storage.errors import ConflictError, ErasedError, LeaseLostError
from storage.evidence import Entry, leaf_hash
from storage.ids import Ids
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase, sqlite_engine
from storage.tables import (
    conversation,
    evidence_entry,
    handover,
    identity,
    inbox_body,
    inbox_event,
    person,
    vault_item,
)
from storage.tables import outbox as outbox_table
from storage.vault import Vault
from tests.storage.people import (
    LUA,
    SON,
    Citizen,
    lane_of,
    opened_body,
    sealed_body,
    settle,
    webhook,
)
from tests.storage.rows import CHANNEL, UNIT, claim, content, count, done, take

AT = 5000


@pytest.fixture
def redact(ring: KeyRing) -> erasure.Redact:
    """What the edge does: open a body, drop the person's messages, seal it again."""

    def without(body: erasure.Row, lanes: frozenset[str]) -> bytes | None:
        messages = opened_body(body["body_id"], body["sealed"])
        kept = [None if _is_of(ring, m, lanes) else m for m in messages]
        if kept == messages:
            return bytes(body["sealed"])
        return sealed_body(body["body_id"], kept)

    return without


def _is_of(
    ring: KeyRing, message: dict[str, str] | None, lanes: frozenset[str]
) -> bool:
    if message is None:
        return False
    return ring.unit(UNIT).mac(f"user:{CHANNEL}", message["from"]) in lanes


def prove(connection: Connection, what: Erasure) -> None:
    """Write the proof of an erasure, as the edge does."""
    entry = Entry(
        UNIT, "f" * 32, AT, "system:person:erased", "x", data={"items": what.items}
    )
    evidence.append(connection, [entry.row()])


async def erase(
    database: Database, redact: erasure.Redact, who: Citizen = LUA
) -> Erasure:
    """Erase a citizen."""
    return await erase_everywhere(database, UNIT, who.person_id, AT, redact, prove)


async def both_wrote(database: Database, ring: KeyRing, ids: Ids) -> None:
    """Two citizens with a talk each; one body names both, one each."""

    def work(connection: Connection) -> None:
        for citizen in (LUA, SON):
            settle(connection, ring, ids, citizen)
        inbox.store(
            connection,
            [
                webhook(ring, "both", LUA, SON),
                webhook(ring, "lua", LUA),
                webhook(ring, "son", SON),
            ],
        )

    await database.write(work)


def rows_of(connection: Connection, person_id: str) -> dict[str, int]:
    """Count the rows that hold something of a person."""
    tables = (identity, vault_item, conversation, handover)
    return {
        t.name: count(connection, select(t).where(t.c.person_id == person_id))
        for t in tables
    }


def bodies(connection: Connection) -> dict[str, bytes]:
    """Return body id -> sealed bytes."""
    return {r.body_id: r.sealed for r in connection.execute(select(inbox_body))}


def states(connection: Connection) -> dict[str, str]:
    """Return event id -> state."""
    return {r.event_id: r.state for r in connection.execute(select(inbox_event))}


async def test_everything_of_the_person_goes_and_of_nobody_else(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """Key, identity, items, talk and handover go; the neighbour keeps all of it."""
    await both_wrote(database, ring, ids)
    what = await erase(database, redact)

    gone = {"identity": 0, "vault_item": 0, "conversation": 0, "handover": 0}
    assert await database.read(lambda c: rows_of(c, LUA.person_id)) == gone
    kept = {"identity": 1, "vault_item": 1, "conversation": 1, "handover": 1}
    assert await database.read(lambda c: rows_of(c, SON.person_id)) == kept
    assert what == Erasure(
        items=1,
        sends=(f"send-{LUA.person_id}",),
        events=2,
        bodies_deleted=1,
        bodies_redacted=1,
    )


async def test_the_key_is_gone_for_ever(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """The person's row says when; nothing can be opened any more."""
    await both_wrote(database, ring, ids)
    await erase(database, redact)
    query = select(person).where(person.c.person_id == LUA.person_id)
    row = await database.read(lambda c: c.execute(query).one())

    assert (row.wrapped_key, row.erased_at) == (None, AT)
    with pytest.raises(ErasedError):
        Vault(UNIT, ring.unit(UNIT)).unwrap(LUA.person_id, row.wrapped_key)


async def test_the_proof_stays_whole(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """Every leaf and hash is as before, with one more that tells of the erasure."""
    await both_wrote(database, ring, ids)

    def leaves(connection: Connection) -> dict[str, tuple[bytes, bytes]]:
        rows = connection.execute(select(evidence_entry))
        return {r.entry_id: (r.leaf, r.leaf_hash) for r in rows}

    before = await database.read(leaves)
    await erase(database, redact)
    after = await database.read(leaves)

    assert after.keys() - before.keys() == {"f" * 32}
    assert before == {key: after[key] for key in before}
    assert all(leaf_hash(leaf) == digest for leaf, digest in after.values())


async def test_a_shared_body_keeps_only_the_others_words(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """The neighbour's message stays at its index; a body of hers alone goes."""
    await both_wrote(database, ring, ids)
    await erase(database, redact)
    left = await database.read(bodies)

    assert left.keys() == {"both", "son"}
    assert opened_body("both", left["both"]) == [
        None,
        {"from": SON.platform_id, "text": SON.words},
    ]


async def test_her_events_are_done_and_his_go_on(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """Nothing of hers is handled any more; his messages are handed out as before."""
    await both_wrote(database, ring, ids)
    await erase(database, redact)

    assert await database.read(states) == {
        "both-0": "done",
        "both-1": "received",
        "lua-0": "done",
        "son-0": "received",
    }
    (ref,) = await database.write(claim)
    assert ref.lane == lane_of(ring, SON)
    for event in ref.events:
        await database.write(partial(done, event=event))
    assert await database.read(bodies) == {}


async def test_a_body_only_she_still_needed_goes_whole(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """When the others' events of a body are done, the body is deleted, not kept."""
    await both_wrote(database, ring, ids)
    refs = {ref.lane: ref for ref in await database.write(claim)}
    for event in refs[lane_of(ring, SON)].events:
        await database.write(partial(done, event=event))
    what = await erase(database, redact)

    assert await database.read(bodies) == {}
    assert (what.bodies_deleted, what.bodies_redacted) == (2, 0)


async def test_her_failed_message_does_not_keep_its_body(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """What was set aside for a person to look at goes as well."""
    await database.write(lambda c: settle(c, ring, ids, LUA))
    await database.write(lambda c: inbox.store(c, [webhook(ring, "lua", LUA)]))
    (ref,) = await database.write(claim)
    spent = dict(ref.events[0]) | {"attempts": inbox.MAX_ATTEMPTS}
    await database.write(
        lambda c: inbox.retry(c, spent, available_at=0, error="BrokenError")
    )
    await erase(database, redact)

    assert await database.read(bodies) == {}
    assert await database.read(states) == {"lua-0": "done"}


async def test_a_repeated_message_is_found_without_an_event(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """A body that repeats her message beside his new one is redacted too."""
    await both_wrote(database, ring, ids)
    again = webhook(ring, "again", LUA, SON)
    known = webhook(ring, "lua", LUA).events[0].dedupe
    events = (
        inbox.StoredEvent("again-0", 0, known, lane_of(ring, LUA), 500),
        again.events[1],
    )
    repeat = inbox.Delivery(
        UNIT, CHANNEL, "again", again.day, again.sealed, 1000, events
    )
    await database.write(lambda c: inbox.store(c, [repeat]))
    assert "again-0" not in await database.read(states)
    await erase(database, redact)

    left = await database.read(bodies)
    assert opened_body("again", left["again"]) == [
        None,
        {"from": SON.platform_id, "text": SON.words},
    ]


async def test_a_body_that_cannot_be_redacted_goes(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """Her right comes first: no readable copy, no body."""
    await both_wrote(database, ring, ids)
    what = await erase(database, lambda _body, _lanes: None)

    assert await database.read(bodies) == {}
    assert (what.bodies_deleted, what.bodies_redacted) == (3, 0)


async def test_a_worker_that_holds_her_message_loses_it(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """An answer that is being worked out cannot be committed after the erasure."""
    await both_wrote(database, ring, ids)
    refs = {ref.lane: ref for ref in await database.write(claim)}
    await erase(database, redact)

    for event in refs[lane_of(ring, LUA)].events:
        with pytest.raises(LeaseLostError):
            await database.write(partial(done, event=event))


async def test_what_waits_to_be_sent_to_her_is_stopped(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """A claimed row is refused as erased, and its sender can no longer send it."""
    await both_wrote(database, ring, ids)
    rows = {row["person_id"]: row for row in await database.write(take)}
    await erase(database, redact)
    query = select(outbox_table).where(outbox_table.c.person_id == LUA.person_id)
    row = await database.read(lambda c: c.execute(query).one())

    assert (row.state, row.code, row.owner) == ("refused", "erased", None)
    with pytest.raises(LeaseLostError):
        await database.write(
            lambda c: outbox.mark_sending(
                c, rows[LUA.person_id], owner="s1", now=AT, lease_until=AT
            )
        )


async def test_what_is_on_its_way_to_her_gets_its_end(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """A row in flight is left to its sender, who writes what the platform said."""
    await both_wrote(database, ring, ids)
    rows = {row["person_id"]: row for row in await database.write(take)}
    mine = rows[LUA.person_id]
    await database.write(
        lambda c: outbox.mark_sending(c, mine, owner="s1", now=AT, lease_until=AT)
    )
    what = await erase(database, redact)
    await database.write(
        lambda c: outbox.finish(
            c, mine, owner="s1", now=AT, state=outbox.State.ACCEPTED
        )
    )

    assert what.sends == ()


async def test_an_erased_person_may_write_again(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """The next message is a stranger's: stored, handed out, and known to nobody."""
    await both_wrote(database, ring, ids)
    await erase(database, redact)
    await database.write(lambda c: inbox.store(c, [webhook(ring, "new", LUA)]))
    refs = {ref.lane: ref for ref in await database.write(claim)}
    key = (UNIT, CHANNEL, lane_of(ring, LUA))

    assert [e["event_id"] for e in refs[lane_of(ring, LUA)].events] == ["new-0"]
    assert await database.read(lambda c: people.find_identities(c, [key])) == {}


async def test_erasing_twice_or_nobody_is_harmless(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """The second time there is nothing left, and nothing of others goes."""
    await both_wrote(database, ring, ids)
    await database.write(lambda c: erasure.erase_person(c, UNIT, "p-none", AT, {}))
    await erase(database, redact)
    again = await database.write(
        lambda c: erasure.erase_person(c, UNIT, LUA.person_id, AT, {})
    )

    assert again == Erasure(0, (), 0, 0, 0)
    assert (await database.read(bodies)).keys() == {"both", "son"}


async def test_a_body_that_came_meanwhile_is_not_missed(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """A webhook stored after the copies were made is noticed: nothing is erased."""
    await both_wrote(database, ring, ids)
    lanes, found = await database.read(
        lambda c: erasure.candidates(c, UNIT, LUA.person_id)
    )
    copies = erasure.redact_all(found, lanes, redact)
    late = webhook(ring, "late", LUA, SON)
    await database.write(lambda c: inbox.store(c, [late]))

    with pytest.raises(ConflictError):
        await database.write(
            lambda c: erasure.erase_person(c, UNIT, LUA.person_id, AT, copies)
        )
    assert (await database.read(lambda c: rows_of(c, LUA.person_id)))["identity"] == 1


@pytest.mark.parametrize(("times", "is_erased"), [(2, True), (99, False)])
async def test_an_erasure_looks_again_when_something_came(
    sqlite_database: SqliteDatabase,
    sqlite_url: str,
    ring: KeyRing,
    ids: Ids,
    redact: erasure.Redact,
    times: int,
    *,
    is_erased: bool,
) -> None:
    """It reads again and succeeds; when it never ends, it gives up with all intact."""
    await both_wrote(sqlite_database, ring, ids)
    engine = sqlite_engine(Path(sqlite_url.removeprefix("sqlite:///")))
    left = iter(range(times))

    def disturbed(body: erasure.Row, lanes: frozenset[str]) -> bytes | None:
        if body["body_id"] == "son" and (number := next(left, None)) is not None:
            with engine.connect() as connection:
                late = webhook(ring, f"late{number}", LUA, SON)
                inbox.store(connection, [late])
        return redact(body, lanes)

    with contextlib.nullcontext() if is_erased else pytest.raises(ConflictError):
        await erase(sqlite_database, disturbed)
    engine.dispose()
    rows = await sqlite_database.read(lambda c: rows_of(c, LUA.person_id))
    assert (rows["identity"] == 0) == is_erased


async def test_two_erasures_do_not_undo_each_other(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """A copy made before another erasure changed the body is not swapped in."""
    await both_wrote(database, ring, ids)
    lanes, found = await database.read(
        lambda c: erasure.candidates(c, UNIT, LUA.person_id)
    )
    stale = erasure.redact_all(found, lanes, redact)
    changed = sealed_body("both", [{"from": "1", "text": "x"}, None])
    await database.write(lambda c: _overwrite(c, "both", changed))

    with pytest.raises(ConflictError):
        await database.write(
            lambda c: erasure.erase_person(c, UNIT, LUA.person_id, AT, stale)
        )
    assert (await database.read(lambda c: rows_of(c, LUA.person_id)))["identity"] == 1


async def test_a_proof_that_cannot_be_written_stops_the_erasure(
    database: Database, ring: KeyRing, ids: Ids, redact: erasure.Redact
) -> None:
    """No erasure without its entry in the log: both or neither."""
    await both_wrote(database, ring, ids)

    def broken(_connection: Connection, _what: Erasure) -> None:
        raise RuntimeError("no proof")

    with pytest.raises(RuntimeError, match="no proof"):
        await erase_everywhere(database, UNIT, LUA.person_id, AT, redact, broken)
    assert (await database.read(lambda c: rows_of(c, LUA.person_id)))["vault_item"] == 1


async def test_no_byte_of_her_stays_in_the_files(
    sqlite_database: SqliteDatabase,
    sqlite_url: str,
    ring: KeyRing,
    ids: Ids,
    redact: erasure.Redact,
) -> None:
    """Wrapped key and sealed rows are overwritten in the file, and the log is cut."""
    await both_wrote(sqlite_database, ring, ids)
    before = await sqlite_database.read(lambda c: _sealed(c, LUA.person_id))
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    wal = path.with_name(path.name + "-wal")
    await sqlite_database.truncate_wal()
    heap = content(path)
    assert all(part in heap for part in before)

    await erase(sqlite_database, redact)
    assert content(wal) == b""
    heap = content(path)
    assert [part for part in before if part in heap] == []
    kept = await sqlite_database.read(lambda c: _sealed(c, SON.person_id))
    assert len(kept) == 4
    assert all(part in heap for part in kept)


async def test_after_an_erasure_postgres_has_no_log_of_ours(
    postgres_database: Database,
) -> None:
    """On PostgreSQL there is nothing to cut, and that is said."""
    assert await erasure.after_erasure(postgres_database)


def _sealed(connection: Connection, person_id: str) -> list[bytes]:
    columns = (
        person.c.wrapped_key,
        identity.c.sealed_id,
        vault_item.c.sealed,
        conversation.c.sealed,
    )
    return [
        connection.execute(
            select(column).where(column.table.c.person_id == person_id)
        ).scalar_one()
        for column in columns
    ]


def _overwrite(connection: Connection, body_id: str, sealed: bytes) -> None:
    connection.execute(
        inbox_body.update().where(inbox_body.c.body_id == body_id).values(sealed=sealed)
    )
