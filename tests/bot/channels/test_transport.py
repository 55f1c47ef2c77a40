"""Is "was it sent?" answered honestly, however the server misbehaves?"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.results import Failure, Reason, Refused, Retry, Unknown
from bot.channels.transport import Answer, by_status, exchange, retry_after, time_limits

LIMITS = time_limits(connect_seconds=2.0, answer_seconds=0.2)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def _close_before_answer(request: web.Request) -> web.StreamResponse:
    await request.read()
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def _close_mid_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"error":0')
    assert request.transport is not None
    request.transport.close()
    return response


async def _never_answer(request: web.Request) -> web.StreamResponse:
    await request.read()
    await asyncio.Event().wait()
    return web.Response()


async def _stall_mid_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"error":0')
    await asyncio.Event().wait()
    return response


async def _answer_garbage(_request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html>Xin chào</html>")


async def _answer_json(request: web.Request) -> web.StreamResponse:
    return web.json_response({"got": await request.json(), "id": 2**60 + 1})


async def _redirect(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound("/json")


async def _limit(_request: web.Request) -> web.StreamResponse:
    return web.Response(status=429, headers={"Retry-After": "7"})


ROUTES: dict[str, Handler] = {
    "/before": _close_before_answer,
    "/mid": _close_mid_answer,
    "/never": _never_answer,
    "/stall": _stall_mid_answer,
    "/garbage": _answer_garbage,
    "/json": _answer_json,
    "/redirect": _redirect,
    "/limit": _limit,
}


@pytest.fixture
async def server() -> AsyncIterator[TestServer]:
    app = web.Application()
    app.add_routes([web.post(path, handler) for path, handler in ROUTES.items()])
    running = TestServer(app)
    async with running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def post(session: aiohttp.ClientSession, url: object) -> Answer | Failure:
    return await exchange(session, "POST", str(url), limits=LIMITS, json={"a": "đ"})


async def test_an_answer_is_read_with_exact_numbers(
    server: TestServer, session: aiohttp.ClientSession
) -> None:
    """Ids above 2^53 come through as they were written."""
    told = await post(session, server.make_url("/json"))
    expected = {"got": {"a": "đ"}, "id": "1152921504606846977"}
    assert told == Answer(200, expected, None)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/before", Unknown("disconnected")),
        ("/never", Unknown("timeout")),
        ("/mid", Answer(200, None, None)),
        ("/stall", Answer(200, None, None)),
        ("/garbage", Answer(200, None, None)),
        ("/redirect", Answer(302, None, None)),
        ("/limit", Answer(429, None, 7.0)),
    ],
)
async def test_misbehaving_servers(
    server: TestServer,
    session: aiohttp.ClientSession,
    path: str,
    expected: Answer | Failure,
) -> None:
    """What was written but not answered is never called unsent."""
    assert await post(session, server.make_url(path)) == expected


async def test_no_connection_means_nothing_was_sent(
    session: aiohttp.ClientSession,
) -> None:
    """A closed port and an unknown name are safe to try again."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/"
        assert await post(session, closed) == Retry("connect")
    assert await post(session, "http://khong-co.invalid/") == Retry("connect")


async def test_a_full_pool_means_nothing_was_sent(server: TestServer) -> None:
    """Waiting in vain for a free connection is a connection that failed."""
    limits = time_limits(connect_seconds=0.2, answer_seconds=0.6)
    url = str(server.make_url("/never"))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=1)) as narrow:
        first = asyncio.create_task(exchange(narrow, "POST", url, limits=limits))
        second = asyncio.create_task(exchange(narrow, "POST", url, limits=limits))
        assert await second == Retry("connect")
        assert await first == Unknown("timeout")


async def test_an_address_that_is_none(session: aiohttp.ClientSession) -> None:
    """A wrong setting is a refusal, not a loop of retries."""
    assert await post(session, "http://") == Refused("address", Reason.CONFIG)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": " 5 "}, 5.0),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "999999999"}, 86_400.0),
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 10:01:30 GMT",
                "Date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            90.0,
        ),
        (
            {
                "Retry-After": "Mon, 23 Nov 2026 09:00:00 -0000",
                "Date": "Mon, 23 Nov 2026 10:00:00 GMT",
            },
            0.0,
        ),
        ({"Retry-After": "Fri, 01 Jan 1999 00:00:00 GMT", "Date": "?"}, 0.0),
    ],
)
def test_retry_after(headers: dict[str, str], expected: float | None) -> None:
    """Seconds or a date, measured by the server's own clock, at most a day."""
    assert retry_after(headers) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None),
        (204, None),
        (302, Refused("http-302", Reason.UNKNOWN_CODE)),
        (404, Refused("http-404", Reason.UNKNOWN_CODE)),
        (408, Retry("http-408", 3.0)),
        (429, Retry("http-429", 3.0)),
        (500, Retry("http-500", 3.0)),
        (501, Refused("http-501", Reason.UNKNOWN_CODE)),
        (502, Retry("http-502", 3.0)),
        (503, Retry("http-503", 3.0)),
        (504, Unknown("http-504")),
        (524, Unknown("http-524")),
    ],
)
def test_statuses(status: int, expected: Failure | None) -> None:
    """A gateway that gave up waiting does not know whether it was sent."""
    assert by_status(Answer(status, None, 3.0)) == expected
