"""How does a platform hand its webhooks over, and what if nobody answers?

First tries of one citizen go in order; repeats of the ladder go on their own.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace

import aiohttp

from bot.sandbox.faults import Fault, Faults
from bot.sandbox.model import (
    AnyPlatform,
    JsonObject,
    Platform,
    SandboxConfig,
    SignedRequest,
    StaffPlatform,
)

Sleep = Callable[[float], Awaitable[object]]
LADDERS: dict[AnyPlatform, tuple[float, ...]] = {
    Platform.ZALO: (30, 300, 900, 1800, 3600),
    Platform.FACEBOOK: (15, 60, 300, 900, 2325),
    StaffPlatform.TELEGRAM: (5, 15, 60, 300),
    StaffPlatform.ZALO_BOT: (5, 15, 60, 300),
}
"""Seconds between tries: Zalo's own (1.4); Facebook's sum to the hour after which
it unsubscribes the app (3.2), the steps between are ours, and all those of the staff
platforms, which "give up after a reasonable amount of attempts" (4.1)."""
TIMEOUTS: dict[AnyPlatform, float] = {
    Platform.ZALO: 2.0,
    Platform.FACEBOOK: 5.0,
    StaffPlatform.TELEGRAM: 5.0,
    StaffPlatform.ZALO_BOT: 5.0,
}
HELD_SECONDS = 60.0
OK = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: HTTP status, or 0 with the name of what went wrong."""

    number: int
    status: int
    ms: float
    error: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether the service took the event."""
        return self.status == OK

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        return {
            "number": self.number,
            "status": self.status,
            "ms": round(self.ms, 1),
            "error": self.error,
        }


Watcher = Callable[[Attempt, bool], None]
"""Told of each try, and whether it was the last."""


def ignore(attempt: Attempt, is_last: bool) -> None:
    """Watch nothing."""
    del attempt, is_last


@dataclass(frozen=True, slots=True)
class _Post:
    channel: AnyPlatform
    request: SignedRequest
    watcher: Watcher


class Poster:
    """Posts signed webhooks to the service."""

    def __init__(
        self,
        config: SandboxConfig,
        service_url: Callable[[], str],
        faults: Faults,
        counts: Counter[str],
        sleep: Sleep,
    ) -> None:
        self._config = config
        self._service_url = service_url
        self._faults = faults
        self._counts = counts
        self._sleep = sleep
        self._lanes: dict[str, asyncio.Queue[_Post]] = {}
        self._held: dict[str, _Post] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._runs: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self.disabled: set[AnyPlatform] = set()

    async def start(self) -> None:
        """Open the connections."""
        self._session = aiohttp.ClientSession(auto_decompress=False)

    async def close(self) -> None:
        """Stop every lane and ladder."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def post(
        self,
        channel: AnyPlatform,
        lane: str,
        request: SignedRequest,
        watcher: Watcher = ignore,
    ) -> None:
        """Queue one webhook behind those of the same lane (one for each citizen)."""
        if channel in self.disabled:
            watcher(Attempt(0, 0, 0.0, "unsubscribed"), True)
            return
        key = f"{channel.value}:{lane}"
        for one in self._disturbed(key, _Post(channel, request, watcher)):
            self._queue(key, one)

    async def idle(self) -> None:
        """Wait until every first try is over (repeats may still be waiting)."""
        while self._runs:
            await asyncio.wait(self._runs)

    async def done(self) -> None:
        """Wait until nothing is left to do, repeats and held events included."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _disturbed(self, key: str, post: _Post) -> list[_Post]:
        """Apply the faults of the way: doubled events, events that overtake."""
        held = self._held.pop(key, None)
        if held is not None:
            return [post, held]
        if self._faults.fires(Fault.REORDER, post.channel):
            self._held[key] = post
            self._spawn(self._let_go(key, post))
            return []
        if self._faults.fires(Fault.DUPLICATES, post.channel):
            return [post, replace(post, watcher=ignore)]
        return [post]

    async def _let_go(self, key: str, post: _Post) -> None:
        """An event nobody overtakes is late, not lost."""
        await self._sleep(HELD_SECONDS / self._config.time_compression)
        if self._held.get(key) is post:
            del self._held[key]
            self._queue(key, post)

    def _queue(self, key: str, post: _Post) -> None:
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = asyncio.Queue()
            run = self._spawn(self._run(key, lane))
            self._runs.add(run)
            run.add_done_callback(self._runs.discard)
        lane.put_nowait(post)

    async def _run(self, key: str, lane: asyncio.Queue[_Post]) -> None:
        """A lane lives as long as it has work."""
        while not lane.empty():
            post = lane.get_nowait()
            if not await self._try(post, 0):
                self._spawn(self._climb(post))
        del self._lanes[key]

    async def _climb(self, post: _Post) -> None:
        for number, seconds in enumerate(LADDERS[post.channel], start=1):
            await self._sleep(seconds / self._config.time_compression)
            if await self._try(post, number):
                return
        if isinstance(post.channel, StaffPlatform):
            return
        self.disabled.add(post.channel)
        self._counts[f"{post.channel.value}.unsubscribed"] += 1

    async def _try(self, post: _Post, number: int) -> bool:
        attempt = await self._send(post, number)
        name = "ok" if attempt.is_ok else "failed"
        self._counts[f"{post.channel.value}.webhook_{name}"] += 1
        is_last = attempt.is_ok or number == len(LADDERS[post.channel])
        post.watcher(attempt, is_last)
        return attempt.is_ok

    async def _send(self, post: _Post, number: int) -> Attempt:
        started = time.perf_counter()
        status, error = 0, ""
        try:
            status = await self._answer(post, number)
        except TimeoutError:
            error = "timeout"
        except aiohttp.ClientError as failure:
            error = type(failure).__name__
        return Attempt(number, status, (time.perf_counter() - started) * 1000, error)

    async def _answer(self, post: _Post, number: int) -> int:
        if self._session is None:
            raise aiohttp.ClientConnectionError
        headers = dict(post.request.headers)
        if number and post.channel is Platform.ZALO:
            headers["num_retry"] = str(number)
        limit = aiohttp.ClientTimeout(total=TIMEOUTS[post.channel])
        async with self._session.post(
            self._service_url() + post.request.path,
            data=post.request.body,
            headers=headers,
            timeout=limit,
            allow_redirects=False,
        ) as answer:
            await answer.read()
            return answer.status

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
