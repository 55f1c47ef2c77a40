"""Do the processes of a city, each with its part, answer together?"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.sandbox.webhook import zalo_event
from tests.bot.kill_harness import (
    QUESTIONS,
    Rig,
    accepted_by_platforms,
    answers,
    free_port,
    spawn,
)

pytestmark = pytest.mark.postgres
PEOPLE = 4


@dataclass(slots=True)
class City(Rig):
    """One door, two workers and a clock on one PostgreSQL."""

    url: str = ""
    others: list[asyncio.subprocess.Process] = field(default_factory=list)

    def _config(self) -> dict[str, Any]:
        return Rig._config(self) | {"storage": {"url": self.url}}

    async def start(self) -> None:
        """Start every process; the door last, so that work meets waiting workers."""
        config = ("--config", str(self.config_path))
        for part in ("worker", "worker", "scheduler"):
            process = await spawn("bot", part, *config, output=asyncio.subprocess.PIPE)
            self.others.append(process)
        self.service = await spawn("bot", "web", *config)
        await answers(f"{self.service_url}/readyz")
        for process in self.others:
            await _runs(process)

    async def end(self) -> list[int]:
        """Ask every process to end; return their exit codes."""
        assert self.service is not None
        running = [*self.others, self.service]
        for process in running:
            process.send_signal(signal.SIGTERM)
        return [await process.wait() for process in running]


async def _runs(process: asyncio.subprocess.Process) -> None:
    """Wait until a process says that it runs; until then a signal just kills it."""
    assert process.stdout is not None
    line = b""
    while "đã chạy".encode() not in line:
        line = await process.stdout.readline()
        assert line, "ended before it ran"


@pytest.fixture
async def city(tmp_path: Path, postgres_database_url: str) -> AsyncIterator[City]:
    """The processes, running."""
    found = City(tmp_path, free_port(), free_port(), url=postgres_database_url)
    try:
        await found.start_sandbox()
        await found.prepare()
        await found.start()
        yield found
    finally:
        for process in found.others:
            if process.returncode is None:
                process.kill()
        await found.close()


async def test_what_one_takes_in_another_answers(city: City) -> None:
    """Each message is answered once, and every process ends when it is asked to."""
    async with aiohttp.ClientSession() as session:
        for number in range(PEOPLE):
            user = str(9_007_199_254_740_993 + number)
            words = QUESTIONS[number]
            request = zalo_event(city.platforms(), user, words, message_id=f"c{number}")
            async with session.post(
                city.service_url + request.path,
                data=request.body,
                headers=request.headers,
            ) as response:
                assert response.status == 200

    told: set[str] = set()
    while len(told) < PEOPLE:
        told = {sent["user_id"] for sent in await accepted_by_platforms(city)}
        await asyncio.sleep(0.1)

    assert await city.end() == [0, 0, 0, 0]


async def test_an_embedded_database_is_not_shared(tmp_path: Path) -> None:
    """A worker beside ``run`` on SQLite is refused with a sentence, not started."""
    rig = Rig(tmp_path, free_port(), free_port())
    await rig.prepare()
    for part in ("web", "worker"):
        process = await spawn("bot", part, "--config", str(rig.config_path))
        assert await process.wait() == 1
