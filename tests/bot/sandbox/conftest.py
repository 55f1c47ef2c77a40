"""Real local servers for the tests of the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import SandboxConfig, Trace, ZaloAccount
from bot.sandbox.server import create_sandbox
from tests.bot.sandbox.support import (
    ACCESS,
    FakeService,
    HandClock,
    Sleeper,
    Start,
    World,
)


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start worlds with a config of the test's choice; all end with the test."""
    open_ones: list[World] = []

    async def make(trace: Trace | None = None, **changes: Any) -> World:
        service = FakeService()
        front = web.Application()
        front.router.add_post("/webhooks/{platform}", service.take)
        front.router.add_post("/webhooks/{platform}/{unit}", service.take)
        service_server = TestServer(front)
        await service_server.start_server()
        clock, sleeper = HandClock(), Sleeper()
        config = replace(
            SandboxConfig(
                service_url=str(service_server.make_url("")),
                zalo=ZaloAccount(access_token=ACCESS),
                echoes=False,
                receipts=False,
            ),
            **changes,
        )
        app = create_sandbox(config, clock, trace=trace, sleep=sleeper)
        server = TestServer(app)
        await server.start_server()
        http = aiohttp.ClientSession()
        world = World(
            server, app[SANDBOX], service, service_server, clock, sleeper, http
        )
        open_ones.append(world)
        return world

    yield make
    for world in open_ones:
        await world.http.close()
        await world.server.close()
        await world.service_server.close()


@pytest.fixture
async def world(start: Start) -> World:
    """A world with nothing special."""
    return await start()
