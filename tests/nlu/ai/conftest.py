"""What do the tests of the language model share? A server that is none."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.nlu.ai.fake import Book, FakeAi


@pytest.fixture
def ai() -> FakeAi:
    return FakeAi()


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def url(ai: FakeAi) -> AsyncIterator[str]:
    """The root of the fake server's interface."""
    async with TestServer(ai.application()) as server:
        yield str(server.make_url("/v1"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened
