"""Who is watching? Hands every change to the open pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from bot.sandbox.model import JsonObject

BACKLOG = 500


class Hub:
    """One queue for each open page; a page that sleeps misses, and reloads."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[JsonObject | None]] = set()
        self._is_closed = False

    def publish(self, event: JsonObject) -> None:
        """Tell every page; costs nothing when there is none."""
        for queue in self._queues:
            with suppress(asyncio.QueueFull):
                queue.put_nowait(event)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[asyncio.Queue[JsonObject | None]]:
        """Open a queue; None in it means that the sandbox closes."""
        queue: asyncio.Queue[JsonObject | None] = asyncio.Queue(BACKLOG)
        self._queues.add(queue)
        if self._is_closed:
            queue.put_nowait(None)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """Let every page go, also those that come back."""
        self._is_closed = True
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
