"""How do the platforms say yes, no, later, or nothing at all?"""

from __future__ import annotations

import json
from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.model import AnyPlatform, JsonObject
from bot.sandbox.sandbox import Sandbox

SANDBOX: web.AppKey[Sandbox] = web.AppKey("sandbox", Sandbox)


def json_answer(
    body: Mapping[str, object] | list[JsonObject],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return a JSON answer."""
    return web.Response(
        body=json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"),
        status=status,
        headers=headers,
        content_type="application/json",
        charset="utf-8",
    )


async def read_object(request: web.Request) -> JsonObject | None:
    """Return the JSON object of a body, None when it holds none."""
    try:
        found = json.loads(await request.read())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def linger(sandbox: Sandbox, channel: AnyPlatform) -> None:
    """Answer late, if that is today's misfortune; the call itself has worked."""
    seconds = sandbox.faults.delay(channel)
    if seconds > 0:
        await sandbox.sleep(seconds)


def unavailable() -> web.Response:
    """Answer as the gateway in front of a broken platform does: with a page."""
    text = "<html>Service Unavailable</html>"
    return web.Response(status=503, text=text, content_type="text/html")


def hang_up(request: web.Request) -> web.Response:
    """Close the connection before the answer: the service cannot know."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
