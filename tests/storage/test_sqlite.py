"""Does the embedded writer group, order, isolate and survive?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, select, text

from storage import operations
from storage.errors import AlreadyRunningError, StorageUnavailableError
from storage.sqlite import SqliteDatabase
from storage.tables import notice
from tests.storage.rows import Notice, content, mode

NOBODY = 65534


def put(number: int) -> Callable[[Connection], int]:
    """Return work that writes one notice."""

    def work(connection: Connection) -> int:
        operations.add_notice(connection, Notice(number).row())
        return number

    return work


def numbers(connection: Connection) -> list[int]:
    """Return the numbers of the notices in the database."""
    return sorted(
        int(x) for x in connection.execute(select(notice.c.subject)).scalars()
    )


async def blocked(
    database: SqliteDatabase,
) -> tuple[threading.Event, asyncio.Task[None]]:
    """Hold the writer inside a job, so that a test can fill the queues."""
    entered, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def work(_: Connection) -> None:
        loop.call_soon_threadsafe(entered.set)
        assert go.wait(10)

    task = asyncio.create_task(database.write(work))
    await entered.wait()
    return go, task


def traced(database: SqliteDatabase) -> list[str]:
    """Return a list that fills with the statements SQLite runs from now on."""
    statements: list[str] = []

    def trace(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(statements.append)

    event.listen(database._engine, "checkout", trace)
    return statements


async def test_many_writes_share_one_commit(sqlite_database: SqliteDatabase) -> None:
    """Fifty jobs that wait together become durable in a handful of commits."""
    statements = traced(sqlite_database)
    go, first = await blocked(sqlite_database)
    tasks = [asyncio.create_task(sqlite_database.write(put(n))) for n in range(50)]
    await asyncio.sleep(0)
    go.set()

    assert list(range(50)) == await asyncio.gather(*tasks)
    await first
    assert 1 <= statements.count("COMMIT") <= 5
    assert list(range(50)) == await sqlite_database.read(numbers)


async def test_a_failing_job_takes_back_only_itself(
    sqlite_database: SqliteDatabase,
) -> None:
    """In a shared transaction the neighbours of a bad job are kept."""

    def bad(connection: Connection) -> None:
        put(2)(connection)
        raise ValueError("bad job")

    go, first = await blocked(sqlite_database)
    tasks = [
        asyncio.create_task(sqlite_database.write(work))
        for work in (put(1), bad, put(3))
    ]
    await asyncio.sleep(0)
    go.set()
    one, two, three = await asyncio.gather(*tasks, return_exceptions=True)
    await first

    assert (one, three) == (1, 3)
    assert isinstance(two, ValueError)
    assert await sqlite_database.read(numbers) == [1, 3]


async def test_a_broken_constraint_belongs_to_one_job(
    sqlite_database: SqliteDatabase,
) -> None:
    """A statement the database refuses undoes its own job, not the others."""

    def twice(connection: Connection) -> None:
        put(7)(connection)
        put(7)(connection)

    go, first = await blocked(sqlite_database)
    tasks = [
        asyncio.create_task(sqlite_database.write(work)) for work in (twice, put(8))
    ]
    await asyncio.sleep(0)
    go.set()
    bad, good = await asyncio.gather(*tasks, return_exceptions=True)
    await first

    assert type(bad).__name__ == "IntegrityError"
    assert good == 8
    assert await sqlite_database.read(numbers) == [8]


async def test_urgent_work_goes_first(sqlite_database: SqliteDatabase) -> None:
    """An acknowledgement queued last runs before everything ordinary."""
    order: list[str] = []

    def note(name: str, _connection: Connection) -> None:
        order.append(name)

    go, first = await blocked(sqlite_database)
    tasks = [
        asyncio.create_task(sqlite_database.write(partial(note, name)))
        for name in ("a", "b", "c")
    ]
    tasks.append(
        asyncio.create_task(sqlite_database.write(partial(note, "urgent"), urgent=True))
    )
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, *tasks)

    assert order == ["urgent", "a", "b", "c"]


@pytest.mark.usefixtures("sqlite_database")
async def test_a_second_process_is_refused(sqlite_url: str) -> None:
    """The file has one owner; another exclusive open says so at once."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    with pytest.raises(AlreadyRunningError):
        SqliteDatabase(path)


