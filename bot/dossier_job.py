"""How is a dossier built beside the service? In a process of its own.

The bot keeps answering meanwhile, and the job's row says how far it is. What comes out
is sealed like the papers, and is kept for a day: it can be made again at any time. A
process that dies leaves a failed job.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import tempfile
from datetime import date
from typing import BinaryIO, Final

import structlog

from bot import installation
from bot.config import Config
from bot.dossier_room import make, unit_of
from bot.dossier_sweep import sweep
from bot.installation import Installation
from handlers.staff.dossier.build import READ, Ask, Built
from handlers.staff.dossier.point import at_instant
from storage import dossier
from storage.file_folder import FileFolder
from storage.vault import PersonVault

ROUND_SECONDS: Final = 0.5
PIECE: Final = 1 << 20

log = structlog.get_logger("dossier")
_under_way: set[asyncio.Task[None]] = set()


def begin(house: Installation, unit_id: str, job_id: str) -> asyncio.Task[None]:
    """Build a job that is written down; the task ends with it."""
    task = asyncio.create_task(_watch(house, unit_id, job_id), name=f"dossier {job_id}")
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)
    return task


async def all_done() -> None:
    """Wait for every dossier that this process began."""
    await asyncio.gather(*_under_way)


async def _watch(house: Installation, unit_id: str, job_id: str) -> None:
    """Start the process and see it end."""
    context = multiprocessing.get_context("spawn")
    told = (house.config, unit_id, job_id)
    process = context.Process(target=in_process, args=told, daemon=True)
    await asyncio.to_thread(process.start)
    try:
        while process.is_alive():  # noqa: ASYNC110  another process sets no event
            await asyncio.sleep(ROUND_SECONDS)
    except asyncio.CancelledError:
        process.terminate()
        raise
    await sweep(house, unit_id)  # who was erased meanwhile is in it still
    if process.exitcode:
        log.error("dossier_failed", unit=unit_id, job=job_id, exit=process.exitcode)
        now = house.clock.now_ms()
        await house.database.write(
            lambda c: dossier.move_job(
                c, unit_id, job_id, state=dossier.FAILED, updated_at=now
            )
        )


def in_process(config: Config, unit_id: str, job_id: str) -> None:
    """Build in this process; it exits with another code than 0 when it fails."""
    asyncio.run(_build(config, unit_id, job_id))


async def _build(config: Config, unit_id: str, job_id: str) -> None:
    async with installation.open_installation(config) as house:
        row = await house.database.read(lambda c: dossier.job(c, unit_id, job_id))
        if row is None or row["as_of"] is None:
            return
        ask = Ask(
            date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
        )
        point = await house.database.read(
            lambda c: at_instant(c, unit_id, row["as_of"])
        )
        told = _Told(house, unit_id, job_id)
        telling = asyncio.create_task(told.run())
        try:
            with tempfile.TemporaryFile() as out:
                unit = unit_of(house, unit_id)
                built = await make(house, unit, ask, point, out, told)
                name, size = await _sealed(house, unit_id, job_id, out)
        finally:
            telling.cancel()
        there = {"file_mac": name, "size": size, "summary": _summary(built)}
        await told.write(state=dossier.DONE, done=1, total=1, **there)


class _Told:
    """Takes the progress from the thread that builds, and writes it now and then."""

    def __init__(self, house: Installation, unit_id: str, job_id: str) -> None:
        self._house, self._unit_id, self._job_id = house, unit_id, job_id
        self._now = (READ, 0, 0)

    def __call__(self, step: str, done: int, total: int) -> None:
        self._now = (step, done, total)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            step, done, total = self._now
            await self.write(state=dossier.RUNNING, step=step, done=done, total=total)
            await asyncio.sleep(ROUND_SECONDS)

    async def write(self, **values: object) -> None:
        """Write something about the job."""
        now = self._house.clock.now_ms()
        await self._house.database.write(
            lambda c: dossier.move_job(
                c, self._unit_id, self._job_id, updated_at=now, **values
            )
        )


async def _sealed(
    house: Installation, unit_id: str, job_id: str, out: BinaryIO
) -> tuple[str, int]:
    """Put what was built among the sealed files; return name and size."""
    keys = house.ring.unit(unit_id)
    now = house.clock.now_ms()
    await house.database.write(lambda c: dossier.ensure_key(c, unit_id, keys, now))
    vault = await house.database.read(lambda c: dossier.vault(c, unit_id, keys))
    assert vault is not None  # noqa: S101  it was just made
    name = keys.mac("dossier-zip", job_id)
    folder = FileFolder(house.files_folder)
    size = await asyncio.to_thread(_copied, folder, vault, name, out)
    return name, size


def _copied(folder: FileFolder, vault: PersonVault, name: str, out: BinaryIO) -> int:
    draft = folder.draft()
    try:
        out.seek(0)
        while piece := out.read(PIECE):
            draft.write(piece)
        draft.finish(vault, name)
        folder.publish(draft, vault.unit_id, name)
        return draft.size
    finally:
        draft.drop()


def _summary(built: Built) -> bytes:
    """What the pages show of each row until the next dossier: codes and our words."""
    told = {
        one.criterion.id: {
            "state": one.state.value,
            "found": [f"{part.title}: {part.told}" for part in one.found],
            "lacks": one.lacks,
            "todo": one.todo,
            "evidence": len(one.evidence),
        }
        for one in built.sections
        if one.criterion.is_scored
    }
    return json.dumps(told, ensure_ascii=False).encode()
