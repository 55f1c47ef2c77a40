"""A whole service as it is wired, for tests: started, asked, and looked into."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web

from bot.app import Service
from bot.sandbox.webhook import zalo_event
from bot.server import port_of
from storage import tables
from tests.bot.support import platforms

QUESTION = "làm khai sinh cho con cần giấy tờ gì"


class Process:
    """A started service with its server, its database and the platforms' address."""

    def __init__(self, service: Service, runner: web.AppRunner) -> None:
        self.service = service
        self.runner = runner
        self.url = f"http://127.0.0.1:{port_of(runner)}"

    async def stop(self) -> None:
        """Stop as ``thanthien run`` does."""
        await self.runner.cleanup()
        await self.service.stop()

    async def rows(self, table: Any) -> list[dict[str, Any]]:
        """Return the rows of a table."""
        return await self.service.database.read(
            lambda c: [dict(row) for row in c.execute(table.select()).mappings()]
        )

    async def is_settled(self) -> bool:
        """Whether everything has reached its end."""
        ends = ("accepted", "refused", "unknown")
        events = await self.rows(tables.inbox_event)
        sends = await self.rows(tables.outbox)
        return bool(events) and all(
            [e["state"] == "done" for e in events] + [s["state"] in ends for s in sends]
        )


Start = Callable[..., Awaitable[Process]]


async def post(url: str, number: int, words: str = QUESTION) -> int:
    """Let a citizen of that number write; return the status, 0 when refused."""
    user = str(9_007_199_254_740_993 + number)
    request = zalo_event(platforms(), user, words, message_id=f"m{number}")
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                url + request.path, data=request.body, headers=request.headers
            ) as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 0
