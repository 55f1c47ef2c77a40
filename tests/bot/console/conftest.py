"""A console for every test: real service, real database, real server, quick hashes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot import installation
from bot.app import build as build_service
from bot.cli.migrate import seed_all
from bot.config import Config, parse_config
from bot.console.routes import HOUSE
from bot.server import application
from bot.services import load_services
from handlers.staff.access.passwords import Hasher
from tests.bot.console.support import QUICK, Desk
from tests.bot.support import document, platforms
from tests.conftest import FakeClock

NOWHERE = "http://127.0.0.1:9"
OTHER = "tan-an"


@pytest.fixture
async def desk(prepared: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    """The console of one commune; nothing runs beside it, the clock stands still."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    config = parse_config(document(platforms(), NOWHERE), {}, tmp_path)
    async with opened_desk(config, clock) as made:
        yield made


@pytest.fixture
async def two_desks(
    prepared: Path, tmp_path: Path, clock: FakeClock
) -> AsyncIterator[Desk]:
    """The console of two communes on one database: thanh-ha and tan-an."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    raw = document(platforms(), NOWHERE)
    raw["units"][OTHER] = {"name": "xã Tân An", "channels": {"web": {}}}
    config = parse_config(raw, {}, tmp_path)
    await seed_all(config)
    async with opened_desk(config, clock) as made:
        yield made


@asynccontextmanager
async def opened_desk(config: Config, clock: FakeClock) -> AsyncIterator[Desk]:
    """Serve the console of an installation."""
    async with installation.open_installation(
        config, exclusive=True, clock=clock
    ) as opened:
        services = await load_services(config, opened.database, opened.clock)
        service = build_service(opened, services)
        app = application(service, hasher=Hasher(QUICK))
        house = next(a[HOUSE] for a in app._subapps if HOUSE in a)
        async with TestServer(app) as server:
            base = str(server.make_url("")).rstrip("/")
            made = Desk(service, house, base, clock)
            yield made
            for browser in made.browsers:
                await browser.close()
        await service.stop()
