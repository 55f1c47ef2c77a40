"""The baseline: a bare aiohttp handler that checks and parses, and stores nothing."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from aiohttp import web

from bot.channels import wire
from bot.channels.zalo import signature
from bot.channels.zalo.parse import parse
from bot.sandbox.model import ZaloAccount

ACCOUNT = ZaloAccount()


async def handle(request: web.Request) -> web.Response:
    """Do what the real webhook does, without a database."""
    body = await request.read()
    document = wire.load(body)
    is_signed = signature.verify(
        body,
        request.headers.get("X-ZEvent-Signature"),
        secret=ACCOUNT.signing_secret,
        first_term=ACCOUNT.signing_id,
        timestamp=signature.timestamp_of(document),
    )
    if not is_signed:
        return web.Response(status=403)
    parse(document, datetime.now(UTC), oa_ids=(ACCOUNT.oa_id,))
    return web.Response()


def main() -> None:
    """Serve on the port given."""
    app = web.Application()
    app.router.add_post("/webhooks/zalo", handle)
    app.router.add_get("/readyz", lambda _request: _ok())
    web.run_app(
        app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None
    )


async def _ok() -> web.Response:
    return web.Response()


if __name__ == "__main__":
    main()
