"""Does a post go to the page's feed, and is every answer understood?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.facebook.client import FacebookClient
from bot.channels.results import Accepted, Retry, SendResult, Unknown


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """A session for calls to the outside."""
    async with aiohttp.ClientSession() as made:
        yield made


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, {"id": "1_2"}, Accepted("1_2")),
        (200, {}, Unknown("garbage")),
        (400, {"error": {"code": 613}}, Retry),
    ],
)
async def test_a_post_is_one_call(
    session: aiohttp.ClientSession,
    status: int,
    answer: dict[str, object],
    expected: SendResult | type[SendResult],
) -> None:
    """The text goes to /{page}/feed as it is; each answer is told apart."""
    seen: list[tuple[str, object]] = []

    async def feed(request: web.Request) -> web.Response:
        seen.append((request.path, await request.json()))
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_post("/v25.0/4242/feed", feed)
    async with TestServer(app) as server:
        client = FacebookClient(
            session, str(server.make_url("/")), "v25.0", "token", page_id="4242"
        )
        result = await client.publish("Kính chúc bà con.")

    assert seen == [("/v25.0/4242/feed", {"message": "Kính chúc bà con."})]
    if isinstance(expected, type):
        assert isinstance(result, expected)
    else:
        assert result == expected
