"""Does a denunciation move to the sealed queue, and is it nowhere else afterwards?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.planned_rows import file_row
from bot.planner import FILE_ITEM
from bot.sandbox import events_facebook
from bot.sandbox.model import Act, ActKind
from bot.sandbox.webhook import facebook_batch
from bot.seal_sweep import SealSweep
from handlers.model import Attachment, Conversation, Inbound, Outcome, Reply
from handlers.ports import Services
from storage import files, people, sealed, tables
from storage.database import Database
from storage.sqlite import SqliteDatabase
from tests.bot.conftest import Build
from tests.bot.sealed_road import (
    EARLIER,
    LATER,
    MARK,
    NOW,
    entries,
    everything_opened,
    found_in,
    hears,
    keys_of,
    sealed_key,
    sweep_of,
    writes,
)
from tests.bot.support import LANH, MUOI, UNIT, Road, Row, eventually, platforms


@pytest.fixture
async def road(database: Database, build: Build) -> Road:
    """A road whose commune hears denunciations, on each engine in turn."""
    made = await build(database, respond=hears)
    await made.start("ingest", "dispatcher")
    return made


async def handled(road: Road, *texts: str) -> None:
    """Let LANH write, each time after the last was handled."""
    for text in texts:
        await writes(road, text)
        await eventually(road.is_inbox_done)


async def tables_with_mark(road: Road) -> set[str]:
    """Return the tables that tell it, to whoever has all keys but the sealed one."""
    return await road.database.inner.read(lambda c: found_in(c, keys_of(c, road)))


async def test_before_it_is_read_the_words_lie_where_all_words_do(road: Road) -> None:
    """The search below finds them then: vault, talk and lesson know them."""
    await handled(road, EARLIER)

    assert await tables_with_mark(road) == {"vault_item", "conversation"}


async def test_all_words_move_to_the_queue(road: Road) -> None:
    """What was said before and now is in one entry, oldest first, with its author."""
    await handled(road, EARLIER, NOW)

    (entry,) = await entries(road)
    assert [line.text for line in entry.lines] == [EARLIER, NOW]
    assert (entry.channel, entry.user_id) == ("zalo", LANH.zalo_id)
    assert await tables_with_mark(road) == set()


async def test_only_the_sealed_key_opens_them(road: Road) -> None:
    """With it the search finds the queue and nothing else."""
    await handled(road, EARLIER, NOW)
    keys = [sealed_key(road.ring.unit(UNIT))]

    assert await road.database.inner.read(lambda c: found_in(c, keys)) == {
        "sealed_entry"
    }


async def test_what_follows_is_kept_nowhere(road: Road) -> None:
    """The queue does not grow, and no table knows the later words."""
    await handled(road, NOW, LATER, f"toi to cao them nua {MARK}")

    (entry,) = await entries(road)
    assert [line.text for line in entry.lines] == [NOW]
    assert await tables_with_mark(road) == set()


async def test_nothing_leads_from_the_queue_to_the_person(road: Road) -> None:
    """No id, HMAC or time of the row stands in any other table."""
    await handled(road, EARLIER, NOW)
    (row,) = await road.rows(tables.sealed_entry)
    own = (row["entry_id"].encode(), row["person_mac"].encode())

    def others(connection: Connection) -> set[str]:
        keys = keys_of(connection, road)
        opened = everything_opened(connection, keys)
        return {name for name, value in opened if any(one in value for one in own)}

    assert await road.database.inner.read(others) == {"sealed_entry"}
    assert row["day"] == "2026-11-23"


async def test_staff_are_told_nothing(road: Road) -> None:
    """No notice, no hand-over, no case of a person; a count of guidance alone."""
    await handled(road, EARLIER, NOW, LATER)
    (record,) = await road.rows(tables.case_record)

    assert await road.rows(tables.notice) == []
    assert await road.rows(tables.handover) == []
    assert (record["kind"], record["person_id"], record["item_id"]) == (
        "to_cao",
        None,
        None,
    )


async def test_words_of_another_matter_stay(road: Road) -> None:
    """What became a hand-over, what is older than half an hour, what others wrote."""
    await handled(road, "viec khac tu lau")
    road.clock.advance(ms=31 * 60_000)
    await handled(road, "cho hoi viec khac", "#canbo", EARLIER)
    await writes(road, "loi cua nguoi khac", MUOI.zalo_id)
    await eventually(road.is_inbox_done)
    await handled(road, NOW)

    (entry,) = await entries(road)
    assert [line.text for line in entry.lines] == [EARLIER, NOW]
    items = await road.rows(tables.vault_item, kind="citizen:message:received")
    assert len(items) >= 3


async def test_erasing_the_person_empties_the_queue(road: Road) -> None:
    """The same HMAC finds the entries of the person in the erasure."""
    await handled(road, NOW)
    (person,) = await road.rows(tables.person)
    mac = road.ring.unit(UNIT).sealed.mac("person", person["person_id"])

    assert await road.database.write(lambda c: sealed.forget(c, UNIT, mac)) == 1
    assert await entries(road) == []


def _item(user_id: str, text: str, name: str, at: int) -> dict[str, object]:
    account = platforms().facebook
    act = Act(ActKind.TEXT, text=text)
    return dict(events_facebook.citizen_item(account, user_id, act, name, at))


def hears_only_lanh(
    inbound: Inbound, talk: Conversation, services: Services
) -> Outcome:
    """Fail for the neighbour, so that their message waits in the shared body."""
    if inbound.text.startswith("hang xom"):
        raise RuntimeError
    return hears(inbound, talk, services)


async def bodies_with_mark(road: Road) -> bool:
    """Whether a raw body still tells it."""

    def look(connection: Connection) -> bool:
        keys = keys_of(connection, road)
        opened = everything_opened(connection, keys)
        mark = MARK.encode()
        return any(name == "inbox_body" and mark in value for name, value in opened)

    return await road.database.inner.read(look)


async def both_in_one_body(road: Road, *names: str) -> None:
    """Post one delivery with a denunciation and a message of a neighbour."""
    at = road.clock.now_ms()
    items = [
        _item(LANH.facebook_id, NOW, names[0], at),
        _item(MUOI.facebook_id, "hang xom hoi", names[1], at),
    ]
    assert await road.post(facebook_batch(platforms(), [items], at_ms=at)) == 200


async def test_a_shared_body_keeps_the_neighbours_words_only(
    database: Database, build: Build
) -> None:
    """While the neighbour waits the body stays, rewritten without the denunciation."""
    road = await build(database, respond=hears_only_lanh)
    await road.start("ingest", "dispatcher")
    await both_in_one_body(road, "m_one", "m_two")
    await eventually(lambda: entries(road))

    assert not await bodies_with_mark(road)
    (body,) = await road.rows(tables.inbox_body)
    box = road.day_keys.box(UNIT, body["day"])
    assert box is not None
    assert b"hang xom hoi" in box.open(body["sealed"], f"body:{UNIT}:{body['body_id']}")


async def test_a_message_that_comes_again_is_cleaned_by_the_sweep(
    database: Database, build: Build
) -> None:
    """The platform repeats it beside a new message: the sweep takes it out."""
    road = await build(database, respond=hears_only_lanh)
    await road.start("ingest", "dispatcher")
    await both_in_one_body(road, "m_one", "m_two")
    await eventually(lambda: entries(road))
    await both_in_one_body(road, "m_one", "m_three")
    assert await bodies_with_mark(road)
    road.clock.advance(ms=120_000)
    await sweep_of(road).sweep()

    assert not await bodies_with_mark(road)
    assert len(await road.rows(tables.inbox_body)) == 2


async def test_the_old_bytes_leave_file_log_and_spool(
    sqlite_database: SqliteDatabase, sqlite_url: str, build: Build, tmp_path: Path
) -> None:
    """Not even the ciphertext that other keys open is anywhere on the disk."""
    road = await build(sqlite_database, respond=hears)
    await road.start("ingest", "dispatcher")
    road.database.is_away = True
    await writes(road, EARLIER)
    assert len(road.spool.names()) == 1
    road.database.is_away = False
    await eventually(lambda: not road.spool.names())
    await eventually(lambda: road.rows(tables.conversation))
    await eventually(road.is_inbox_done)
    old = await road.database.inner.read(_sealed_words)
    await handled(road, NOW)
    sweep = sweep_of(road)
    await eventually(lambda: _swept(sweep))
    disk = on_disk(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path)

    assert len(old) >= 3
    assert all(value not in disk for value in old)
    assert MARK.encode() not in disk


async def test_marks_of_events_go_when_no_body_can_be_that_old(road: Road) -> None:
    """After 32 days nothing tells any more which events they were."""
    await handled(road, NOW, LATER)
    assert len(await road.rows(tables.sealed_source)) == 2
    road.clock.advance(ms=33 * 86_400_000)
    await sweep_of(road).sweep()

    assert await road.rows(tables.sealed_source) == []
    assert len(await entries(road)) == 1


def on_disk(file: Path, folder: Path) -> bytes:
    """Return every byte of the database, its log, and the spool."""
    found = [*file.parent.glob(f"{file.name}*"), *folder.rglob("*.spool")]
    return b"".join(path.read_bytes() for path in found)


def _sealed_words(connection: Connection) -> list[bytes]:
    talks = connection.execute(select(tables.conversation.c.sealed)).scalars()
    kinds = ("citizen:message:received", "bot:knowledge:gap_found", "lesson")
    query = select(tables.vault_item.c.sealed).where(
        tables.vault_item.c.kind.in_(kinds)
    )
    return [*talks, *connection.execute(query).scalars()]


async def _swept(sweep: SealSweep) -> bool:
    await sweep.sweep()
    return not sweep.is_dirty


def echoes(inbound: Inbound, talk: Conversation, services: Services) -> Outcome:
    """Answer as the commune does, and repeat the words, as a form's preview would."""
    heard = hears(inbound, talk, services)
    if not heard.is_open:
        return heard
    return replace(heard, replies=(Reply(f"Dạ: {inbound.text}"), *heard.replies))


