"""How is the database of a storage url opened, and is its schema ours?"""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.sqlite import SqliteDatabase

SQLITE = "sqlite:///"


def sqlite_path(url: str) -> Path:
    """Return the file of a sqlite url (``sqlite:///relative`` or ``sqlite:////abs``)."""
    return Path(url.removeprefix(SQLITE))


def open_database(url: str, *, exclusive: bool = True) -> Database:
    """Open SQLite or PostgreSQL; raises AlreadyRunningError, StorageError."""
    if url.startswith(SQLITE):
        return SqliteDatabase(sqlite_path(url), exclusive=exclusive)
    from storage.postgres import PostgresDatabase  # noqa: PLC0415  20 MB and half a second an embedded commune does not need

    return PostgresDatabase(url)
