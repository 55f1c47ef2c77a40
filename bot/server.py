"""Which URLs are served, and how does the server start and stop?"""

from __future__ import annotations

import errno
import time
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.api.occasions import OccasionsApi
from bot.app import Service
from bot.console.routes import add_console
from bot.errors import PortBusyError
from bot.public.calendar_feed import CalendarFeeds
from bot.public.complaint_page import ComplaintPages
from bot.public.form_page import FormPages
from bot.public.letter_page import LetterPages
from bot.public.log_tiles import LogTiles
from bot.public.procedure_page import ProcedurePages
from bot.public.proof_page import ProofPages
from bot.public.survey_page import SurveyPages
from bot.webhooks.common import MAX_BODY
from handlers.staff.access.passwords import Hasher

Extend = Callable[[web.Application], None]

log = structlog.get_logger("http")


def application(
    service: Service, extend: Extend | None = None, hasher: Hasher | None = None
) -> web.Application:
    """Return the aiohttp application of one process; ``hasher`` makes passwords."""
    app = web.Application(client_max_size=MAX_BODY, middlewares=[last_resort])
    app.router.add_get("/healthz", service.health.healthz)
    app.router.add_get("/readyz", service.health.readyz)
    app.router.add_get("/metrics", service.health.show_metrics)
    app.router.add_get("/favicon.ico", no_icon)
    app.router.add_post("/webhooks/zalo", service.zalo.post)
    app.router.add_get("/webhooks/facebook", service.facebook.verify)
    app.router.add_post("/webhooks/facebook", service.facebook.post)
    service.staff_webhooks.add_routes(app)
    ProcedurePages(service.services).add_routes(app)
    FormPages(service.services).add_routes(app)
    ProofPages(service.services, service.database).add_routes(app)
    with_entries = service.config.evidence.publish_entries
    LogTiles(
        service.database, service.config.units, with_entries=with_entries
    ).add_routes(app)
    ComplaintPages(service.units, service.database, service.clock).add_routes(app)
    LetterPages(service.units, service.database).add_routes(app)
    OccasionsApi(
        service.config.units, service.letters.room, service.security, time.monotonic
    ).add_routes(app)
    CalendarFeeds(service.config.units, service.database, service.clock).add_routes(app)
    SurveyPages(service.units, service.database, service.clock).add_routes(app)
    add_console(app, service, hasher)
    if extend is not None:
        extend(app)
    return app


async def no_icon(request: web.Request) -> web.Response:
    """Browsers ask for an icon on pages that name none; there is none to find."""
    del request
    return web.Response(status=204, headers={"Cache-Control": "max-age=86400"})


@web.middleware
async def last_resort(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    """No traceback reaches a caller; what broke is logged by type and place."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:
        log.exception("request_failed", path=request.path, error=type(error).__name__)
        return web.json_response(
            {"error": "Dạ, xin lỗi, hệ thống đang gặp trục trặc. Xin thử lại sau ạ."},
            status=500,
        )


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Start listening; raises PortBusyError."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        if error.errno == errno.EADDRINUSE:
            raise PortBusyError(
                f"Cổng {host}:{port} đang có chương trình dùng."
            ) from None
        raise PortBusyError(f"Không mở được cổng {host}:{port}.") from error
    return runner


def port_of(runner: web.AppRunner) -> int:
    """Return the port that was given (for port 0)."""
    return int(runner.addresses[0][1])
