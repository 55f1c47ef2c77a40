"""What do tests of every room share? A clock, ids, keys, and real databases.

``database`` runs a test on SQLite and on PostgreSQL; each test has a database of
its own, as it is after the migrations.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from storage.sqlite import SqliteDatabase
from tests.postgres_pool import TEMPLATE, PostgresPool, named
from tests.postgres_server import execute, in_thread, running_server

# The same commit gives the same verdict everywhere; `make explore` looks further.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MASTER = bytes(range(32))


@dataclass(slots=True)
class FakeClock:
    """A clock that stands still until a test moves it."""

    at: datetime = START

    def now(self) -> datetime:
        """Return the set instant, aware, UTC."""
        return self.at

    def now_ms(self) -> int:
        """Return it in UTC milliseconds."""
        return round(self.at.timestamp() * 1000)

    def advance(self, delta: timedelta | None = None, /, *, ms: int = 0) -> None:
        """Move on by a delta, by milliseconds, or both."""
        self.at += (delta or timedelta()) + timedelta(milliseconds=ms)

    def set(self, at: datetime) -> None:
        """Jump to an aware instant, back or forth."""
        self.at = at.astimezone(UTC)


@pytest.fixture
def clock() -> FakeClock:
    """08:00 on a Monday in the commune."""
    return FakeClock()


@pytest.fixture
def ids(clock: FakeClock) -> Ids:
    """Ids on the fake clock."""
    return Ids(clock.now_ms)


@pytest.fixture
def ring() -> KeyRing:
    """A master key that is the same in every test."""
    return KeyRing(MASTER)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL server of this session; a missing one is a failure."""
    with running_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_pool(postgres_url: str) -> PostgresPool:
    """Migrated databases, each lent to one test at a time."""
    execute(postgres_url, f"CREATE DATABASE {TEMPLATE}")
    in_thread(lambda: migrate(named(postgres_url, TEMPLATE)))
    return PostgresPool(postgres_url)


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite file of this test alone."""
    path = tmp_path / "thanthien.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_database_url(postgres_pool: PostgresPool) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database of this test alone."""
    url = postgres_pool.lend()
    yield url
    postgres_pool.take_back(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each engine in turn."""
    is_sqlite = request.param == "sqlite"
    name = "sqlite_url" if is_sqlite else "postgres_database_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open, migrated database of each engine in turn."""
    opened = open_database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[SqliteDatabase]:
    """An open, migrated embedded database."""
    opened = open_database(sqlite_url)
    assert isinstance(opened, SqliteDatabase)
    yield opened
    await opened.close()


@pytest.fixture
async def postgres_database(postgres_database_url: str) -> AsyncIterator[Database]:
    """An open, migrated PostgreSQL database."""
    opened = open_database(postgres_database_url)
    yield opened
    await opened.close()
