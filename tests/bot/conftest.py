"""Platforms and roads for the tests of the edge; all end with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.model import SandboxConfig
from storage.database import Database
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from tests.bot.oauth import OAuth
from tests.bot.support import (
    Road,
    Settings,
    World,
    build_road,
    platforms,
    start_world,
)
from tests.conftest import FakeClock

StartWorld = Callable[[SandboxConfig], Awaitable[World]]
Build = Callable[..., Awaitable[Road]]


@pytest.fixture
async def begin(clock: FakeClock) -> AsyncIterator[StartWorld]:
    """Start platforms of the test's choice."""
    async with AsyncExitStack() as stack:

        async def start(settings: SandboxConfig) -> World:
            made = await start_world(clock, settings)
            stack.push_async_callback(made.server.close)
            stack.push_async_callback(made.http.close)
            return made

        yield start


@pytest.fixture
async def world(begin: StartWorld) -> World:
    """Calm platforms."""
    return await begin(platforms())


@pytest.fixture
async def build(world: World, ring: KeyRing, tmp_path: Path) -> AsyncIterator[Build]:
    """Wire roads on a database of the test's choice."""
    async with AsyncExitStack() as stack:

        async def make(
            database: Database, place: World | None = None, **changes: Any
        ) -> Road:
            made = await build_road(
                place or world, database, ring, tmp_path, Settings(**changes)
            )
            stack.push_async_callback(made.close)
            return made

        yield make


@pytest.fixture
async def road(sqlite_database: SqliteDatabase, build: Build) -> Road:
    """A road on SQLite, not started."""
    return await build(sqlite_database)


@pytest.fixture
async def any_road(database: Database, build: Build) -> Road:
    """A road on SQLite and on PostgreSQL in turn, not started."""
    return await build(database)


@pytest.fixture
async def oauth() -> AsyncIterator[OAuth]:
    """A token endpoint on a server of its own."""
    made = OAuth()
    server = await made.serve()
    yield made
    await server.close()
