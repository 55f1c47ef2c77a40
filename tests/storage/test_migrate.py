"""Do the migrations make exactly the schema the code expects, whole or not at all?"""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, UniqueConstraint, inspect, text

from storage import migrate as migration
from storage import schema
from storage.database import Database
from storage.migrate import current, migrate, newest
from storage.sqlite import SqliteDatabase
from storage.tables import metadata
from tests.postgres_server import execute, in_thread

TABLES = metadata.sorted_tables


async def test_migrations_and_tables_agree(database: Database) -> None:
    """Alembic finds nothing to add, drop or change, types and defaults included."""

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        return list(compare_metadata(context, metadata))

    assert await database.read(differences) == []


async def test_partial_indexes_are_partial(database: Database) -> None:
    """Every index with a condition in the code has one in the database."""

    def conditions(connection: Connection) -> set[str]:
        found = inspect(connection)
        name = connection.dialect.name
        return {
            str(index["name"])
            for table in TABLES
            for index in found.get_indexes(table.name)
            if index.get("dialect_options", {}).get(f"{name}_where") is not None
        }

    def wanted(connection: Connection) -> set[str]:
        name = connection.dialect.name
        return {
            str(index.name)
            for table in TABLES
            for index in table.indexes
            if index.dialect_options[name]["where"] is not None
        }

    expected = await database.read(wanted)
    assert len(expected) >= 4
    assert expected == await database.read(conditions)


async def test_migrating_again_changes_nothing(
    database: Database, database_url: str
) -> None:
    """The second run keeps version and rows, and needs no quiet database."""
    sql = text(
        "INSERT INTO day_key (unit_id, day, wrapped_key, created_at)"
        " VALUES ('u', 'd', :key, 1)"
    )
    await database.write(lambda c: c.execute(sql, {"key": b"k"}))
    in_thread(lambda: migrate(database_url))

    assert await database.read(current) == newest()
    query = text("SELECT count(*) FROM day_key")
    assert await database.read(lambda c: c.execute(query).scalar()) == 1


def test_a_migration_makes_folder_and_file(tmp_path: Path) -> None:
    """A first start needs nothing but a place."""
    path = tmp_path / "data" / "deep" / "a.db"
    migrate(f"sqlite:///{path}")

    with sqlite3.connect(path) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version")
        assert version.fetchone() == (newest(),)
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert mode == ("wal",)


def test_a_migration_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    """A crash in the middle leaves no half of a schema behind; the next run works."""
    path = tmp_path / "a.db"
    blocker = sqlite3.connect(path)
    blocker.execute("CREATE TABLE vault_item (x)")
    blocker.close()
    with pytest.raises(Exception, match="already exists"):
        migrate(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        names = connection.execute("SELECT name FROM sqlite_master").fetchall()
        connection.execute("DROP TABLE vault_item")
    connection.close()

    assert names == [("vault_item",)]
    migrate(f"sqlite:///{path}")


async def test_an_empty_file_has_no_version(tmp_path: Path) -> None:
    """A database nobody migrated says so instead of guessing."""
    database = SqliteDatabase(tmp_path / "a.db")
    try:
        assert await database.read(current) is None
    finally:
        await database.close()


@pytest.mark.postgres
def test_nodes_that_migrate_at_once_wait_for_each_other(postgres_url: str) -> None:
    """Three nodes migrate one empty database at the same moment without a fault."""
    name = "migrated_by_three"
    url = postgres_url.rsplit("/", 1)[0] + f"/{name}"
    execute(postgres_url, f"CREATE DATABASE {name}")
    try:
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(migrate, [url] * 3)) == [None] * 3
    finally:
        execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_the_commune_leads_every_key(table: Table) -> None:
    """Primary keys and unique constraints begin with unit_id, so communes shard."""
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys = [list(table.primary_key.columns), *(list(c.columns) for c in unique)]
    keys += [list(index.columns) for index in table.indexes if index.unique]

    assert [key[0].name for key in keys] == ["unit_id"] * len(keys)


def test_there_is_one_line_of_versions() -> None:
    """Every migration follows one other; the newest is the only head."""
    scripts = ScriptDirectory.from_config(migration._config())

    assert scripts.get_heads() == [newest()]


def test_the_start_asks_for_the_newest_version() -> None:
    """The version that the service checks at its start is the newest migration."""
    assert newest() == schema.VERSION
