"""Is a citizen's file kept whole, under their key, or its end told honestly?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.addresses import host as host_of
from bot.channels.facebook import parse
from bot.fetch_log import ATTEMPTS
from bot.fetch_scan import ScannerAwayError
from bot.sandbox.model import ActKind
from bot.sandbox.webhook import facebook_batch
from handlers.model import Conversation, Inbound, Outcome
from handlers.ports import Services
from storage import tables
from storage.database import Database
from storage.erasure import erase_everywhere
from storage.errors import FileDamagedError
from storage.sqlite import SqliteDatabase
from tests.bot.file_road import (
    FileRoad,
    Gatekeeper,
    build_file_road,
    keeping,
    sha256,
)
from tests.bot.file_server import endless, moved, slow, status, whole
from tests.bot.support import LANH, MUOI, Road, World, eventually
from tests.conftest import START
from tests.handlers.files.samples import MACROS, SAMPLES

PHOTO = SAMPLES["image/jpeg"]
MB = 1024 * 1024
Make = Callable[..., Awaitable[FileRoad]]


@pytest.fixture
async def make(build: Any, world: World, tmp_path: Path) -> AsyncIterator[Make]:
    """Wire roads with a fetcher."""
    made: list[FileRoad] = []

    async def one(database: Database, **changes: Any) -> FileRoad:
        made.append(await build_file_road(build, world, database, tmp_path, **changes))
        return made[-1]

    yield one
    for road in made:
        await road.close()


@pytest.fixture
async def files(database: Database, make: Make) -> FileRoad:
    """A started road on each engine in turn."""
    road = await make(database)
    await road.start()
    return road


@pytest.fixture
async def local(sqlite_database: SqliteDatabase, make: Make) -> FileRoad:
    """A started road on SQLite."""
    road = await make(sqlite_database)
    await road.start()
    return road


async def entries(road: Road, subject: str) -> list[dict[str, Any]]:
    """Return the evidence about a file, as JSON."""
    found = await road.rows(tables.evidence_entry, subject=subject)
    return [json.loads(row["leaf"]) for row in found]


async def said(files: FileRoad) -> list[str]:
    """Return what is planned to be said to citizens."""
    texts = []
    for row in await files.road.outbox():
        items = await files.road.rows(tables.vault_item, item_id=row["item_id"])
        vault = await files.vault(row["person_id"])
        texts.append(vault.open(items[0]["sealed"], row["item_id"])["reply"]["text"])
    return texts


async def test_a_photo_is_kept_under_its_persons_key(files: FileRoad) -> None:
    """Row, bytes, vault and evidence agree; the address is forgotten."""
    await files.send(files.server.put("a", whole(PHOTO)) + "?sig=abc")
    (row,) = await files.ended()

    assert (row["state"], row["size"]) == ("stored", len(PHOTO))
    assert (row["media_type"], row["channel"]) == ("image/jpeg", "facebook")
    assert await files.plain(row) == PHOTO
    (place,) = files.on_disk()
    assert place.name == row["content_mac"]
    assert PHOTO[:100] not in place.read_bytes()
    facts = await files.facts(row)
    assert facts["texts"] == {"sha256": sha256(PHOTO)}
    assert "url" not in facts

    (entry,) = await entries(files.road, row["file_id"])
    salt = bytes.fromhex(facts["salts"]["sha256"])
    assert entry["tag"] == "citizen:file:received"
    assert entry["data"] == {
        "channel": "facebook",
        "kind": "image",
        "event": row["event_id"],
        "size": len(PHOTO),
        "type": "image/jpeg",
    }
    assert entry["sealed"] == {"sha256": sha256(salt + sha256(PHOTO).encode())}
    assert entry["item"] == row["item_id"]
    assert await files.road.outbox() == []


async def test_equal_files_are_one_for_one_person_only(files: FileRoad) -> None:
    """The same photo twice lies once; of two people it lies twice."""
    url = files.server.put("a", whole(PHOTO))
    for user in (LANH, LANH, MUOI):
        await files.send(url, user=user.facebook_id)
    rows = await files.ended(3)

    assert [row["state"] for row in rows] == ["stored"] * 3
    assert len({row["content_mac"] for row in rows}) == 2
    assert len(files.on_disk()) == 2
    assert [await files.plain(row) for row in rows] == [PHOTO] * 3


async def test_an_erasure_takes_the_files_away(files: FileRoad, tmp_path: Path) -> None:
    """Rows go with the key; the file that is left is noise, then swept."""
    url = files.server.put("a", whole(PHOTO))
    await files.send(url)
    await files.send(url, user=MUOI.facebook_id)
    mine, other = await files.ended(2)
    vault = await files.vault(mine["person_id"])
    done = await erase_everywhere(
        files.road.database,
        "thanh-ha",
        mine["person_id"],
        files.road.clock.now_ms(),
        lambda _row, _lanes: None,
        lambda _connection, _done: None,
    )
    assert done.files == (mine["content_mac"],)
    assert [row["file_id"] for row in await files.rows()] == [other["file_id"]]

    assert b"".join(files.folder.read(vault, mine["content_mac"])) == PHOTO
    files.advance(timedelta(days=400))
    assert await files.sweeper.sweep() == 1
    assert not files.folder.has("thanh-ha", mine["content_mac"])
    with pytest.raises(FileDamagedError):
        next(files.folder.read(vault, mine["content_mac"]))
    assert await files.plain(other) == PHOTO
    assert tmp_path in files.root.parents


REFUSED = {
    "a program": (b"MZ" + bytes(9000), "type", "loại tệp"),
    "macros": (MACROS, "type", "loại tệp"),
    "nothing": (b"", "empty", "loại tệp"),
    "too big": (PHOTO + bytes(MB), "too_big", "1 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_not_kept_is_told_in_one_sentence(
    sqlite_database: SqliteDatabase, make: Make, name: str
) -> None:
    """Nothing stays on the disk; the citizen hears why, politely."""
    data, reason, words = REFUSED[name]
    files = await make(sqlite_database, files={"image_mb": 1})
    await files.start()
    await files.send(files.server.put("a", whole(data)))
    (row,) = await files.ended()

    assert (row["state"], row["reason"]) == ("refused", reason)
    assert files.on_disk() == []
    (entry,) = await entries(files.road, row["file_id"])
    assert entry["tag"] == "bot:file:refused"
    assert entry["data"]["code"] == reason
    (text,) = await said(files)
    assert words in text
    assert text.startswith("Dạ, em xin lỗi anh/chị")
    assert "url" not in await files.facts(row)
    answered = await files.road.tags(row["event_id"])
    assert "bot:message:answered" in answered


async def test_the_limit_is_that_of_what_it_is(
    sqlite_database: SqliteDatabase, make: Make
) -> None:
    """A picture called a file has the limit of pictures, also without a length."""
    files = await make(sqlite_database, files={"image_mb": 1})
    await files.start()
    url = files.server.put("a", endless(PHOTO, 5 * MB))
    await files.send(url, ActKind.FILE)
    (row,) = await files.ended()
    assert (row["kind"], row["reason"]) == ("file", "too_big")


async def test_several_bad_files_of_a_message_get_one_sentence(
    local: FileRoad,
) -> None:
    """The refused are told once; what is fine beside them is kept."""
    bad = local.server.put("bad", whole(b"words"))
    good = local.server.put("good", whole(PHOTO))
    parts = [{"type": "image", "payload": {"url": u}} for u in (bad, good, bad)]
    item = {
        "sender": {"id": LANH.facebook_id},
        "recipient": {"id": local.settings.facebook.page_id},
        "timestamp": local.road.clock.now_ms(),
        "message": {"mid": "m_three", "attachments": parts},
    }
    request = facebook_batch(local.settings, [[item]])
    assert len(parse.parse(request.body, local.road.clock.now())) == 1
    assert await local.road.post(request) == 200
    rows = await eventually(local.rows) and await local.ended(3)

    assert [row["state"] for row in rows] == ["refused", "stored", "refused"]
    assert len(await said(local)) == 1


TALKS = {
    "a person answers": (Conversation(muted_until=START + timedelta(hours=1)), ""),
    "bác": (Conversation(honorific="bác"), "xin lỗi bác,"),
    "em": (Conversation(honorific="em"), "xin lỗi bạn,"),
}


@pytest.mark.parametrize("name", TALKS)
async def test_the_sentence_fits_the_talk(
    sqlite_database: SqliteDatabase, make: Make, name: str
) -> None:
    """Silence while a person of the commune answers, else the form of address."""
    talk, words = TALKS[name]

    def respond(inbound: Inbound, _: Conversation, services: Services) -> Outcome:
        return replace(keeping(inbound, talk, services), conversation=talk)

    files = await make(sqlite_database, respond=respond)
    await files.start()
    await files.send(files.server.put("a", whole(b"words")))
    await files.ended()
    texts = await said(files)
    assert [words in text for text in texts] == [True] * bool(words)


@pytest.mark.parametrize("code", [403, 404])
async def test_a_dead_link_is_told_to_staff_only(files: FileRoad, code: int) -> None:
    """The platform's link is over: gone, with evidence and a notice."""
    await files.send(files.server.put("a", status(code)))
    (row,) = await files.ended()

    assert (row["state"], row["reason"]) == ("gone", f"http-{code}")
    (entry,) = await entries(files.road, row["file_id"])
    assert entry["tag"] == "bot:file:gone"
    assert await files.road.notices() == [("file_gone", f"http-{code}")]
    assert await files.road.outbox() == []


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "https://la.vn/"]
)
async def test_a_stranger_is_not_asked(local: FileRoad, target: str) -> None:
    """A redirect into the house or to a stranger: refused, staff see the host."""
    await local.send(local.server.put("a", moved(target)))
    (row,) = await local.ended()

    assert (row["state"], row["reason"]) == ("refused", "host")
    host = host_of(target)
    assert await local.road.notices() == [("file_host_unknown", host)]
    assert await local.road.outbox() == []
    assert (await local.facts(row))["url"].startswith(local.server.base)