async def test_a_tool_may_read_beside_the_service(
    sqlite_database: SqliteDatabase, sqlite_url: str
) -> None:
    """An open that asks for no ownership works while the service runs."""
    await sqlite_database.write(put(1))
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    tool = SqliteDatabase(path, exclusive=False)
    try:
        assert await tool.read(numbers) == [1]
        assert await tool.write(put(2)) == 2
    finally:
        await tool.close()
    assert await sqlite_database.read(numbers) == [1, 2]


async def test_ownership_ends_with_close(sqlite_url: str) -> None:
    """After close() the next process may open the file."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    for _ in range(2):
        database = SqliteDatabase(path)
        await database.close()


async def test_close_finishes_what_was_accepted(sqlite_url: str) -> None:
    """Work queued before close() is written and answered; later work is refused."""
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    database = SqliteDatabase(path)
    go, first = await blocked(database)
    tasks = [asyncio.create_task(database.write(put(n))) for n in range(20)]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    go.set()

    assert list(range(20)) == await asyncio.gather(*tasks)
    await asyncio.gather(first, closing)
    for refused in (database.write(put(99)), database.read(numbers)):
        with pytest.raises(StorageUnavailableError):
            await refused
    again = SqliteDatabase(path)
    assert list(range(20)) == await again.read(numbers)
    await again.close()


async def test_nobody_waiting_does_not_stop_the_writer(
    sqlite_database: SqliteDatabase,
) -> None:
    """A caller that gave up leaves no trace; its work is still written."""
    go, first = await blocked(sqlite_database)
    task = asyncio.create_task(sqlite_database.write(put(1)))
    await asyncio.sleep(0)
    task.cancel()
    go.set()
    await first

    assert await sqlite_database.write(put(2)) == 2
    assert task.cancelled()
    assert await sqlite_database.read(numbers) == [1, 2]


def test_a_loop_that_ended_does_not_stop_the_writer(sqlite_url: str) -> None:
    """Work queued by a loop that is closed before the commit harms nobody else."""
    database = SqliteDatabase(Path(sqlite_url.removeprefix("sqlite:///")))
    go = threading.Event()

    async def leave() -> None:
        entered = threading.Event()

        def work(connection: Connection) -> None:
            put(1)(connection)
            entered.set()
            assert go.wait(10)

        task = asyncio.create_task(database.write(work))
        await asyncio.to_thread(entered.wait)
        task.cancel()

    async def later() -> list[int]:
        await database.write(put(2))
        found = await database.read(numbers)
        await database.close()
        return found

    asyncio.run(leave())
    go.set()
    assert asyncio.run(later()) == [1, 2]


async def test_a_reader_sees_one_moment(sqlite_database: SqliteDatabase) -> None:
    """What is committed during a read is not seen by that read."""
    loop = asyncio.get_running_loop()

    def work(connection: Connection) -> tuple[list[int], list[int]]:
        before = numbers(connection)
        asyncio.run_coroutine_threadsafe(sqlite_database.write(put(1)), loop).result(10)
        return before, numbers(connection)

    assert await sqlite_database.read(work) == ([], [])
    assert await sqlite_database.read(numbers) == [1]


async def test_every_connection_is_safe_and_durable(
    sqlite_database: SqliteDatabase,
) -> None:
    """WAL, synchronous=FULL, secure_delete and foreign keys hold where we write."""

    def settings(connection: Connection) -> dict[str, object]:
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        return {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in names
        }

    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }
    assert expected == await sqlite_database.write(settings)
    assert expected == await sqlite_database.read(settings)


async def test_a_full_disk_is_said_and_survived(
    sqlite_database: SqliteDatabase,
) -> None:
    """No page left: StorageUnavailableError, nothing half written, then all is well."""
    limit = [0]

    def limited(connection: sqlite3.Connection, *_: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        wanted = pages + 1 if limit[0] else 1_000_000
        connection.execute(f"PRAGMA max_page_count={wanted}")

    event.listen(sqlite_database._engine, "checkout", limited)

    def much(connection: Connection) -> None:
        for number in range(500):
            row = dict(Notice(number).row()) | {"detail": "x" * 200}
            operations.add_notice(connection, row)

    limit[0] = 1
    with pytest.raises(StorageUnavailableError, match="SQLITE_FULL"):
        await sqlite_database.write(much)
    limit[0] = 0

    assert await sqlite_database.read(numbers) == []
    assert await sqlite_database.write(put(1)) == 1


@contextlib.contextmanager
def without_rights() -> Iterator[None]:
    """Be a user who may not write, for a moment (root may write anywhere)."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="thanthien-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


