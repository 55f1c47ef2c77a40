"""How does each test get a migrated PostgreSQL database of its own, cheaply?

Copying the template costs the server a tenth of a second, emptying a used database
a tenth of that. So a database is lent to one test, and afterwards emptied for the
next: everybody is thrown out, every table that was ever written to is truncated.
A test that changed the schema or the version costs a new copy.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg

from tests.postgres_server import START_SECONDS, execute, in_thread

TEMPLATE = "template_migrated"
VERSION = "alembic_version"
THROW_OUT = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
CATALOGUES = (
    "pg_class",
    "pg_attribute",
    "pg_attrdef",
    "pg_constraint",
    "pg_index",
    "pg_proc",
    "pg_trigger",
    "pg_type",
    "pg_namespace",
    "pg_db_role_setting",
    VERSION,
)
MARK = "SELECT count(*), sum(xmin::text::bigint) FROM "
SCHEMA = " UNION ALL ".join(MARK + catalogue for catalogue in CATALOGUES)
"""A changed row has another xmin, so any change of the schema shows."""
WRITTEN = """
    SELECT quote_ident(nspname) || '.' || quote_ident(relname)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind = 'r' AND nspname = 'public' AND relname <> $1
    AND pg_relation_size(pg_class.oid) > 0
"""

Mark = tuple[tuple[object, ...], ...]


class PostgresPool:
    """Copies of the TEMPLATE of a server, each lent to one test at a time."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._marks: dict[str, Mark] = {}
        self._free: list[str] = []

    def lend(self) -> str:
        """Return the URL of a database as it is after the migrations."""
        return self._free.pop() if self._free else self._copy()

    def take_back(self, url: str) -> None:
        """Empty a database for the next test, or drop it when its schema changed."""
        mark = in_thread(lambda: asyncio.run(_emptied(url, self._marks.pop(url))))
        if mark is None:
            execute(self._url, f"DROP DATABASE {url.rsplit('/', 1)[1]} WITH (FORCE)")
        else:
            self._keep(url, mark)

    def _keep(self, url: str, mark: Mark) -> None:
        self._marks[url] = mark
        self._free.append(url)

    def _copy(self) -> str:
        name = f"lent_{uuid4().hex}"
        execute(self._url, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        url = named(self._url, name)
        self._marks[url] = in_thread(lambda: asyncio.run(_mark_of(url)))
        return url


def named(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return url.rsplit("/", 1)[0] + "/" + name


async def _mark_of(url: str) -> Mark:
    connection = await asyncpg.connect(url, timeout=START_SECONDS)
    try:
        return await _mark(connection)
    finally:
        await connection.close()


async def _emptied(url: str, mark: Mark) -> Mark | None:
    """Empty; return the new mark, None if the schema is no longer what it was."""
    connection = await asyncpg.connect(url, timeout=START_SECONDS)
    try:
        await connection.execute(THROW_OUT)
        if await _mark(connection) != mark:
            return None
        if tables := [row[0] for row in await connection.fetch(WRITTEN, VERSION)]:
            # The evidence log forbids deletion by a trigger.
            await connection.execute("SET session_replication_role = replica")
            await connection.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
        return await _mark(connection)
    finally:
        await connection.close()


async def _mark(connection: asyncpg.Connection) -> Mark:
    return tuple(tuple(row) for row in await connection.fetch(SCHEMA))
