"""How fast is the evidence log, and does it find every change?

``.venv/bin/python -m benchmarks.evidence [ENTRIES] [CHANGES]``: a log of its own in a
temporary folder on SQLite FULL; then random single changes to database and bundle.
"""

from __future__ import annotations

import asyncio
import itertools
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from handlers.staff.evidence.bundle import export
from handlers.staff.evidence.live import check
from handlers.staff.evidence.prove import prove
from handlers.staff.evidence.trust import Trust
from handlers.staff.evidence.verify_evidence import Bundle
from storage import evidence
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from tests.conftest import MASTER
from tests.handlers.staff.evidence.conftest import checked, fill
from tests.handlers.staff.evidence.tamper import copies, in_bundle, in_database
from tests.storage.evidence.log import UNIT, entry, sequencer
from tests.storage.people import Citizen, settle

KEYS = KeyRing(MASTER).unit(UNIT)
A_TRANSACTION = 50
PROOFS = 500
CITIZENS, APPENDERS, MESSAGES_A_SECOND = 4, 8, 50
BESIDE_SECONDS = 10.0


async def main(entries: int, changes: int) -> None:
    """Run everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        await speed(folder, entries)
        if changes:
            await tampering(folder, changes)


async def speed(folder: Path, entries: int) -> None:
    """Write, order, check and hand out a log of a size."""
    path = folder / "large.db"
    await asyncio.to_thread(migrate, f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    await _fill(database, entries)
    start, cpu = time.perf_counter(), time.process_time()
    report = await database.read(lambda c: check(c, UNIT, KEYS, Trust()))
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert report.is_ok, report.faults
    print(f"verify, live: {took:.1f} s, CPU {cpu:.1f} s for {report.entries}")
    await _proofs(database, entries)
    await _beside(database, entries)
    start = time.perf_counter()
    await database.read(lambda c: export(c, UNIT, KEYS, folder / "large"))
    print(f"export: {time.perf_counter() - start:.1f} s")
    await database.close()
    start = time.perf_counter()
    script = folder / "large" / "verify_evidence.py"
    command = [sys.executable, "-I", "-S", str(script)]
    done = await asyncio.to_thread(subprocess.run, command, check=False)
    took = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"verify_evidence.py: {took:.1f} s, exit {done.returncode}, {memory} MiB")


async def _fill(database: Database, entries: int) -> None:
    rows = [entry(number).row() for number in range(min(entries, 100_000))]
    start = time.perf_counter()
    for at in range(0, len(rows), A_TRANSACTION):
        part = rows[at : at + A_TRANSACTION]
        await database.write(lambda c, part=part: evidence.append(c, part))  # type: ignore[misc]
    rate = len(rows) / (time.perf_counter() - start)
    print(f"append, {A_TRANSACTION} a durable transaction: {rate:,.0f} entries/s")
    for begin in range(len(rows), entries, 5_000):
        more = [entry(n).row() for n in range(begin, min(begin + 5_000, entries))]
        await database.write(lambda c, part=more: evidence.append(c, part))  # type: ignore[misc]
    start = time.perf_counter()
    await sequencer(database).integrate()
    took = time.perf_counter() - start
    start = time.perf_counter()
    await sequencer(database).publish()
    sign = (time.perf_counter() - start) * 1000
    print(f"order: {entries / took:,.0f} entries/s; root and signature: {sign:.1f} ms")


async def _proofs(database: Database, entries: int) -> None:
    chance = random.Random(1)
    names = [entry(chance.randrange(entries)).entry_id for _ in range(PROOFS)]
    walls, cpus = [], []
    for name in names:
        start, cpu = time.perf_counter(), time.process_time()
        await database.read(lambda c, name=name: prove(c, UNIT, name))  # type: ignore[misc]
        walls.append((time.perf_counter() - start) * 1000)
        cpus.append((time.process_time() - cpu) * 1000)
    for what, took in (("wall", sorted(walls)), ("CPU", sorted(cpus))):
        half, most = took[PROOFS // 2], took[-5]
        print(f"inclusion proof, {what}: p50 {half:.2f} ms, p99 {most:.2f} ms")


async def _beside(database: Database, entries: int) -> None:
    """Append while citizens write: each of their transactions is a whole message."""
    ring, now = KeyRing(MASTER), itertools.count(1_800_000_000_000)
    ids, stop = Ids(lambda: next(now)), time.perf_counter() + BESIDE_SECONDS
    counts = {"messages": 0, "entries": 0, "ordered": 0}

    async def citizens(number: int) -> None:
        while time.perf_counter() < stop:
            counts["messages"] += 1
            name = f"{number}-{counts['messages']}"
            who = Citizen(f"b{name}", f"88{name}", f"Người {name}", "đèn đường hỏng")
            await database.write(lambda c, who=who: settle(c, ring, ids, who))  # type: ignore[misc]
            await asyncio.sleep(CITIZENS / MESSAGES_A_SECOND)

    async def appends() -> None:
        while time.perf_counter() < stop:
            begin = entries + counts["entries"]
            counts["entries"] += A_TRANSACTION
            rows = [entry(begin + at).row() for at in range(A_TRANSACTION)]
            await database.write(lambda c, rows=rows: evidence.append(c, rows))  # type: ignore[misc]

    async def orders() -> None:
        while time.perf_counter() < stop:
            counts["ordered"] += await sequencer(database).integrate()
            await asyncio.sleep(0.5)

    start, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(
        orders(),
        *(appends() for _ in range(APPENDERS)),
        *(citizens(n) for n in range(CITIZENS)),
    )
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    rates = {name: f"{number / took:,.0f}/s" for name, number in counts.items()}
    print(f"append beside the bot's work: {rates}, CPU {cpu / took:.0%} of a core")
    await sequencer(database).run()


async def tampering(folder: Path, changes: int) -> None:
    """Change one thing at a time; everything must be found, and named."""
    path, bundle = folder / "log.db", folder / "bundle"
    await asyncio.to_thread(migrate, f"sqlite:///{path}")
    database = open_database(f"sqlite:///{path}")
    await fill(database)
    await database.read(lambda c: export(c, UNIT, KEYS, bundle))
    await database.close()
    missed = await asyncio.to_thread(_missed, path, bundle, folder, changes)
    print(f"tampering: {changes} changes, {len(missed)} missed {missed}")


def _missed(path: Path, bundle: Path, folder: Path, changes: int) -> list[str]:
    chance, missed = random.Random(20261125), []
    files = copies(path, folder / "copy.db")
    folders = copies(bundle, folder / "copy")
    for number in range(changes):
        if number % 2:
            change = in_bundle(next(folders), chance)
            change.do()
            found = Bundle(folder / "copy")
            found.check()
            faults = found.faults
        else:
            change = in_database(next(files), chance)
            change.do()
            faults = checked(folder / "copy.db").faults
        if not any(faults):
            missed.append(change.name)
    return missed


if __name__ == "__main__":
    asyncio.run(
        main(
            int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000,
            int(sys.argv[2]) if len(sys.argv) > 2 else 1_000,
        )
    )
