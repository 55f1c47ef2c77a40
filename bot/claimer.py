"""How does a part of the road work? It claims while there is room, then waits.

Shared by the dispatcher (lanes) and the senders (rows): what is claimed runs in
tasks, a storage fault only pauses the claiming, a stop lets the tasks finish.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any

import structlog

from storage.errors import StorageError

IDLE_SECONDS = 0.5


class Claimer(ABC):
    """Claims work for up to ``room`` tasks at once, until it is closed."""

    def __init__(self, room: int, logger: str) -> None:
        self._room = room
        self._log = structlog.get_logger(logger)
        self._wake = asyncio.Event()
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be work: look at once."""
        self._wake.set()

    def close(self) -> None:
        """Let what runs finish, claim nothing more."""
        self._closing = True
        self._wake.set()

    async def run(self) -> None:
        """Claim until closed; storage faults only pause it."""
        while not self._closing:
            try:
                busy = await self._claim()
            except StorageError as error:
                self._log.warning("claim_failed", error=type(error).__name__)
                busy = False
                await asyncio.sleep(IDLE_SECONDS)
            if not busy:
                await self._sleep()
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    @abstractmethod
    async def _claim_up_to(self, free: int) -> bool:
        """Claim and start at most this much; return whether there was any."""

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim(self) -> bool:
        self._wake.clear()
        free = self._room - len(self._tasks)
        if free <= 0:
            await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            return True
        return await self._claim_up_to(free)

    async def _sleep(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return
