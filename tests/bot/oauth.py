"""A token endpoint that a test can hold, break and look around from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.test_utils import TestServer

LIFE_SECONDS = 90_000
SEED = "seed-1"


class OAuth:
    """The token endpoint: single-use refresh tokens, and what a test adds to it."""

    def __init__(self, *seeds: str) -> None:
        self.living = set(seeds or (SEED,))
        self.calls: list[str] = []
        self.statuses: list[int] = []
        self.during: Callable[[], Awaitable[None]] | None = None
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        """Exchange a refresh token."""
        told = str((await request.post()).get("refresh_token", ""))
        self.calls.append(told)
        if self.during is not None:
            await self.during()
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), text="<html>")
        if told not in self.living:
            return web.json_response({"error": -14014, "error_name": "Invalid"})
        number = len(self.calls)
        self.living = {f"refresh-{number}"}
        pair = {
            "access_token": f"access-{number}",
            "refresh_token": f"refresh-{number}",
            "expires_in": str(LIFE_SECONDS),
        }
        return web.json_response(pair)

    async def serve(self) -> TestServer:
        """Start a server of its own."""
        app = web.Application()
        app.router.add_post("/v4/oa/access_token", self.answer)
        server = TestServer(app)
        await server.start_server()
        self.url = str(server.make_url("")).rstrip("/")
        return server
