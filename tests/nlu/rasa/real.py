"""How is a real Rasa trained, started and ended? Used by its tests and benchmark."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import aiohttp
import psutil

from nlu.rasa.export import Project

MODEL = "nlu"
TRAIN_SECONDS = 5400
START_SECONDS = 180
_OK = 200
# Training takes minutes: whoever works on this machine goes first.
_NICE = ("nice", "-n", "10")
_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
}


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers; ``start_seconds`` from the command to the first answer."""

    url: str
    start_seconds: float
    process: asyncio.subprocess.Process

    @property
    def memory_mib(self) -> float:
        """What its processes hold in memory now, in MiB."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        return float(sum(p.memory_info().rss for p in family)) / 2**20

    async def kill(self) -> None:
        """SIGKILL: the server is gone without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()


class RealRasa:
    """An installed Rasa; ``home`` is its environment (see .ci/rasa)."""

    def __init__(self, home: Path) -> None:
        self._command = home / "bin" / "rasa"

    async def train(self, made: Project, folder: Path) -> float:
        """Write the project into a folder and train it; return the seconds."""
        for name, text in made.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        start = perf_counter()
        process = await self._spawn(folder, "train.log", *self._training())
        async with asyncio.timeout(TRAIN_SECONDS):
            code = await process.wait()
        assert code == 0, (folder / "train.log").read_text("utf-8")[-2000:]
        return perf_counter() - start

    @asynccontextmanager
    async def serve(self, folder: Path) -> AsyncIterator[Running]:
        """Start the trained model on the loopback address; ended at the end."""
        port = _free_port()
        start = perf_counter()
        process = await self._spawn(folder, "run.log", *self._serving(port))
        url = f"http://127.0.0.1:{port}"
        running = Running(url, 0.0, process)
        try:
            await _answers(running)
            yield Running(url, perf_counter() - start, process)
        finally:
            if process.returncode is None:
                await running.kill()

    def _training(self) -> list[str]:
        rasa = str(self._command)
        options = ["--domain", "domain.yml", "--out", "models"]
        named = ["--nlu", "data", "--fixed-model-name", MODEL]
        return [*_NICE, rasa, "train", "nlu", *options, *named]

    def _serving(self, port: int) -> list[str]:
        model = f"models/{MODEL}.tar.gz"
        place = ["--interface", "127.0.0.1", "--port", str(port)]
        return [str(self._command), "run", "--enable-api", "--model", model, *place]

    async def _spawn(
        self, folder: Path, log: str, *command: str
    ) -> asyncio.subprocess.Process:
        with (folder / log).open("wb") as output:
            return await asyncio.create_subprocess_exec(
                *command,
                cwd=folder,
                env={**os.environ, **_ENVIRONMENT},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )


async def _answers(running: Running) -> None:
    """Wait until the server has its model and parses."""
    question = {"text": "xin chào"}
    async with (
        asyncio.timeout(START_SECONDS),
        aiohttp.ClientSession() as session,
    ):
        while running.process.returncode is None:
            try:
                async with session.post(
                    f"{running.url}/model/parse", json=question
                ) as response:
                    if response.status == _OK:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError("Rasa ended before it answered")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
