"""One demonstration for all days: the process, its address, the one-time links."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.bot.kill_harness import free_port

LINK = re.compile(r"\(([^)]+)\), vào một lần: (\S+)")
PATIENCE = 60.0
ENOUGH = 7


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demonstration; ``links`` is the way in of each made-up person."""

    base: str
    links: dict[str, str]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Start ``thanthien demo`` on an empty folder, stop it kindly."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    words = folder / "said.txt"
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port)]
    with words.open("w") as out:
        process = subprocess.Popen(
            [*command, "--folder", str(folder / "data")],
            stdout=out,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )
    base = f"http://127.0.0.1:{port}"
    try:
        yield Demo(base, _links(words, process))
    finally:
        process.terminate()
        assert process.wait(20) == 0


def _links(words: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    """Wait until every link is printed."""
    limit = time.monotonic() + PATIENCE
    while time.monotonic() < limit and process.poll() is None:
        found = dict(LINK.findall(words.read_text()))
        if len(found) >= ENOUGH:
            return found
        time.sleep(0.05)
    raise AssertionError(words.read_text())
