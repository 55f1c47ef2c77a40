"""Does a storage url open the right engine, migrated and usable?"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.migrate import current, newest
from storage.open import open_database, sqlite_path
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


async def test_each_engine_opens_at_the_newest_version(database: Database) -> None:
    """A database from the fixture is at the schema version the code expects."""
    assert await database.read(current) == newest()


async def test_the_url_chooses_the_engine(
    sqlite_url: str, postgres_database_url: str
) -> None:
    """A sqlite url opens the embedded engine, a postgresql url the served one."""
    embedded = open_database(sqlite_url)
    served = open_database(postgres_database_url)
    try:
        assert isinstance(embedded, SqliteDatabase)
        assert embedded.is_embedded
        assert isinstance(served, PostgresDatabase)
        assert not served.is_embedded
        assert await served.read(lambda c: c.execute(text("SELECT 7")).scalar()) == 7
    finally:
        await embedded.close()
        await served.close()


def test_a_sqlite_url_names_its_file() -> None:
    """Three slashes make a relative path, four an absolute one."""
    assert sqlite_path("sqlite:///data/a.db") == Path("data/a.db")
    assert sqlite_path("sqlite:////srv/a.db") == Path("/srv/a.db")
