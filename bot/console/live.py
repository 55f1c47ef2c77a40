"""How do open pages hear that something moved? Server-sent events, one word each.

A topic is the middle word of an evidence tag ("case", "message", "member"): whatever
changes something writes evidence, so one look every two seconds at the newest entries
tells of every process and command. What this process does is told at once.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress

import structlog
from aiohttp import web

from storage import live
from storage.database import Database
from storage.errors import StorageError

POLL_SECONDS = 2.0
BEAT_SECONDS = 25.0
OVERLAP_MS = 10_000
"""Entries of another process may become visible later than younger ones."""
LOOKS = (":read", ":listed", ":looked_up")
"""Evidence that somebody looked: a page must not renew itself because it was opened."""

log = structlog.get_logger("console")


class Ear:
    """What one page has not heard yet: each topic once, however often it moved."""

    def __init__(self) -> None:
        self._topics: dict[str, None] = {}
        self._rings = asyncio.Event()

    def tell(self, topic: str) -> None:
        """Note a topic; "" only wakes."""
        if topic:
            self._topics[topic] = None
        self._rings.set()

    async def hear(self) -> str:
        """Return the next topic; "" after a while without any."""
        if not self._topics:
            self._rings.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rings.wait(), BEAT_SECONDS)
        topic = next(iter(self._topics), "")
        self._topics.pop(topic, None)
        return topic


class Hub:
    """Tells the pages of a unit; ``poll_seconds`` is how often the log is looked at."""

    def __init__(
        self,
        database: Database,
        now_ms: Callable[[], int],
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._database = database
        self._now_ms = now_ms
        self._poll = poll_seconds
        self._ears: dict[str, set[Ear]] = defaultdict(set)
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    def tell(self, unit_id: str, topic: str) -> None:
        """Tell every open page of a unit that a topic moved."""
        for ear in self._ears[unit_id]:
            ear.tell(topic)

    async def topics(self, unit_id: str) -> AsyncGenerator[str]:
        """Yield topics as they move, "" as a sign of life; ends when the hub closes."""
        ear = Ear()
        self._ears[unit_id].add(ear)
        self._watch(unit_id)
        try:
            while not self._is_closed:
                yield await ear.hear()
        finally:
            self._ears[unit_id].discard(ear)
            if not self._ears[unit_id] and (task := self._watching.pop(unit_id, None)):
                task.cancel()

    async def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._is_closed = True
        for unit_id in list(self._ears):
            self.tell(unit_id, "")
        tasks = list(self._watching.values())
        self._watching.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _watch(self, unit_id: str) -> None:
        if unit_id not in self._watching:
            task = asyncio.create_task(self._look(unit_id), name=f"live {unit_id}")
            self._watching[unit_id] = task

    async def _look(self, unit_id: str) -> None:
        seen: set[str] = set()
        since, is_first = self._ago(), True
        while True:
            try:
                found = await self._database.read(
                    lambda c: live.since(c, unit_id, since)  # noqa: B023  awaited here
                )
            except StorageError as error:
                log.warning("live_not_read", error=type(error).__name__)
                found = []
            fresh = [tag for entry, tag in found if entry not in seen]
            seen, since = {entry for entry, _ in found}, self._ago()
            if not is_first:
                moved = (tag for tag in fresh if not tag.endswith(LOOKS))
                for topic in dict.fromkeys(tag.split(":")[1] for tag in moved):
                    self.tell(unit_id, topic)
            is_first = False
            await asyncio.sleep(self._poll)

    def _ago(self) -> str:
        """Return the smallest id of a little while ago (see storage.ids)."""
        return f"{(self._now_ms() - OVERLAP_MS) << 80:032x}"


async def stream(
    request: web.Request, hub: Hub, unit_id: str, still: Callable[[], Awaitable[bool]]
) -> web.StreamResponse:
    """Send topics until the page goes, or ``still`` says the session ended."""
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
    )
    await response.prepare(request)
    await response.write(b"retry: 3000\n\n")
    topics = hub.topics(unit_id)
    try:
        async for topic in topics:
            if not await still():
                break
            line = f"event: topic\ndata: {topic}\n\n" if topic else ": beat\n\n"
            await response.write(line.encode())
    except ConnectionError:
        pass  # the page was closed
    finally:
        await topics.aclose()
    return response
