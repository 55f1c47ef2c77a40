"""Is a webhook on a disk before it is acknowledged, whatever the database does?"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.ingest import NotStoredError
from bot.sandbox.model import SignedRequest
from bot.sandbox.webhook import facebook_event, zalo_event
from handlers.model import Channel
from storage import tables
from storage.database import Database, Work
from tests.bot.conftest import Build
from tests.bot.support import (
    LANH,
    UNIT,
    Road,
    T,
    World,
    eventually,
    seen,
)

PATIENCE_SECONDS = 2.0


def text(world: World, number: int, user: str = LANH.zalo_id) -> SignedRequest:
    """Return the signed text with a number, a millisecond after the one before."""
    world.clock.advance(ms=1)
    at_ms = world.clock.now_ms()
    words = f"tin {number}"
    return zalo_event(world.settings, user, words, message_id=f"m{number}", at_ms=at_ms)


def spooled(road: Road) -> list[Path]:
    """Return the spool files."""
    return sorted(road.spool._folder.glob("*.spool"))


async def dedupes(road: Road) -> list[str]:
    """Return the keys of the stored events in their order."""
    return seen(await road.events(), "dedupe")


def keys(road: Road, *numbers: int) -> list[str]:
    """Return the keys that these texts have."""
    unit = road.ring.unit(UNIT)
    return [unit.mac("event:zalo", f"m{number}") for number in numbers]


async def test_the_answer_waits_for_the_commit(any_road: Road, world: World) -> None:
    """No 200 leaves before the commit that holds the message."""
    await any_road.start("ingest")
    gate = asyncio.Event()
    held = any_road.database.inner = Gate(any_road.database.inner, gate)
    call = asyncio.create_task(any_road.post(text(world, 1)))
    await eventually(lambda: held.waiting == 1)

    assert not call.done()
    assert await dedupes(any_road) == []
    gate.set()
    assert await call == 200
    assert await dedupes(any_road) == keys(any_road, 1)


class Gate:
    """Holds every write until it is opened."""

    def __init__(self, inner: Database, gate: asyncio.Event) -> None:
        self.inner = inner
        self.is_embedded = inner.is_embedded
        self.waiting = 0
        self.commits = 0
        self._gate = gate

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Write when the gate is open."""
        self.waiting += 1
        await self._gate.wait()
        self.commits += 1
        return await self.inner.write(work, urgent=urgent)

    async def read(self, work: Work[T]) -> T:
        """Read at once."""
        return await self.inner.read(work)

    async def close(self) -> None:
        """Close the real one."""
        await self.inner.close()


async def test_waiting_messages_share_a_commit(road: Road, world: World) -> None:
    """What arrives during one commit is written by the next, all together."""
    gate = asyncio.Event()
    gate.set()
    held = Gate(road.database.inner, gate)
    road.database.inner = held
    await road.start("ingest")
    gate.clear()
    before = held.commits
    first = asyncio.create_task(road.post(text(world, 0)))
    await eventually(lambda: len(road.ingest._queue) == 0 and held.waiting > before)
    calls = [asyncio.create_task(road.post(text(world, n))) for n in range(1, 31)]
    await eventually(lambda: len(road.ingest._queue) == 30)
    gate.set()

    assert set(await asyncio.gather(first, *calls)) == {200}
    assert held.commits - before == 2
    assert len(await road.events()) == 31


@pytest.mark.parametrize("trouble", ["away", "hangs", "broken"])
async def test_an_outage_of_the_database_is_survived(
    road: Road, world: World, trouble: str
) -> None:
    """Away, hanging or broken: the message is fsynced to the spool and acknowledged."""
    await road.start("ingest")
    road.database.is_away = trouble == "away"
    road.database.hangs = trouble == "hangs"
    road.database.error = RuntimeError("bug") if trouble == "broken" else None

    loop = asyncio.get_running_loop()
    started = loop.time()
    assert await road.post(text(world, 1)) == 200
    assert loop.time() - started < PATIENCE_SECONDS
    assert len(spooled(road)) == 1

    road.database.is_away, road.database.hangs = False, False
    road.database.error = None
    await eventually(lambda: not road.ingest.spooled)
    assert await dedupes(road) == keys(road, 1)
    assert spooled(road) == []