async def test_a_read_only_folder_is_said_and_survived(
    sqlite_template: Path, open_folder: Path
) -> None:
    """Without the right to write, StorageUnavailableError; with it, all is well."""
    path = open_folder / "a.db"
    shutil.copy(sqlite_template, path)
    path.chmod(0o444)
    database = SqliteDatabase(path)
    try:
        mode(open_folder, 0o555)
        with without_rights(), pytest.raises(StorageUnavailableError):
            await database.write(put(1))
        mode(open_folder, 0o755)
        mode(path, 0o644)
        assert await database.write(put(2)) == 2
        assert await database.read(numbers) == [2]
    finally:
        await database.close()


async def test_a_file_that_is_no_database_is_said_and_survived(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """Garbage in place of the file: StorageUnavailableError to readers and writers."""
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database, but long enough to be looked at" * 100)
    database = SqliteDatabase(path)
    try:
        with pytest.raises(StorageUnavailableError):
            await database.write(put(1))
        with pytest.raises(StorageUnavailableError):
            await database.read(numbers)
        shutil.copy(sqlite_template, path)
        assert await database.write(put(2)) == 2
    finally:
        await database.close()


async def test_a_locked_file_is_said_and_survived(
    sqlite_database: SqliteDatabase, sqlite_url: str
) -> None:
    """A tool that holds the write lock too long costs one job, not the writer."""
    event.listen(
        sqlite_database._engine,
        "checkout",
        lambda connection, *_: connection.execute("PRAGMA busy_timeout=20"),
    )
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageUnavailableError, match="SQLITE_BUSY"):
        await sqlite_database.write(put(1))
    other.execute("ROLLBACK")
    other.close()

    assert await sqlite_database.write(put(2)) == 2
    assert await sqlite_database.read(numbers) == [2]


async def test_a_long_queue_does_not_hold_the_lock(
    sqlite_database: SqliteDatabase,
) -> None:
    """Work beyond the holding time goes into a further transaction."""
    statements = traced(sqlite_database)
    slow = text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 300000) SELECT max(i) FROM n"
    )
    go, first = await blocked(sqlite_database)
    tasks = [
        asyncio.create_task(
            sqlite_database.write(lambda c: c.execute(slow).scalar_one())
        )
        for _ in range(6)
    ]
    await asyncio.sleep(0)
    go.set()

    assert await asyncio.gather(*tasks) == [300000] * 6
    await first
    assert statements.count("BEGIN IMMEDIATE") >= 2


async def test_the_log_is_cut_on_demand(
    sqlite_database: SqliteDatabase, sqlite_url: str
) -> None:
    """After truncate_wal() the -wal file is empty and the rows are in the file."""
    wal = Path(sqlite_url.removeprefix("sqlite:///") + "-wal")
    await sqlite_database.write(put(1))
    assert content(wal)

    assert await sqlite_database.truncate_wal()
    assert not content(wal)
    assert await sqlite_database.read(numbers) == [1]
