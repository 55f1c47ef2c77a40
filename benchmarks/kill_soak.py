"""Kill the service two hundred times under load and compare with the platforms.

    .venv/bin/python -m benchmarks.kill_soak [kills] [seed]

The same harness as ``make test`` runs ten times: exits 1 and names what was lost,
repeated, out of order or without evidence.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from tests.bot.kill_harness import Rig, free_port, judge, run_with_kills

CITIZENS = 16
BETWEEN = 0.8
"""Seconds of work between two kills, at most."""


async def main(kills: int, seed: int) -> int:
    """Run and print; return the exit code."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        rig = Rig(Path(folder), free_port(), free_port())
        try:
            await rig.start_sandbox()
            await rig.prepare()
            load = await run_with_kills(
                rig, kills=kills, citizens=CITIZENS, seed=seed, longest=BETWEEN
            )
            verdict = await judge(rig, load)
        finally:
            await rig.close()
    print(
        f"{load.kills} kills, {verdict.messages} messages acknowledged,"
        f" {load.retries} re-sent by the platform, {verdict.sends} accepted sends,"
        f" {verdict.unknown} left unknown, {len(verdict.faults)} faults"
    )
    for fault in verdict.faults[:20]:
        print(f"  {fault}")
    return 1 if verdict.faults else 0


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    sys.exit(asyncio.run(main(wanted, number)))
