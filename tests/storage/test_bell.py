"""Do processes that share a PostgreSQL hear each other?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from storage.bell import CHANNEL, NoBell, PostgresBell, bell_of

SECONDS = 20.0
"""How long a loaded machine may take; an ordinary one takes milliseconds."""


class Ear:
    """What one process heard; None means that it may have missed some."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[str | None] = asyncio.Queue()

    async def next(self) -> str | None:
        """Return what is heard next."""
        return await asyncio.wait_for(self.heard.get(), SECONDS)


@asynccontextmanager
async def listening(bell: PostgresBell) -> AsyncIterator[Ear]:
    """A process whose bell is connected."""
    ear = Ear()
    task = asyncio.create_task(bell.run(ear.heard.put_nowait))
    try:
        assert await ear.next() is None
        yield ear
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.postgres
async def test_the_others_hear_and_the_ringer_does_not(
    postgres_database_url: str,
) -> None:
    """A ring reaches the other process once, and not the one that rang."""
    first, second = (PostgresBell(postgres_database_url) for _ in range(2))
    async with listening(first) as one, listening(second) as two:
        first.ring("inbox")
        first.ring("inbox")
        assert await two.next() == "inbox"
        second.ring("outbox:zalo")
        assert await one.next() == "outbox:zalo"
        assert two.heard.empty()


@pytest.mark.postgres
async def test_a_broken_line_is_mended_and_said(postgres_database_url: str) -> None:
    """After a lost connection the process is told that it may have missed rings."""
    bell = PostgresBell(postgres_database_url, away=0.05)
    async with listening(bell) as ear:
        admin = await asyncpg.connect(postgres_database_url)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        assert await ear.next() is None
        await admin.execute("SELECT pg_notify($1, 'inbox')", CHANNEL)
        assert await ear.next() == "inbox"
        await admin.close()


def test_an_embedded_database_has_no_bell() -> None:
    """One process has nobody to tell."""
    assert isinstance(bell_of("sqlite:///x.db"), NoBell)
    assert isinstance(bell_of("postgresql://h/x"), PostgresBell)
