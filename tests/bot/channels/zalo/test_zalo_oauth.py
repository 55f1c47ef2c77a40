"""Is the single-use refresh token spent with open eyes?"""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.errors import (
    ChannelError,
    RefreshRefusedError,
    RefreshUnavailableError,
    RefreshUncertainError,
)
from bot.channels.zalo.oauth import Tokens, ZaloOAuth

OLD = "ve-cu-bi-mat"
PAIR = {"access_token": "moi-a", "refresh_token": "moi-r", "expires_in": "90000"}


class Door:
    """A token endpoint that records and answers what it was told to."""

    def __init__(self) -> None:
        self.answer: web.Response | None = None
        self.seen: list[tuple[str, dict[str, str], str]] = []

    async def handle(self, request: web.Request) -> web.Response:
        """Record a call; answer it or hang up."""
        form = {key: str(value) for key, value in (await request.post()).items()}
        self.seen.append((request.path, form, request.headers.get("secret_key", "")))
        if self.answer is None:
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        return self.answer


@pytest.fixture
def door() -> Door:
    return Door()


@pytest.fixture
async def oauth(door: Door) -> AsyncIterator[ZaloOAuth]:
    app = web.Application()
    app.router.add_post("/v4/oa/access_token", door.handle)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield ZaloOAuth(session, str(server.make_url("/")), "app-1", "bi-mat-app")


async def test_a_new_pair(door: Door, oauth: ZaloOAuth) -> None:
    """The secret travels in the header, the old token in the form."""
    door.answer = web.json_response(PAIR)
    assert await oauth.refresh(OLD) == Tokens("moi-a", "moi-r", 90_000)
    form = {"refresh_token": OLD, "app_id": "app-1", "grant_type": "refresh_token"}
    assert door.seen == [("/v4/oa/access_token", form, "bi-mat-app")]


@pytest.mark.parametrize(
    ("extra", "life"),
    [
        ({"expires_in": 3600}, 3600),
        ({"expires_in": "?"}, 90_000),
        ({"error": 0}, 90_000),
    ],
)
async def test_a_pair_is_never_thrown_away(
    door: Door, oauth: ZaloOAuth, extra: dict[str, object], life: int
) -> None:
    """An odd lifetime is no reason to lose the only copy of the new token."""
    door.answer = web.json_response(PAIR | extra)
    assert (await oauth.refresh(OLD)).expires_in_seconds == life


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"error": -14014, "error_name": "x"}, RefreshRefusedError),
        (200, {"error": -32}, RefreshUnavailableError),
        (503, {}, RefreshUnavailableError),
        (429, {}, RefreshUnavailableError),
        (403, {}, RefreshUnavailableError),
        (500, {}, RefreshUncertainError),
        (502, {}, RefreshUncertainError),
        (504, {}, RefreshUncertainError),
        (200, {}, RefreshUncertainError),
        (200, {"access_token": "a"}, RefreshUncertainError),
        (
            200,
            {"access_token": "a\r\nx: y", "refresh_token": "r"},
            RefreshUncertainError,
        ),
    ],
)
async def test_failures_say_whether_the_token_was_spent(
    door: Door,
    oauth: ZaloOAuth,
    status: int,
    body: dict[str, object],
    expected: type[ChannelError],
) -> None:
    """Refused, not spent, or nobody knows; the old token is in no message."""
    door.answer = web.json_response(body, status=status)
    with pytest.raises(expected) as raised:
        await oauth.refresh(OLD)
    assert OLD not in repr(raised.value)


async def test_a_closed_connection_is_uncertain(oauth: ZaloOAuth) -> None:
    """The answer with the new pair may be what got lost."""
    with pytest.raises(RefreshUncertainError):
        await oauth.refresh(OLD)


async def test_no_connection_spends_nothing() -> None:
    """A server that was never reached spent nothing."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with aiohttp.ClientSession() as session:
            with pytest.raises(RefreshUnavailableError):
                await ZaloOAuth(session, base, "a", "b").refresh(OLD)


def test_tokens_do_not_show_themselves() -> None:
    """A pair that gets into a log line says nothing."""
    assert repr(Tokens("mot", "hai", 5)) == "Tokens(expires_in_seconds=5)"
