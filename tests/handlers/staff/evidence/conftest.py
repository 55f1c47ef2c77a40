"""A log with days, two keys and a stamp, and its bundle; made once for all tests."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection

from handlers.staff.evidence.bundle import export
from handlers.staff.evidence.live import check
from handlers.staff.evidence.report import Report
from handlers.staff.evidence.trust import Trust
from storage.database import Database
from storage.evidence import checkpoints
from storage.evidence.checkpoints import Stamp
from storage.evidence.notes import Checkpoint
from storage.keys import KeyRing, UnitKeys
from storage.open import open_database
from tests.conftest import MASTER
from tests.storage.evidence.log import (
    AT,
    DAY_MS,
    ORIGIN,
    UNIT,
    Days,
    sequencer,
    write,
)

KEYS = KeyRing(MASTER).unit(UNIT)


@dataclass(frozen=True, slots=True)
class Made:
    """A database file, its bundle, and what was printed of it on the way."""

    path: Path
    bundle: Path
    fingerprint: str
    printed: Checkpoint
    note: str
    size: int


async def fill(database: Database) -> None:
    """Write three days of entries; the key changes on the second."""
    days = Days()
    log = sequencer(database, days)
    for number, (begin, end) in enumerate(((0, 40), (40, 300), (300, 330))):
        await write(database, begin, end)
        await log.run()
        if number == 1:
            await log.rotate()
        days.ms += DAY_MS
    stamp = Stamp(40, b"\x30\x03answer", AT)
    await database.write(lambda c: checkpoints.stamp(c, UNIT, stamp, KEYS))


@pytest.fixture(scope="session")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The log, untouched."""
    folder = tmp_path_factory.mktemp("evidence")
    path = folder / "log.db"
    shutil.copy(sqlite_template, path)
    return asyncio.run(_made(path, folder / "bundle"))


async def _made(path: Path, bundle: Path) -> Made:
    database = open_database(f"sqlite:///{path}")
    await fill(database)

    def read(connection: Connection) -> Made:
        export(connection, UNIT, KEYS, bundle)
        kept = checkpoints.all_of(connection, UNIT)
        key = checkpoints.keys(connection, UNIT)[0].key(ORIGIN)
        printed, note = kept[-1].read()[0], kept[-1].note
        return Made(path, bundle, key.fingerprint, printed, note, 330)

    found = await database.read(read)
    await database.close()
    return found


def checked(path: Path, trust: Trust | None = None, keys: UnitKeys = KEYS) -> Report:
    """Check a database file as the command does."""

    async def work() -> Report:
        database = open_database(f"sqlite:///{path}", exclusive=False)
        try:
            return await database.read(lambda c: check(c, UNIT, keys, trust or Trust()))
        finally:
            await database.close()

    return asyncio.run(work())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