async def test_a_server_in_trouble_is_asked_again(files: FileRoad) -> None:
    """500, then a cut, then the file: stored at the third try, nothing said."""
    cut = whole(PHOTO[:50], says=len(PHOTO))
    await files.send(files.server.put("a", status(500), cut, whole(PHOTO)))
    for reason in ("http-500", "cut_off"):
        await files.delayed(reason)
        files.advance(timedelta(minutes=1))
    (row,) = await files.ended()

    assert (row["state"], row["attempts"]) == ("stored", 3)
    assert await files.plain(row) == PHOTO
    assert len(files.on_disk()) == 1
    assert await files.road.outbox() == []
    assert await files.road.notices() == []


async def test_what_never_comes_is_given_up(local: FileRoad) -> None:
    """After the last try it is gone, and its address is kept for a person."""
    await local.send(local.server.put("a", status(503)))
    for tries in range(1, ATTEMPTS):
        row = await local.delayed("http-503")
        assert row["attempts"] <= tries
        await eventually(lambda: _tried(local, tries))  # noqa: B023  at once
        local.advance(timedelta(hours=1))
    (row,) = await local.ended()

    assert (row["state"], row["reason"]) == ("gone", "gave_up:http-503")
    assert local.server.hits["a"] == ATTEMPTS
    assert "url" in await local.facts(row)


