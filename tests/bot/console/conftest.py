"""A console for every test: real service, real database, real server, quick hashes."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from bot import installation
from bot.app import build as build_service
from bot.config import parse_config
from bot.console.routes import HOUSE
from bot.server import application
from bot.services import load_services
from handlers.staff.access.passwords import Hasher
from tests.bot.console.support import QUICK, Desk
from tests.bot.support import document, platforms
from tests.conftest import FakeClock


@pytest.fixture
async def desk(prepared: Path, tmp_path: Path, clock: FakeClock) -> AsyncIterator[Desk]:
    """The console of one commune; nothing runs beside it, the clock stands still."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    config = parse_config(document(platforms(), "http://127.0.0.1:9"), {}, tmp_path)
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
