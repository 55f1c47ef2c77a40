"""Platforms and roads for the tests of the edge; all end with the test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot import installation
from bot.app import build as build_service
from bot.cli.migrate import seed_all
from bot.clock import SystemClock
from bot.config import Config, parse_config
from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import SandboxConfig
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.server import create_sandbox
from bot.server import application, listen, port_of
from bot.services import load_services
from storage.database import Database
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from tests.bot.oauth import OAuth
from tests.bot.process import Process, Start
from tests.bot.support import (
    Road,
    Settings,
    World,
    build_road,
    document,
    platforms,
    start_world,
)
from tests.conftest import FakeClock
from tests.postgres_server import in_thread

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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A commune's folder after migrate, to copy."""
    folder = tmp_path_factory.mktemp("prepared")
    raw = document(platforms(), "http://127.0.0.1:9")
    config = parse_config(raw, {}, folder)
    installation.prepare(config)
    in_thread(lambda: asyncio.run(seed_all(config)))
    return folder


@pytest.fixture
async def sandbox() -> AsyncIterator[tuple[Sandbox, str]]:
    """The platforms on a server, with the clock of the machine."""
    app = create_sandbox(platforms(), SystemClock())
    runner = await listen(app, "127.0.0.1", 0)
    yield app[SANDBOX], f"http://127.0.0.1:{port_of(runner)}"
    await runner.cleanup()


@pytest.fixture
async def start(
    prepared: Path, tmp_path: Path, sandbox: tuple[Sandbox, str]
) -> AsyncIterator[Start]:
    """Start services, one after the other, on one copy of the folder."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    _, base = sandbox
    async with AsyncExitStack() as stack:

        async def make(config: Config | None = None) -> Process:
            chosen = config or parse_config(document(platforms(), base), {}, tmp_path)
            opened = await stack.enter_async_context(
                installation.open_installation(chosen, exclusive=True)
            )
            services = await load_services(chosen, opened.database, opened.clock)
            service = build_service(opened, services)
            await service.start()
            runner = await listen(application(service), "127.0.0.1", 0)
            process = Process(service, runner)
            stack.push_async_callback(process.stop)
            return process

        yield make