async def _tried(files: FileRoad, tries: int) -> bool:
    (row,) = await files.rows()
    return bool(row["attempts"] >= tries and row["owner"] is None)


async def test_a_full_disk_delays_and_is_told_once(local: FileRoad) -> None:
    """No try is used up; when there is room the files come."""
    local.root.parent.mkdir(exist_ok=True)
    local.root.write_text("in the way")
    url = local.server.put("a", whole(PHOTO))
    for _ in range(2):
        await local.send(url)
    await local.delayed("disk_full")
    await eventually(lambda: _all_wait(local))
    assert {row["attempts"] for row in await local.rows()} == {0}
    notices = await local.road.notices()
    assert [kind for kind, _ in notices] == ["files_disk_full"]

    local.root.unlink()
    local.advance(timedelta(minutes=2))
    rows = await local.ended(2)
    assert {row["state"] for row in rows} == {"stored"}


async def _all_wait(files: FileRoad) -> bool:
    return all(row["reason"] == "disk_full" for row in await files.rows())


async def test_a_virus_is_not_kept(sqlite_database: SqliteDatabase, make: Make) -> None:
    """The scanner sees the plain bytes, as they will be read back."""
    keeper = Gatekeeper()
    keeper.answers = [False]
    files = await make(sqlite_database, scanner=keeper)
    await files.start()
    await files.send(files.server.put("a", whole(PHOTO)))
    (row,) = await files.ended()

    assert (row["state"], row["reason"]) == ("refused", "virus")
    assert keeper.seen == [PHOTO]
    assert files.on_disk() == []
    assert [kind for kind, _ in await files.road.notices()] == ["file_virus"]
    assert "vi-rút" in (await said(files))[0]


async def test_without_its_scanner_nothing_is_kept(
    sqlite_database: SqliteDatabase, make: Make
) -> None:
    """It waits, however long, and is told once."""
    keeper = Gatekeeper()
    keeper.answers = [ScannerAwayError("OSError")] * 3
    files = await make(sqlite_database, scanner=keeper)
    await files.start()
    await files.send(files.server.put("a", whole(PHOTO)))
    for number in range(1, 4):
        await eventually(lambda: _scanned(files, keeper, number))  # noqa: B023  at once
        assert files.on_disk() == []
        files.advance(timedelta(minutes=2))
    (row,) = await files.ended()

    assert (row["state"], row["attempts"]) == ("stored", 1)
    notices = await files.road.notices()
    assert [kind for kind, _ in notices] == ["files_scanner_away"]


