"""Is what was promised still there after SIGKILL, and nothing by halves?"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from storage.open import open_database
from storage.tables import notice, security_event

CHILD = "tests.storage.writer_to_kill"
ROOT = Path(__file__).parents[2]


def promised_before_kill(url: str, lines: int) -> set[int]:
    """Run the child, kill it after so many promises; return all it made."""
    with subprocess.Popen(
        [sys.executable, "-m", CHILD, url], stdout=subprocess.PIPE, cwd=ROOT
    ) as child:
        assert child.stdout is not None
        read = [child.stdout.readline() for _ in range(lines)]
        child.kill()
        read += child.stdout.readlines()
    # The last line may be cut in the middle of its digits.
    return {int(line) for line in read if line.endswith(b"\n")}


def pairs(connection: Connection) -> tuple[set[int], set[int]]:
    """Return the numbers of both halves."""
    first = connection.execute(select(notice.c.subject)).scalars()
    second = connection.execute(select(security_event.c.hour)).scalars()
    return {int(x) for x in first}, {int(x) for x in second}


@pytest.mark.kill
async def test_a_promise_outlives_the_process(database_url: str) -> None:
    """Every row reported as written is there, and each pair is whole or absent."""
    promised: set[int] = set()
    for _ in range(2):
        lines = random.randint(1, 400)  # noqa: S311  any moment will do
        fresh = promised_before_kill(database_url, lines)
        assert len(fresh) >= lines
        promised |= fresh
        database = open_database(database_url)
        first, second = await database.read(pairs)

        assert first == second
        assert promised <= first
        await database.write(_forget)
        promised.clear()
        await database.close()


def _forget(connection: Connection) -> None:
    connection.execute(notice.delete())
    connection.execute(security_event.delete())
