"""Acknowledged webhooks per second at FULL durability, against a bare handler.

    .venv/bin/python -m benchmarks.ingest

Same signature check and parse on both sides, same run, alternating rounds. First
with the workers paused (the issue's ratio), then with them on.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.load import Result, flood, raw
from bot.cli.common import fast_loop
from bot.sandbox.model import SandboxConfig
from bot.sandbox.webhook import zalo_event
from tests.bot.kill_harness import Rig, free_port

ROUNDS = 5
REQUESTS = 6000
CONNECTIONS = 512
CITIZENS = 400


def made(label: str, settings: SandboxConfig) -> list[bytes]:
    """Return signed requests, each with a message id of its own."""
    return [
        raw(
            zalo_event(
                settings,
                str(9_007_199_254_741_000 + number % CITIZENS),
                f"làm khai sinh cho con cần giấy tờ gì {number}",
                message_id=f"{label}-{number}",
            ),
            "127.0.0.1",
        )
        for number in range(REQUESTS)
    ]


async def round_of(port: int, label: str, settings: SandboxConfig) -> Result:
    """Run one round."""
    return await flood("127.0.0.1", port, made(label, settings), CONNECTIONS)


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        rig = Rig(Path(folder), free_port(), free_port())
        bare_port = free_port()
        bare = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.bare_server", str(bare_port)
        )
        try:
            await rig.start_sandbox()
            await rig.prepare()
            await rig.start_service("--no-workers")
            await _compare(rig, bare_port, "workers paused")
            await rig.stop_service()
            await rig.start_service()
            await _compare(rig, bare_port, "workers on")
        finally:
            bare.kill()
            await bare.wait()
            await rig.close()


async def _compare(rig: Rig, bare_port: int, title: str) -> None:
    settings = rig.platforms()
    ours, bare = [], []
    await round_of(bare_port, "warm", settings)
    await round_of(rig.service_port, f"warm-{title}", settings)
    for number in range(ROUNDS):
        bare.append(await round_of(bare_port, f"b{number}", settings))
        ours.append(await round_of(rig.service_port, f"{title}{number}", settings))
    assert all(result.other == 0 for result in ours + bare)
    ratios = [o.per_second / b.per_second for o, b in zip(ours, bare, strict=True)]
    print(
        f"{title}: bare {statistics.median(b.per_second for b in bare):.0f}/s,"
        f" ours {statistics.median(o.per_second for o in ours):.0f}/s,"
        f" ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    )


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=fast_loop()) as runner:
        runner.run(main())