async def test_an_answer_that_repeats_the_words_is_blanked(
    database: Database, build: Build
) -> None:
    """It is not sent any more, and says nothing of them if it was."""
    road = await build(database, respond=echoes)
    await road.start("ingest", "dispatcher")
    await handled(road, EARLIER, NOW)
    states = [row["state"] for row in await road.outbox()]

    assert await tables_with_mark(road) == set()
    assert states[-1] == "planned"
    assert set(states[:-1]) == {"refused"}


async def test_a_file_that_came_before_is_not_kept(road: Road) -> None:
    """Its row and its name go; the entry counts it, so that the reader may ask."""
    await handled(road, EARLIER)
    (event,) = await road.rows(tables.inbox_event)
    (person,) = await road.rows(tables.person)
    await road.database.write(lambda c: came_with(c, road, event, person))
    await handled(road, NOW)

    (entry,) = await entries(road)
    assert entry.files == 1
    assert await road.rows(tables.received_file) == []
    assert await tables_with_mark(road) == set()


def came_with(connection: Connection, road: Road, event: Row, person: Row) -> None:
    """Write what is kept of a photo that came with a message."""
    vault = road.units[UNIT].vault.unwrap(person["person_id"], person["wrapped_key"])
    shared = {"unit_id": UNIT, "person_id": vault.person_id, "item_id": "i" * 32}
    now = road.clock.now_ms()
    item = {
        "kind": FILE_ITEM,
        "sealed": vault.seal({"url": f"https://x/{MARK}", "name": MARK}, "i" * 32),
        "created_at": now,
    }
    people.add_items(connection, [shared | item])
    row = file_row(event, vault.person_id, "i" * 32, 0, Attachment("image"))
    times = {"available_at": now, "created_at": now, "updated_at": now}
    files.want(connection, [row | times | {"file_id": "f" * 32}])


async def test_who_declined_leaves_no_word_at_all(
    database: Database, build: Build
) -> None:
    """Guidance is given, nothing is kept, not even under the sealed key."""
    road = await build(database, respond=hears)
    await road.start("ingest", "dispatcher")
    await handled(road, "#khongdongy", NOW)

    assert await road.rows(tables.sealed_entry) == []
    assert await tables_with_mark(road) == set()