async def test_every_answer_comes_in_time_while_the_database_hangs(
    road: Road, world: World
) -> None:
    """During a hang each of many calls is answered within Zalo's patience."""
    await road.start("ingest")
    road.database.hangs = True

    async def timed(number: int) -> tuple[int, float]:
        started = asyncio.get_running_loop().time()
        status = await road.post(text(world, number))
        return status, asyncio.get_running_loop().time() - started

    waves: list[tuple[int, float]] = []
    for wave in range(3):
        calls = [timed(wave * 10 + number) for number in range(10)]
        waves += await asyncio.gather(*calls)

    assert {status for status, _ in waves} == {200}
    assert max(seconds for _, seconds in waves) < PATIENCE_SECONDS


async def test_the_spool_is_on_the_disk_before_the_answer(
    road: Road, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder are fsynced before 200 is said."""
    real, synced = os.fsync, []

    def watch(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    monkeypatch.setattr(os, "fsync", watch)
    await road.start("ingest")
    road.database.is_away = True

    assert await road.post(text(world, 1)) == 200
    assert any(name.endswith(".tmp") for name in synced)
    assert synced[-1] == str(road.spool._folder)


async def test_the_spool_is_replayed_in_order(any_road: Road, world: World) -> None:
    """What was spooled comes back in the order in which it was acknowledged."""
    await any_road.start("ingest")
    any_road.database.is_away = True
    for number in range(1, 6):
        assert await any_road.post(text(world, number)) == 200
    any_road.database.is_away = False
    assert await any_road.post(text(world, 6)) == 200

    await eventually(lambda: not any_road.ingest.spooled)
    assert await any_road.post(text(world, 7)) == 200
    assert await dedupes(any_road) == keys(any_road, *range(1, 8))


async def test_a_message_never_overtakes_the_spool(road: Road, world: World) -> None:
    """While old files wait, a new message goes behind them, not past them."""
    await road.start("ingest")
    road.database.is_away = True
    assert await road.post(text(world, 1)) == 200
    assert await road.post(text(world, 2)) == 200

    assert len(spooled(road)) == 2
    assert await dedupes(road) == []


async def test_a_replay_cut_short_is_repeated_without_harm(
    any_road: Road, world: World, build: Build
) -> None:
    """Killed between commit and unlink, the same file is stored again: no change."""
    await any_road.start("ingest")
    any_road.database.is_away = True
    assert await any_road.post(text(world, 1)) == 200
    assert await any_road.post(text(world, 2)) == 200
    copies = {path: path.read_bytes() for path in spooled(any_road)}
    any_road.database.is_away = False
    await eventually(lambda: not any_road.ingest.spooled)
    await any_road.kill()
    for path, content in copies.items():
        path.write_bytes(content)

    after = await build(any_road.database.inner)
    assert after.ingest.spooled
    await after.start("ingest")
    await eventually(lambda: not after.ingest.spooled)

    assert await dedupes(after) == keys(after, 1, 2)
    assert len(await after.rows(tables.inbox_body)) == 2
    assert after.spool.corrupt() == []


async def test_a_late_commit_and_its_spool_file_are_one_message(
    road: Road, world: World
) -> None:
    """A write that took too long but succeeded is not stored twice by the replay."""
    await road.start("ingest")
    road.database.fail_after_commit = 1

    assert await road.post(text(world, 1)) == 200
    await eventually(lambda: not road.ingest.spooled)

    assert await dedupes(road) == keys(road, 1)
    assert road.spool.corrupt() == []
    assert len(await road.rows(tables.inbox_body)) == 1


async def test_a_replayed_message_that_was_handled_stays_handled(
    road: Road, world: World
) -> None:
    """A file that comes again after the answer gives no second answer."""
    await road.start("ingest", "dispatcher")
    road.database.is_away = True
    assert await road.post(text(world, 1)) == 200
    (file,) = spooled(road)
    copy = file.read_bytes()
    road.database.is_away = False
    await eventually(lambda: not road.ingest.spooled)
    await eventually(road.is_inbox_done)

    file.write_bytes(copy)
    road.ingest.spooled = True
    assert await road.post(text(world, 2)) == 200
    await eventually(lambda: not road.ingest.spooled)
    await eventually(road.is_inbox_done)

    assert len(await road.outbox()) == 2
    assert await road.rows(tables.inbox_body) == []
    assert road.spool.corrupt() == []


async def test_an_unreadable_spool_file_is_set_aside(road: Road, world: World) -> None:
    """A file of nonsense is kept apart and counted; those after it are replayed."""
    (road.spool._folder / ("0" * 32 + ".spool")).write_bytes(b"\xff{nonsense")
    road.ingest.spooled = True
    await road.start("ingest")

    assert await road.post(text(world, 1)) == 200
    await eventually(lambda: not road.ingest.spooled)

    assert await dedupes(road) == keys(road, 1)
    assert len(road.spool.corrupt()) == 1
    assert road.metrics.spool_corrupt._value.get() == 1


async def test_an_unplanned_error_sets_nothing_aside_at_once(
    road: Road, world: World
) -> None:
    """A database that breaks oddly for a while costs no acknowledged message."""
    await road.start("ingest")
    road.database.error = RuntimeError("bug")
    assert await road.post(text(world, 1)) == 200
    assert await road.post(text(world, 2)) == 200
    await eventually(lambda: road.database.refused >= 4)
    road.database.error = None
    await eventually(lambda: not road.ingest.spooled)

    assert await dedupes(road) == keys(road, 1, 2)
    assert road.spool.corrupt() == []


async def test_one_delivery_the_database_refuses_sinks_no_other(
    road: Road, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a batch the one that cannot be stored is set aside, alone, in the end."""
    monkeypatch.setattr("bot.ingest.REPLAY_SECONDS", 0.001)
    await road.start("ingest")
    poison = keys(road, 2)[0]
    road.database.inner = Picky(road.database.inner, poison)
    calls = (road.post(text(world, number)) for number in (1, 2, 3))
    assert set(await asyncio.gather(*calls)) == {200}
    await eventually(lambda: not road.ingest.spooled)

    assert sorted(await dedupes(road)) == sorted(keys(road, 1, 3))
    assert len(road.spool.corrupt()) == 1


class Picky:
    """A database that breaks over one event."""

    def __init__(self, inner: Database, poison: str) -> None:
        self.inner = inner
        self.is_embedded = inner.is_embedded
        self._poison = poison

    async def write(self, work: Work[T], *, urgent: bool = False) -> T:
        """Write, but refuse what leaves the poison behind."""

        def check(connection: Connection) -> T:
            result = work(connection)
            query = select(tables.inbox_event.c.dedupe)
            if self._poison in connection.execute(query).scalars().all():
                raise ValueError
            return result

        return await self.inner.write(check, urgent=urgent)

    async def read(self, work: Work[T]) -> T:
        """Read."""
        return await self.inner.read(work)

    async def close(self) -> None:
        """Close the real one."""
        await self.inner.close()


async def test_when_nothing_can_store_the_platform_is_told_to_come_again(
    road: Road, world: World
) -> None:
    """Neither database nor spool: 503, nothing pretended, and it works afterwards."""
    await road.start("ingest")
    road.database.is_away = True
    folder = road.spool._folder
    folder.rmdir()
    folder.write_bytes(b"a file in the way")

    assert await road.post(text(world, 1)) == 503
    assert road.metrics.ingest_failed._value.get() == 1

    folder.unlink()
    folder.mkdir()
    assert await road.post(text(world, 1)) == 200
    road.database.is_away = False
    await eventually(lambda: not road.ingest.spooled)
    assert await dedupes(road) == keys(road, 1)


async def test_accept_says_so_when_nothing_was_stored(road: Road) -> None:
    """Inside the process the same is told by an exception."""
    await road.start("ingest")
    road.database.is_away = True
    road.spool._folder.rmdir()

    with pytest.raises(NotStoredError):
        await road.ingest.accept(UNIT, Channel.ZALO, b"{}", {}, road.clock.now_ms(), [])


async def test_without_a_key_for_the_day_nothing_is_taken(
    road: Road, world: World
) -> None:
    """A message that cannot be sealed is not acknowledged; the sweep brings the key."""
    await road.start("ingest")
    world.clock.advance(ms=40 * 86_400_000)

    assert await road.post(text(world, 1)) == 503
    await road.sweeper.sweep()
    assert await road.post(text(world, 2)) == 200


async def test_a_spool_folder_that_vanishes_does_not_end_the_service(
    road: Road, world: World
) -> None:
    """Whatever the disk does to the spool, later messages are still taken."""
    await road.start("ingest")
    road.database.is_away = True
    assert await road.post(text(world, 1)) == 200
    (file,) = spooled(road)
    file.unlink()
    file.mkdir()
    (file / "in the way").write_bytes(b"")
    road.database.is_away = False

    assert await road.post(text(world, 2)) == 200
    await eventually(lambda: not road.ingest.spooled)
    assert keys(road, 2)[0] in await dedupes(road)


class BrokenSpool:
    """A spool all of whose calls fail in a way nobody planned for."""

    def __getattr__(self, name: str) -> Any:
        """Return a call that fails."""

        def fail(*arguments: object) -> None:
            raise OSError(5, name, str(arguments)[:0])

        return fail


async def test_the_loop_survives_everything(road: Road, world: World) -> None:
    """Errors nobody planned for, in the spool and the database, end no loop."""
    await road.start("ingest")
    spool, broken = road.ingest._spool, BrokenSpool()
    road.ingest._spool = broken  # type: ignore[assignment]
    road.database.error = KeyError("x")

    assert await road.post(text(world, 1)) == 503
    road.ingest.spooled = True
    assert await road.post(text(world, 2)) == 503
    road.database.error = None
    assert await road.post(text(world, 3)) == 503
    road.ingest._spool = spool

    assert await road.post(text(world, 4)) == 200
    await eventually(lambda: not road.ingest.spooled)
    assert await dedupes(road) == keys(road, 4)
    assert not road.tasks[0].done()


async def test_a_health_check_does_not_sweep_away_a_file_being_written(
    road: Road, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asking for health while a batch goes to the spool does not lose the batch."""
    await road.start("ingest")
    road.database.is_away = True
    real = os.fsync

    def slow(handle: int) -> None:
        real(handle)
        asyncio.run_coroutine_threadsafe(ask(), loop).result(5)

    async def ask() -> None:
        await road.session.get(road.server.make_url("/readyz"))

    loop = asyncio.get_running_loop()
    monkeypatch.setattr(os, "fsync", slow)
    status = await road.post(text(world, 1))
    monkeypatch.setattr(os, "fsync", real)

    assert status == 200
    assert len(spooled(road)) == 1


async def test_closing_finishes_what_waits(road: Road, world: World) -> None:
    """A message that waits at the moment of the stop is stored and acknowledged."""
    await road.start("ingest")
    calls = [asyncio.create_task(road.post(text(world, n))) for n in range(20)]
    await eventually(lambda: bool(road.ingest._queue) or calls[0].done())
    await asyncio.gather(*calls)
    road.ingest.close()
    await asyncio.wait_for(road.tasks[0], 2)

    assert len(await road.events()) == 20


async def test_a_call_that_hangs_up_takes_nobody_with_it(
    road: Road, world: World
) -> None:
    """A platform that closes the connection early does not disturb its neighbours."""
    await road.start("ingest")
    gate = asyncio.Event()
    held = road.database.inner = Gate(road.database.inner, gate)
    gone = asyncio.create_task(road.post(text(world, 1)))
    stays = asyncio.create_task(road.post(text(world, 2)))
    await eventually(lambda: held.waiting)
    gone.cancel()
    gate.set()

    assert await stays == 200
    await eventually(lambda: len_is(road, 2))


async def len_is(road: Road, number: int) -> bool:
    """Whether that many events are stored."""
    return len(await road.events()) == number


async def test_one_body_for_both_platforms_keys_never_collide(
    road: Road, world: World
) -> None:
    """The same message id on two platforms is two messages."""
    await road.start("ingest")
    now = world.clock.now_ms()
    zalo = zalo_event(world.settings, LANH.zalo_id, "a", message_id="same", at_ms=now)
    page = facebook_event(
        world.settings, LANH.facebook_id, "a", message_id="same", at_ms=now
    )

    assert [await road.post(zalo), await road.post(page)] == [200, 200]
    assert len(await road.events()) == 2
