"""What do both webhooks do the same way: read, store, answer, count?"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.channels.wire import WireEvent
from bot.clock import Clock
from bot.ingest import Ingest, NotStoredError
from bot.metrics import Metrics
from bot.registry import Registry
from bot.security import SecurityEvents
from handlers.model import Channel

MAX_BODY = 512 * 1024
"""The largest webhook body taken, in bytes; the platforms send a few KiB."""
KEPT_HEADERS = (
    "X-ZEvent-Signature",
    "X-ZEvent-Server",
    "X-Hub-Signature-256",
    "num_retry",
    "User-Agent",
)

Handler = Callable[[web.Request], Awaitable[web.Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """What a webhook handler needs; wired once."""

    registry: Registry
    ingest: Ingest
    security: SecurityEvents
    metrics: Metrics
    clock: Clock


def answer(door: Door, channel: Channel, status: int, result: str) -> web.Response:
    """Count the call and return its answer."""
    door.metrics.count_webhook(channel.value, result)
    return web.Response(status=status, text="" if status == HTTPStatus.OK else result)


async def read_body(request: web.Request) -> bytes | None:
    """Return the raw bytes, None when there are too many; broken ones are a 400."""
    try:
        return await request.read()
    except web.HTTPRequestEntityTooLarge:
        return None
    except web.RequestPayloadError:
        raise web.HTTPBadRequest from None


async def store(
    door: Door,
    request: web.Request,
    channel: Channel,
    body: bytes,
    received_at: int,
    parts: Sequence[tuple[str, Sequence[WireEvent]]],
) -> web.Response:
    """Make the events of each unit durable, then answer 200; 503 when nothing can."""
    started = time.perf_counter()
    headers = {k: v for k in KEPT_HEADERS if (v := request.headers.get(k))}
    try:
        for unit_id, events in parts:
            await door.ingest.accept(
                unit_id, channel, body, headers, received_at, events
            )
    except NotStoredError:
        return answer(door, channel, 503, "not_stored")
    elapsed = time.perf_counter() - started
    door.metrics.ack_seconds.labels(channel.value).observe(elapsed)
    return answer(door, channel, 200, "stored")
