"""Does the command show what the clock did, and take decisions about the missed?"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import fires
from storage.fires import Fire, FireState
from storage.open import open_database
from tests.bot.cli.conftest import Office
from tests.postgres_server import in_thread

UNIT = "thanh-ha"
MISSED = Fire(UNIT, "letters", "2026-11-24T01:00Z")


@pytest.fixture
def missed(office: Office) -> Office:
    """A prepared folder in which a fire waits for a person."""
    office.prepare()

    async def work() -> None:
        database = open_database(f"sqlite:///{office.folder / 'data' / 'a.db'}")
        await database.write(lambda c: fires.note(c, MISSED, FireState.ASKED, 1, 5))
        await database.close()

    in_thread(lambda: asyncio.run(work()))
    return office


def test_what_was_missed_is_listed_and_decided(missed: Office) -> None:
    """Listed in words and as JSON; decided once, a second time is refused."""
    code, out, _ = missed.run("scheduler", "fires", "--state", "asked")
    assert (code, "letters: bị lỡ, chờ quyết định" in out) == (0, True)
    code, out, _ = missed.run("scheduler", "fires", "--json")
    assert [one["occurrence"] for one in json.loads(out)] == [MISSED.occurrence]

    decide = ("scheduler", "decide", "letters", MISSED.occurrence, "--skip")
    assert missed.run(*decide)[0] == 0
    code, _, err = missed.run(*decide)
    assert (code, "Gợi ý" in err) == (1, True)


def test_an_audit_of_an_empty_commune_is_clean(missed: Office) -> None:
    """Exit 0 when everything due ran."""
    code, out, _ = missed.run("scheduler", "audit", "--json")

    assert code == 0
    assert json.loads(out) == {"clean": True, "late": 0, "unplanned": 0, "untold": 0}


def test_the_clock_alone_starts_and_stops(missed: Office) -> None:
    """It says that it runs, does its first sweep, and ends at SIGTERM with 0."""
    command = [sys.executable, "-m", "bot", "scheduler", "--config", str(missed.path)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as child:
        assert child.stdout is not None
        assert "đã chạy" in child.stdout.readline().decode()
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
