"""How do the emulated platforms become a server, and the phone a page?"""

from __future__ import annotations

import asyncio
from importlib.resources import files

from aiohttp import web

from bot.sandbox import telegram, zalo_bot
from bot.sandbox.answers import SANDBOX
from bot.sandbox.bot_calls import add_bot_routes
from bot.sandbox.delivery import Sleep
from bot.sandbox.facebook import add_facebook_routes
from bot.sandbox.model import SandboxConfig, StaffPlatform, Trace
from bot.sandbox.phone_api import add_api_routes
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.staff_api import add_staff_api
from bot.sandbox.zalo import add_zalo_routes
from handlers.ports import Clock

LARGEST_BODY = 26 * 1024 * 1024
TYPES = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
        " connect-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


def create_sandbox(
    config: SandboxConfig,
    clock: Clock,
    *,
    trace: Trace | None = None,
    sleep: Sleep = asyncio.sleep,
) -> web.Application:
    """Return the app with both platforms' APIs, the phone and its JSON API.

    The state is ``app[SANDBOX]``; it starts and stops with the app.
    """
    app = web.Application(client_max_size=LARGEST_BODY)
    sandbox = Sandbox(config, clock, trace=trace, sleep=sleep)
    add_phone_routes(app, sandbox)
    add_zalo_routes(app)
    add_facebook_routes(app)
    add_bot_routes(
        app,
        {
            StaffPlatform.TELEGRAM: telegram.METHODS,
            StaffPlatform.ZALO_BOT: zalo_bot.METHODS,
        },
    )
    telegram.add_file_route(app)
    app.on_startup.append(_start)
    app.on_shutdown.append(_close)
    return app


def add_phone_routes(app: web.Application, sandbox: Sandbox) -> None:
    """Let another app (the service's own) serve ``/sandbox/`` for a sandbox."""
    app[SANDBOX] = sandbox
    add_api_routes(app)
    add_staff_api(app)
    app.router.add_get("/sandbox", _to_page)
    app.router.add_get("/sandbox/", _page)
    app.router.add_get("/sandbox/staff", _staff_page)
    app.router.add_get("/sandbox/wall", _wall_page)
    app.router.add_get("/sandbox/static/{name}", _static)
    app.on_shutdown.append(_let_pages_go)


async def _start(app: web.Application) -> None:
    await app[SANDBOX].start()


async def _let_pages_go(app: web.Application) -> None:
    app[SANDBOX].hub.close()


async def _close(app: web.Application) -> None:
    await app[SANDBOX].close()


async def _to_page(request: web.Request) -> web.Response:
    del request
    raise web.HTTPFound("/sandbox/")


async def _page(request: web.Request) -> web.Response:
    del request
    return _served("phone.html")


async def _staff_page(request: web.Request) -> web.Response:
    del request
    return _served("staff.html")


async def _wall_page(request: web.Request) -> web.Response:
    del request
    return _served("wall.html")


async def _static(request: web.Request) -> web.Response:
    return _served(request.match_info["name"])


def _served(name: str) -> web.Response:
    """Serve one of our own pages; the name must be one of those that exist."""
    folder = files("bot.sandbox") / "pages"
    kind = TYPES.get(name.rpartition(".")[2])
    found = next((one for one in folder.iterdir() if one.name == name), None)
    if kind is None or found is None:
        raise web.HTTPNotFound
    return web.Response(
        body=found.read_bytes(),
        content_type=kind,
        charset="utf-8",
        headers=PAGE_HEADERS,
    )
