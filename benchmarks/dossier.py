"""How long does the dossier of a year take, and are its bytes the same again?

``.venv/bin/python -m benchmarks.dossier [INTERACTIONS] [PEOPLE]``: a year written in
bulk into a temporary folder (SQLite FULL), then the dossier built twice, each in a
process of its own, and checked by the stand-alone file.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from handlers.staff.dossier.build import STEPS, Ask, Unit, build
from handlers.staff.dossier.pack import pack
from handlers.staff.dossier.point import at_instant
from handlers.staff.letters.room import LetterRoom
from handlers.staff.people.desk import Desk
from messages.criteria.load import shipped
from messages.letters import kinds
from messages.letters.office import Office
from storage import dossier
from storage.database import Database
from storage.file_folder import FileFolder
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from storage.vault import Vault
from tests.conftest import MASTER
from tests.handlers.staff.dossier.year import Year

UNIT = "thanh-ha"
KEYS = KeyRing(MASTER).unit(UNIT)
FIRST, DAYS = date(2025, 12, 1), 365
ASK = Ask(FIRST, date(2026, 11, 30))


async def main(interactions: int, people: int) -> None:
    """Run everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'a.db'}"
        await asyncio.to_thread(migrate, url)
        database = open_database(url)
        year = Year(database, UNIT, KEYS, FIRST, DAYS, interactions, people)
        start = time.perf_counter()
        await year.write()
        await database.write(lambda c: dossier.keep_newest(c, UNIT, KEYS))
        print(f"written: {time.perf_counter() - start:.1f} s")
        await database.close()
        for number in (1, 2):
            told = (url, folder, year.at, number)
            child = multiprocessing.get_context("spawn").Process(target=run, args=told)
            child.start()
            await asyncio.to_thread(child.join)
        await asyncio.to_thread(verified, folder)


def run(url: str, folder: Path, at: int, number: int) -> None:
    """Build in a process of its own, as the service does: its memory is its own."""

    async def work() -> None:
        database = open_database(url)
        await built(database, folder, at, number)
        await database.close()

    asyncio.run(work())


async def built(database: Database, folder: Path, at: int, number: int) -> None:
    """Build once, and say what took how long."""
    vault, files = Vault(UNIT, KEYS), FileFolder(folder / "files")
    desk = Desk(database, UNIT, KEYS, Ids(lambda: at), lambda: at)
    letters = LetterRoom(desk, vault, kinds.shipped(), Office("xã Thanh Hà"))
    unit = Unit(UNIT, "xã Thanh Hà", "", vault, files, shipped(), letters)
    marks: dict[str, float] = {}
    start = time.perf_counter()

    def progress(step: str, _done: int, _total: int) -> None:
        marks[step] = time.perf_counter() - start

    def work(connection: Connection) -> int:
        made = build(connection, unit, ASK, at_instant(connection, UNIT, at), progress)
        with (folder / f"{number}.zip").open("wb") as out:
            pack(connection, unit, made, out, progress)
        return made.entries

    entries = await database.read(work)
    path = folder / f"{number}.zip"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    steps = ", ".join(f"{STEPS[name]} {took:.1f}" for name, took in marks.items())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    size = path.stat().st_size / 1e6
    print(f"built: {time.perf_counter() - start:.1f} s ({steps})")
    print(f"  {entries} entries, {size:.1f} MB, {memory} MiB, sha256 {digest}")


def verified(folder: Path) -> None:
    """Let the stand-alone file look at it."""
    with zipfile.ZipFile(folder / "1.zip") as archive:
        archive.extractall(folder / "out")
    start = time.perf_counter()
    command = [sys.executable, "-I", "-S", str(folder / "out" / "verify_dossier.py")]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    print(f"verify_dossier.py: {time.perf_counter() - start:.1f} s")
    print(done.stdout)


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:]]
    asyncio.run(main(*(given + [100_000, 5_000][len(given) :])))
