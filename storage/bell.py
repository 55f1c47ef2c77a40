"""How do processes that share a database tell each other that there is work?

PostgreSQL carries the word (LISTEN and NOTIFY); an embedded database has one process
and needs none. A bell is a hint: whoever misses one finds the work at its next look,
half a second later, so it rings after the commit and never inside a transaction
(a NOTIFY there makes all commits of a database wait for each other).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

import asyncpg

from storage.open import SQLITE

CHANNEL = "thanthien"
GATHER_SECONDS = 0.02
"""Rings within this time go out as one."""
AWAY_SECONDS = 2.0
LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Bell(Protocol):
    """Rings at every process of the installation."""

    def ring(self, topic: str) -> None:
        """Tell the other processes that there is work of this kind; returns at once."""
        ...

    async def run(self, heard: Callable[[str | None], None]) -> None:
        """Listen until cancelled; ``heard(None)`` after rings may have been missed."""
        ...


class NoBell:
    """The bell of a single process."""

    def ring(self, topic: str) -> None:
        """Nobody else is there."""

    async def run(self, heard: Callable[[str | None], None]) -> None:
        """Wait until cancelled."""
        del heard
        await asyncio.Event().wait()


class PostgresBell:
    """The bell of processes that share one PostgreSQL."""

    def __init__(self, url: str, *, away: float = AWAY_SECONDS) -> None:
        """``away``: seconds until a lost connection is noticed, and until the next."""
        self._url = url
        self._away = away
        self._topics: set[str] = set()
        self._rung = asyncio.Event()

    def ring(self, topic: str) -> None:
        """Tell the other processes that there is work of this kind; returns at once."""
        self._topics.add(topic)
        self._rung.set()

    async def run(self, heard: Callable[[str | None], None]) -> None:
        """Listen until cancelled; ``heard(None)`` after rings may have been missed."""
        while True:
            with suppress(*LOST):
                await self._connected(heard)
            await asyncio.sleep(self._away)

    async def _connected(self, heard: Callable[[str | None], None]) -> None:
        connection = await asyncpg.connect(self._url, timeout=AWAY_SECONDS)
        try:
            own = connection.get_server_pid()

            def notified(_: object, pid: int, __: str, topic: object) -> None:
                if pid != own:
                    heard(str(topic))

            await connection.add_listener(CHANNEL, notified)
            heard(None)
            await self._carry(connection)
        finally:
            connection.terminate()

    async def _carry(self, connection: asyncpg.Connection) -> None:
        while not connection.is_closed():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), self._away)
            self._rung.clear()
            topics, self._topics = self._topics, set()
            for topic in sorted(topics):
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, topic)
            await asyncio.sleep(GATHER_SECONDS)


def bell_of(url: str) -> Bell:
    """Return the bell of a database by its address."""
    return NoBell() if url.startswith(SQLITE) else PostgresBell(url)
