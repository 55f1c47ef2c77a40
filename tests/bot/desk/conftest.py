"""Whole services with staff channels, on one copy of a migrated commune."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot import installation
from bot.app import Service, build
from bot.limits import RateLimit
from bot.parts import EVERYTHING, Part
from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import TelegramAccount
from bot.sandbox.server import create_sandbox
from bot.server import application
from bot.services import load_services
from tests.bot.desk.support import Office, listed, office_config
from tests.bot.support import FAST, UNIT, platforms
from tests.conftest import FakeClock

StartOffice = Callable[..., Awaitable[Office]]


def generous(service: Service) -> None:
    """Let staff be told as fast as they can be: only the tests of limits wait."""
    for sender in service.senders:
        for bucket in sender._limits:
            sender._limits[bucket] = RateLimit(FAST, time.monotonic)  # type: ignore[index]


@pytest.fixture
async def start_office(
    prepared: Path, tmp_path: Path, clock: FakeClock
) -> AsyncIterator[StartOffice]:
    """Start a commune with staff channels of the test's choice."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    async with AsyncExitStack() as stack:

        async def make(
            *kinds: str, account: dict[str, Any] | None = None, **telegram: Any
        ) -> Office:
            known = TelegramAccount(group_per_minute=10_000, per_second=10_000)
            settings = platforms(telegram=replace(known, **(account or {})))
            app = create_sandbox(settings, clock)
            there = TestServer(app)
            await there.start_server()
            stack.push_async_callback(there.close)
            base = str(there.make_url("")).rstrip("/")
            config = office_config(settings, base, tmp_path, *kinds, **telegram)
            opened = await stack.enter_async_context(
                installation.open_installation(config, exclusive=True, clock=clock)
            )
            services = await load_services(config, opened.database, opened.clock)
            service = build(opened, services, {UNIT: listed()})
            generous(service)
            await service.start(EVERYTHING - {Part.CLOCK})
            stack.push_async_callback(service.stop)
            here = TestServer(application(service))
            await here.start_server()
            stack.push_async_callback(here.close)
            sandbox = app[SANDBOX]
            sandbox.service_url = str(here.make_url("")).rstrip("/")
            return Office(service, sandbox, clock, here, config, opened)

        yield make


@pytest.fixture
async def office(start_office: StartOffice) -> Office:
    """A commune with a group on Telegram."""
    return await start_office("telegram")
