"""Does the served database retry what may be retried and name what may not?"""

from __future__ import annotations

import asyncio
import contextlib

import asyncpg
import pytest
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import await_only

from storage import operations
from storage.database import Database
from storage.errors import StorageUnavailableError
from storage.postgres import PostgresDatabase
from storage.tables import notice
from tests.postgres_server import execute, running_server
from tests.storage.rows import Notice

pytestmark = pytest.mark.postgres
SLOTS = 4
"""Three of them are reserved for the superuser by default."""


def add(number: int, connection: Connection) -> None:
    """Write one notice."""
    operations.add_notice(connection, Notice(number).row())


def numbers(connection: Connection) -> list[int]:
    """Return the numbers of the notices."""
    return sorted(
        int(x) for x in connection.execute(select(notice.c.subject)).scalars()
    )


async def test_a_failing_function_rolls_back_its_own_work(
    postgres_database: Database,
) -> None:
    """What a function wrote before it raised is gone; its exception comes back."""

    def bad(connection: Connection) -> None:
        add(1, connection)
        raise ValueError("bad job")

    with pytest.raises(ValueError, match="bad job"):
        await postgres_database.write(bad)
    await postgres_database.write(lambda c: add(2, c))

    assert await postgres_database.read(numbers) == [2]


async def test_a_broken_constraint_is_not_an_outage(
    postgres_database: Database,
) -> None:
    """A duplicate key stays an IntegrityError, so nobody retries it for ever."""
    await postgres_database.write(lambda c: add(1, c))

    with pytest.raises(IntegrityError):
        await postgres_database.write(lambda c: add(1, c))


async def test_a_deadlock_is_run_again(postgres_database: Database) -> None:
    """Two transactions that lock two rows crosswise both finish."""

    def two(connection: Connection) -> None:
        add(1, connection)
        add(2, connection)

    await postgres_database.write(two)
    both = asyncio.Barrier(2)
    runs = [0, 0]

    async def crossing(who: int, first: int, second: int) -> None:
        def work(connection: Connection) -> None:
            runs[who] += 1
            touch(connection, first)
            if runs[who] == 1:
                await_only(both.wait())
            touch(connection, second)

        await postgres_database.write(work)

    await asyncio.gather(crossing(0, 1, 2), crossing(1, 2, 1))

    assert sorted(runs) == [1, 2]
    details = await postgres_database.read(
        lambda c: list(c.execute(select(notice.c.detail)).scalars())
    )
    assert details == ["xx", "xx"]


def touch(connection: Connection, number: int) -> None:
    """Change one notice, which locks its row."""
    connection.execute(
        update(notice)
        .where(notice.c.subject == str(number))
        .values(detail=notice.c.detail + "x")
    )


async def test_a_read_sees_one_moment(postgres_database: Database) -> None:
    """What is committed during a read is not seen by that read."""
    loop = asyncio.get_running_loop()
    arrived, written = asyncio.Event(), asyncio.Event()

    def work(connection: Connection) -> tuple[list[int], list[int]]:
        before = numbers(connection)
        arrived.set()
        await_only(written.wait())
        return before, numbers(connection)

    reading = loop.create_task(postgres_database.read(work))
    await arrived.wait()
    await postgres_database.write(lambda c: add(1, c))
    written.set()

    assert await reading == ([], [])


async def test_nobody_there_is_an_outage() -> None:
    """A port without a server raises StorageUnavailableError, to read and write."""
    database = PostgresDatabase("postgresql://nobody@127.0.0.1:9/none")
    try:
        with pytest.raises(StorageUnavailableError):
            await database.write(numbers)
        with pytest.raises(StorageUnavailableError):
            await database.read(numbers)
    finally:
        await database.close()


async def test_a_missing_database_is_an_outage(postgres_url: str) -> None:
    """A server that knows no such database raises StorageUnavailableError."""
    database = PostgresDatabase(postgres_url.rsplit("/", 1)[0] + "/never_made")
    try:
        with pytest.raises(StorageUnavailableError):
            await database.read(numbers)
    finally:
        await database.close()


async def test_a_cut_connection_is_an_outage_and_heals(
    postgres_database: Database, postgres_database_url: str
) -> None:
    """When the server ends our session: StorageUnavailableError, and on we go."""
    admin = await asyncpg.connect(postgres_database_url)

    def work(connection: Connection) -> None:
        pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        await_only(admin.execute("SELECT pg_terminate_backend($1)", pid))
        connection.execute(text("SELECT 1"))

    with pytest.raises(StorageUnavailableError):
        await postgres_database.write(work)
    await admin.close()
    await postgres_database.write(lambda c: add(1, c))

    assert await postgres_database.read(numbers) == [1]


async def test_a_server_that_was_stopped_is_an_outage() -> None:
    """After the server is gone, pooled connections raise StorageUnavailableError."""
    with running_server() as url:
        database = PostgresDatabase(url)
        assert await database.read(lambda c: c.execute(text("SELECT 1")).scalar()) == 1
    try:
        with pytest.raises(StorageUnavailableError):
            await database.read(lambda c: c.execute(text("SELECT 1")).scalar())
    finally:
        await database.close()


async def test_too_many_clients_is_an_outage() -> None:
    """A server without a free slot raises StorageUnavailableError."""
    with running_server(max_connections=SLOTS) as url:
        execute(url, "CREATE ROLE guest LOGIN")
        guest = url.replace("postgres@", "guest@")
        taken: list[asyncpg.Connection] = []
        try:
            with contextlib.suppress(asyncpg.TooManyConnectionsError):
                while len(taken) < SLOTS:
                    taken.append(await asyncpg.connect(guest))
            assert 0 < len(taken) < SLOTS
            database = PostgresDatabase(guest)
            with pytest.raises(StorageUnavailableError):
                await database.read(lambda c: c.execute(text("SELECT 1")).scalar())
            await database.close()
        finally:
            for connection in taken:
                await connection.close()


async def test_a_wrong_statement_is_a_bug_not_an_outage(
    postgres_database: Database,
) -> None:
    """SQL the server refuses stays a DBAPIError, so that it is seen."""
    with pytest.raises(DBAPIError):
        await postgres_database.read(lambda c: c.execute(text("SELECT nothing_here")))
