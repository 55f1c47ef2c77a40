"""Does a killed import leave the old catalogue, and does the next one succeed?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from handlers.staff.catalogue.effective import load
from storage.open import open_database
from tests.handlers.staff.catalogue.records import UNIT, portal, portal_file

ROOT = Path(__file__).resolve().parents[4]
CODES = [f"1.{number:06d}" for number in range(450)]


def start(url: str, file: Path, writes: int) -> subprocess.Popen[str]:
    """Start an import that waits before that many writes."""
    return subprocess.Popen(
        [sys.executable, "-m", f"{__package__}.import_to_kill", url, file, str(writes)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


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
    with start(sqlite_url, old, 1000) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "done\n"
    with start(sqlite_url, new, writes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.kill()

    assert await names(sqlite_url) == {"Cũ"}
    with start(sqlite_url, new, 1000) as again:
        assert again.wait(60) == 0
    assert await names(sqlite_url) == {"Mới"}
