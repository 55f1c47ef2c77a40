"""How does an open page hear of changes? As server-sent events."""

from __future__ import annotations

import asyncio
import json

from aiohttp import web

from bot.sandbox.answers import SANDBOX
from bot.sandbox.model import JsonObject

HEARTBEAT_SECONDS = 15.0


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: message, typing, profile, reset."""
    stream = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
    )
    async with request.app[SANDBOX].hub.subscribe() as queue:
        await stream.prepare(request)
        await stream.write(b"retry: 1000\n\n")
        while (event := await _next(queue)) is not None:
            await stream.write(event)
    return stream


async def _next(queue: asyncio.Queue[JsonObject | None]) -> bytes | None:
    try:
        event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
    except TimeoutError:
        return b": still here\n\n"
    return None if event is None else b"data: " + json.dumps(event).encode() + b"\n\n"
