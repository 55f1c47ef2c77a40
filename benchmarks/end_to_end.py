"""From a citizen's question to the API call at the platform, at 100 messages/s.

    .venv/bin/python -m benchmarks.end_to_end [messages per second] [seconds]

The sandbox's limits are raised (Zalo's real one is 66/s an app); it runs in a
process of its own and stamps each accepted call with the same machine's clock.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import aiohttp
import psutil

from benchmarks.load import percentile
from bot.sandbox.webhook import facebook_event, zalo_event
from tests.bot.kill_harness import QUESTIONS, Rig, accepted_by_platforms, free_port


async def main(rate: float, seconds: float) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        rig = Rig(Path(folder), free_port(), free_port())
        try:
            await rig.start_sandbox()
            await rig.prepare()
            started = time.perf_counter()
            await rig.start_service()
            print(f"start to ready: {time.perf_counter() - started:.2f} s")
            number = int(rate * seconds)
            await _drive(rig, rate / 2, number, "warm")
            await asyncio.sleep(3.0)
            posted = await _drive(rig, rate, number, "asked")
            await asyncio.sleep(2.0)
            await _report(rig, posted)
        finally:
            await rig.close()


async def _drive(rig: Rig, rate: float, number: int, label: str) -> dict[str, float]:
    """Post one question of each citizen at a steady rate; return the times.

    The first round ("warm") is everybody's first contact, with notice and consent.
    """
    posted: dict[str, float] = {}
    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(connector=connector) as session:
        tasks = []
        begin = time.perf_counter()
        for one in range(number):
            wait = begin + one / rate - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            tasks.append(asyncio.create_task(_one(rig, session, label, one, posted)))
        await asyncio.gather(*tasks)
    return posted


async def _one(
    rig: Rig,
    session: aiohttp.ClientSession,
    label: str,
    number: int,
    posted: dict[str, float],
) -> None:
    settings = rig.platforms()
    make = zalo_event if number % 2 else facebook_event
    user = str(9_107_199_254_740_000 + number)
    words = random.choice(QUESTIONS)
    request = make(settings, user, words, message_id=f"{label}{number}")
    posted[user] = time.time() * 1000
    async with session.post(
        rig.service_url + request.path, data=request.body, headers=request.headers
    ) as response:
        assert response.status == 200


async def _report(rig: Rig, posted: dict[str, float]) -> None:
    first: dict[str, float] = {}
    for sent in await accepted_by_platforms(rig):
        user = sent["user_id"]
        if user in posted and sent["at_ms"] >= posted[user]:
            first.setdefault(user, sent["at_ms"])
    waits = [first[user] - at for user, at in posted.items() if user in first]
    assert rig.service is not None
    memory = psutil.Process(rig.service.pid).memory_info().rss / 1e6
    print(f"answered {len(waits)} of {len(posted)}")
    print(
        f"question to API call: p50 {percentile(waits, 0.5):.0f} ms,"
        f" p90 {percentile(waits, 0.9):.0f} ms, p99 {percentile(waits, 0.99):.0f} ms"
    )
    print(f"memory of the service: {memory:.0f} MB")


if __name__ == "__main__":
    rate_wanted = float(sys.argv[1]) if len(sys.argv) > 1 else 100.0
    length = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    asyncio.run(main(rate_wanted, length))
