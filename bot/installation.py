"""What does every process and command share? Config, database, keys, clock, ids."""

from __future__ import annotations

import errno
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock, SystemClock
from bot.config import Config, load_config
from bot.errors import (
    DatabaseBusyError,
    DatabaseError,
    FolderError,
    KeysMissingError,
    SchemaOutdatedError,
)
from storage import backup_erased, keys
from storage.database import Database
from storage.errors import AlreadyRunningError, KeyFileError, StorageError
from storage.ids import Ids
from storage.keys import KeyRing, create_key_file
from storage.open import SQLITE, open_database, sqlite_path
from storage.schema import VERSION, current

KEYS_IN = "THAN_THIEN_KEYS"
"""The environment variable that may hold the keys instead of a file."""


@dataclass(frozen=True, slots=True)
class Installation:
    """An opened installation."""

    config: Config
    database: Database
    ring: KeyRing
    clock: Clock
    ids: Ids

    @property
    def spool_folder(self) -> Path:
        """Where acknowledged webhooks wait while the database is away."""
        return spool_folder(self.config)

    @property
    def files_folder(self) -> Path:
        """Where the sealed files of citizens lie."""
        return files_folder(self.config)


def data_folder(config: Config) -> Path:
    """The folder beside the database file; the working folder on PostgreSQL."""
    url = config.storage.url
    return sqlite_path(url).parent if url.startswith(SQLITE) else Path.cwd()


def key_file(config: Config) -> Path:
    """The vault key file."""
    named = config.storage.key_file
    return Path(named) if named else data_folder(config) / "keys" / "vault.key"


def spool_folder(config: Config) -> Path:
    """The spool folder."""
    named = config.storage.spool
    return Path(named) if named else data_folder(config) / "spool"


def files_folder(config: Config) -> Path:
    """The folder of received files."""
    named = config.storage.files
    return Path(named) if named else data_folder(config) / "files"


def erased_list(config: Config) -> Path:
    """The list of erased people (random ids), for the day a backup comes back."""
    return files_folder(config).parent / backup_erased.NAME


def prepare(config: Config) -> bool:
    """Make folder, keys and schema; returns True when the keys are new.

    Raises FolderError, KeysMissingError, DatabaseError.
    """
    from storage.migrate import migrate  # noqa: PLC0415  only migrate needs Alembic

    try:
        data_folder(config).mkdir(parents=True, exist_ok=True)
        is_new = _make_keys(config)
        migrate(config.storage.url)
    except OSError as error:
        raise _folder_or_database(error, config) from error
    except (SQLAlchemyError, StorageError) as error:
        raise _database_error(error, config) from error
    return is_new


@asynccontextmanager
async def open_installation(
    config: Config, *, exclusive: bool = False, clock: Clock | None = None
) -> AsyncIterator[Installation]:
    """Open an installation that ``prepare`` made; ``exclusive`` for the service."""
    ring = read_ring(config)
    clock = clock or SystemClock()
    url = config.storage.url
    if url.startswith(SQLITE) and not sqlite_path(url).exists():
        raise SchemaOutdatedError("Chưa có cơ sở dữ liệu.")
    try:
        database = open_database(url, exclusive=exclusive)
    except AlreadyRunningError as error:
        raise DatabaseBusyError from error
    except OSError as error:
        raise _folder_or_database(error, config) from error
    try:
        await _check_schema(database)
        yield Installation(config, database, ring, clock, Ids(clock.now_ms))
    finally:
        await database.close()


def read_ring(config: Config, *, from_file: bool = False) -> KeyRing:
    """Read the keys: the environment before the file; raises KeysMissingError."""
    try:
        text = "" if from_file else os.environ.get(KEYS_IN, "")
        return keys.read_ring(key_file(config), text)
    except KeyFileError as error:
        raise KeysMissingError from error


def load(path: Path) -> Config:
    """Read the configuration file."""
    return load_config(path)


async def _check_schema(database: Database) -> None:
    try:
        version = await database.read(current)
    except StorageError as error:
        raise DatabaseError from error
    if version != VERSION:
        raise SchemaOutdatedError


def _make_keys(config: Config) -> bool:
    path = key_file(config)
    if path.exists() or os.environ.get(KEYS_IN):
        read_ring(config)
        return False
    create_key_file(path)
    return True


def _folder_or_database(error: OSError, config: Config) -> Exception:
    denied = (errno.EACCES, errno.EROFS, errno.EPERM, errno.ENOTDIR, errno.ENOENT)
    if config.storage.url.startswith(SQLITE) or error.errno in denied:
        folder = data_folder(config)
        reason = os.strerror(error.errno) if error.errno else ""
        return FolderError(f"Thư mục {folder} không ghi được ({reason}).")
    return DatabaseError()


def _database_error(error: Exception, config: Config) -> Exception:
    if config.storage.url.startswith(SQLITE):
        folder = data_folder(config)
        if not os.access(folder, os.W_OK):
            return FolderError(f"Thư mục {folder} không ghi được.")
    return DatabaseError(f"Chưa mở được cơ sở dữ liệu ({type(error).__name__}).")
