"""How does the schema come to its newest version? Alembic, without an ini file."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.open import SQLITE, sqlite_path
from storage.postgres import postgres_engine
from storage.schema import current
from storage.sqlite import sqlite_engine

__all__ = ["current", "migrate", "newest"]
SCRIPTS = Path(__file__).parent / "migrations"
LOCK = "SELECT pg_advisory_xact_lock(7234914610442)"
"""Two nodes that migrate at once go one after the other; the number is arbitrary."""


def migrate(url: str) -> None:
    """Bring the database to the newest version; does nothing when it is there."""
    if url.startswith(SQLITE):
        path = sqlite_path(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        _migrate_sqlite(path)
    else:
        asyncio.run(_migrate_postgres(url))


def newest() -> str | None:
    """Return the version this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _migrate_sqlite(path: Path) -> None:
    """All or nothing: the driver itself would commit each CREATE TABLE alone."""
    engine = sqlite_engine(path)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                _upgrade(connection)
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
    finally:
        engine.dispose()


async def _migrate_postgres(url: str) -> None:
    engine = postgres_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.exec_driver_sql(LOCK)
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config
