"""Does a killed import leave the old catalogue, and does the next one succeed?"""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from handlers.staff.catalogue.effective import load
from storage.open import open_database
from tests.handlers.staff.catalogue.import_to_kill import bring
from tests.handlers.staff.catalogue.records import UNIT, portal, portal_file
from tests.processes import exit_code

CODES = [f"1.{number:06d}" for number in range(450)]


async def imported(url: str, file: Path, writes: int = 1000) -> int | None:
    """Import in a process of its own; return how it ended."""
    return await asyncio.to_thread(exit_code, bring, url, file, writes)


async def names(url: str) -> set[str]:
    """Return the names in force."""
    database = open_database(url)
    try:
        found = await database.read(lambda c: load(c, UNIT))
        return {procedure.name for procedure in found.all()}
    finally:
        await database.close()


@pytest.mark.kill
@pytest.mark.parametrize("writes", [2, 6])
async def test_kill_in_the_middle(sqlite_url: str, tmp_path: Path, writes: int) -> None:
    """SIGKILL between two writes: the old names stay; a new run brings the new ones."""
    old = portal_file(
        tmp_path, *(portal(c, ten_thu_tuc="Cũ") for c in CODES), name="cu.jsonl"
    )
    new = portal_file(
        tmp_path, *(portal(c, ten_thu_tuc="Mới") for c in CODES), name="moi.jsonl"
    )
    assert await imported(sqlite_url, old) == 0
    assert await imported(sqlite_url, new, writes) == -signal.SIGKILL

    assert await names(sqlite_url) == {"Cũ"}
    assert await imported(sqlite_url, new) == 0
    assert await names(sqlite_url) == {"Mới"}
