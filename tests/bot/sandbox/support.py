"""What do the tests of the sandbox share? A fake service and a client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox.sandbox import Sandbox

ACCESS = "a-living-token"
LANH = {"zalo": "6814205937712045181", "facebook": "24813057719364021"}


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant the test has set."""
        return self.at

    def forward(self, **parts: float) -> None:
        """Move on by a timedelta."""
        self.at += timedelta(**parts)


@dataclass
class Hook:
    """One webhook as the service saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body, parsed."""
        return json.loads(self.body)


@dataclass
class FakeService:
    """Takes webhooks, keeps them, and answers with the statuses told beforehand."""

    statuses: list[int] = field(default_factory=list)
    hooks: list[Hook] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        """Keep one webhook."""
        body = await request.read()
        self.hooks.append(Hook(request.path, dict(request.headers), body))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def named(self, name: str) -> list[Any]:
        """Return the Zalo events of that name."""
        return [h.json() for h in self.hooks if h.json().get("event_name") == name]


class Sleeper:
    """Does not sleep: notes the seconds and lets others run."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Note it."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


@dataclass
class World:
    """A running sandbox, the fake service, and a client without manners."""

    server: TestServer
    sandbox: Sandbox
    service: FakeService
    service_server: TestServer
    clock: HandClock
    sleeper: Sleeper
    http: aiohttp.ClientSession

    async def zalo(self, path: str, body: Any, token: str = ACCESS) -> Any:
        """POST to the Zalo API; return the JSON answer."""
        url = self.server.make_url(path)
        headers = {"access_token": token}
        async with self.http.post(url, json=body, headers=headers) as answer:
            assert answer.status == 200
            return await answer.json()

    async def zalo_text(self, text: str, user: str = LANH["zalo"]) -> Any:
        """Send a consultation text."""
        body = {"recipient": {"user_id": user}, "message": {"text": text}}
        return await self.zalo("/v3.0/oa/message/cs", body)

    async def graph(
        self, path: str, body: Any, token: str | None = None
    ) -> tuple[int, Any]:
        """POST to the Graph API; return status and JSON answer."""
        given = self.sandbox.config.facebook.page_access_token
        url = self.server.make_url(f"/v25.0/{path}")
        query = {"access_token": given if token is None else token}
        async with self.http.post(url, json=body, params=query) as answer:
            return answer.status, await answer.json()

    async def graph_text(self, text: str, **more: Any) -> tuple[int, Any]:
        """Send a Messenger text to bà Lành."""
        body = {"recipient": {"id": LANH["facebook"]}, "message": {"text": text}}
        return await self.graph("me/messages", body | more)

    async def api(self, path: str, body: Any = None) -> Any:
        """Ask the phone's JSON API."""
        url = self.server.make_url(f"/sandbox/api/{path}")
        call = self.http.get(url) if body is None else self.http.post(url, json=body)
        async with call as answer:
            return await answer.json()

    async def writes(self, channel: str, **act: Any) -> Any:
        """Let bà Lành do something, and wait until the service has heard."""
        told = {"channel": channel, "user": LANH[channel], **act}
        found = await self.api("send", told)
        await self.sandbox.poster.idle()
        return found

    async def weather(self, **rules: dict[str, Any]) -> Any:
        """Set faults."""
        return await self.api("faults", rules)


Start = Callable[..., Awaitable[World]]