async def _scanned(files: FileRoad, keeper: Gatekeeper, number: int) -> bool:
    await files.delayed("scanner_away")
    return len(keeper.seen) == number


async def test_a_stop_puts_the_file_back(files: FileRoad) -> None:
    """In the middle of a download: nothing on the disk, due at once, untried."""
    gate = asyncio.Event()
    await files.send(files.server.put("a", slow(PHOTO, gate)))
    await eventually(lambda: files.server.hits["a"])
    await files.stop()

    (row,) = await files.rows()
    assert (row["state"], row["owner"], row["attempts"]) == ("wanted", None, 0)
    assert files.on_disk() == []


async def test_a_lost_database_leaves_the_file_wanted(local: FileRoad) -> None:
    """The bytes lie there, the row could not be written: fetched again later."""
    gate = asyncio.Event()
    await local.send(local.server.put("a", slow(PHOTO, gate), whole(PHOTO)))
    await eventually(lambda: local.server.hits["a"])
    local.road.database.is_away = True
    gate.set()
    await eventually(local.on_disk)
    await eventually(lambda: not local.fetcher._tasks)
    local.road.database.is_away = False
    (row,) = await local.rows()
    assert row["state"] == "wanted"

    local.advance(timedelta(minutes=10))
    (row,) = await local.ended()
    assert (row["state"], row["attempts"]) == ("stored", 2)
    assert len(local.on_disk()) == 1


async def test_an_erased_person_is_not_fetched_for(local: FileRoad) -> None:
    """The key went while the bytes came: nobody can read them, no row is left."""
    gate = asyncio.Event()
    await local.send(local.server.put("a", slow(PHOTO, gate)))
    await eventually(lambda: local.server.hits["a"])
    (row,) = await local.rows()
    await erase_everywhere(
        local.road.database,
        "thanh-ha",
        row["person_id"],
        local.road.clock.now_ms(),
        lambda _row, _lanes: None,
        lambda _connection, _done: None,
    )
    gate.set()
    await eventually(lambda: not local.fetcher._tasks)

    assert await local.rows() == []
    assert await local.road.rows(tables.evidence_entry, subject=row["file_id"]) == []
    local.advance(timedelta(days=400))
    await local.sweeper.sweep()
    assert local.on_disk() == []


async def test_a_damaged_address_is_gone(local: FileRoad) -> None:
    """A sealed item that does not open cannot be fetched, and that is said."""
    await local.road.start("ingest")
    await local.fetcher.stop()
    await local.send(local.server.put("a", whole(PHOTO)))
    await local.road.database.write(
        lambda c: c.execute(
            tables.vault_item.update()
            .where(tables.vault_item.c.kind == "citizen:file:received")
            .values(sealed=b"x" * 60)
        )
    )
    (row,) = await local.rows()
    await local.road.database.write(
        lambda c: c.execute(tables.received_file.update().values(owner="p1"))
    )
    found = await local.road.rows(tables.person, person_id=row["person_id"])
    held = row | {"wrapped_key": found[0]["wrapped_key"], "sealed": b"x" * 60}
    await local.fetcher._row(held)
    (row,) = await local.rows()
    assert (row["state"], row["reason"]) == ("gone", "sealed")
    held["wrapped_key"] = None
    await local.fetcher._row(held)


async def test_a_new_process_takes_up_what_a_dead_one_held(
    sqlite_database: SqliteDatabase, make: Make
) -> None:
    """Killed in the middle of a download: at the next start it is fetched anew."""
    gate = asyncio.Event()
    first = await make(sqlite_database)
    await first.start()
    await first.send(first.server.put("a", slow(PHOTO, gate)))
    await eventually(lambda: first.server.hits["a"])
    for task in (first.task, *first.fetcher._tasks):
        assert task is not None
        task.cancel()
    await asyncio.gather(*first.fetcher._tasks, return_exceptions=True)
    first.task = None
    (row,) = await first.rows()
    assert row["owner"] == "p1"

    first.server.put("a", whole(PHOTO))
    second = await make(sqlite_database, owner="p2")
    second.fetcher._places = first.fetcher._places
    await second.fetcher.start()
    second.task = asyncio.create_task(second.fetcher.run())
    (row,) = await second.ended()
    assert (row["state"], row["attempts"]) == ("stored", 2)
    assert await second.plain(row) == PHOTO
