"""Is a lent PostgreSQL database always as it is after the migrations?"""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from tests.postgres_pool import PostgresPool
from tests.postgres_server import execute, in_thread

pytestmark = pytest.mark.postgres
COUNT = "SELECT (SELECT count(*) FROM evidence_entry) + (SELECT count(*) FROM lane)"
ENTRY = (
    "INSERT INTO evidence_entry (unit_id, entry_id, at, tag, leaf, leaf_hash)"
    " VALUES ('xa-thu', '1', 5, 'a:b:c', '', '')"
)
LANE = "INSERT INTO lane (unit_id, lane, ready_at) VALUES ('xa-thu', 'x', 5)"


@pytest.fixture
def pool(postgres_url: str, postgres_pool: PostgresPool) -> PostgresPool:
    """A pool of this test's own."""
    del postgres_pool  # it made the template
    return PostgresPool(postgres_url)


def rows(url: str) -> int:
    """Count what the writes leave."""

    async def ask() -> int:
        connection = await asyncpg.connect(url)
        try:
            return int(await connection.fetchval(COUNT))
        finally:
            await connection.close()

    return in_thread(lambda: asyncio.run(ask()))


def test_what_one_test_wrote_the_next_does_not_see(pool: PostgresPool) -> None:
    """The same database comes back empty, also of what nobody may delete."""
    url = pool.lend()
    execute(url, ENTRY, LANE)
    assert rows(url) == 2
    pool.take_back(url)

    assert pool.lend() == url
    assert rows(url) == 0


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE lane ADD COLUMN more TEXT",
        "ALTER TABLE evidence_entry DISABLE TRIGGER USER",
        "DROP INDEX ix_evidence_entry_at",
        "UPDATE alembic_version SET version_num = '0001'",
        "ALTER ROLE postgres SET statement_timeout = '9s'",
    ],
)
def test_a_changed_schema_is_not_lent_again(pool: PostgresPool, change: str) -> None:
    """Tables, triggers, indexes, version, settings: the next test gets a new copy."""
    url = pool.lend()
    execute(url, change)
    pool.take_back(url)
    execute(url.rsplit("/", 1)[0] + "/postgres", "ALTER ROLE postgres RESET ALL")

    assert pool.lend() != url


def test_two_tests_at_once_do_not_share(pool: PostgresPool) -> None:
    """What is lent is lent to nobody else."""
    assert pool.lend() != pool.lend()
