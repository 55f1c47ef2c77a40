"""What do the tests of Rasa share? A server that is not Rasa, and sometimes one that
is: with THANTHIEN_RASA, the folder of an installed Rasa, the real one is tried too.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from tests.nlu.rasa.fake import FakeRasa

# `make test-rasa` says where Rasa is; `make check` leaves the minutes of training out.
collect_ignore = [] if "THANTHIEN_RASA" in os.environ else ["test_real_rasa.py"]


@pytest.fixture
def rasa() -> FakeRasa:
    return FakeRasa()


@pytest.fixture
async def url(rasa: FakeRasa) -> AsyncIterator[str]:
    """The address of the fake server."""
    async with TestServer(rasa.application()) as server:
        yield str(server.make_url("/"))


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened
