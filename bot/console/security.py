"""What does every answer say to the browser, and how are refusals told?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.console.errors import ConsoleError
from bot.console.house import House
from handlers.staff.people.errors import (
    ChangedMeanwhileError,
    MemberUnknownError,
    NotAllowedError,
    StrangerError,
)
from storage.errors import ConflictError, StorageError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
        " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STRICT_TRANSPORT = "max-age=31536000"
BAD, FORBIDDEN, MISSING, CONFLICT = 400, 403, 404, 409
AWAY, BROKEN = 503, 500
HTTP_WORDS = {
    404: ("Dạ, không có trang này.", "Xin chọn một mục, hoặc về trang đầu."),
    405: ("Dạ, trang này không nhận cách gửi đó.", "Xin quay lại trang trước."),
    413: ("Dạ, nội dung gửi lên quá lớn.", "Xin rút gọn, hoặc chọn tệp nhỏ hơn."),
}
CHANGED = (
    "Dạ, thông tin này vừa được người khác sửa.",
    "Xin xem lại bản mới nhất rồi làm lại.",
)
BUSY = (
    "Dạ, kho dữ liệu đang bận.",
    "Xin chờ một phút rồi tải lại trang; nội dung đang viết được giữ trên máy.",
)
FAILED = ("Dạ, xin lỗi, hệ thống đang gặp trục trặc.", "Xin thử lại sau ít phút.")

log = structlog.get_logger("console")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Signal = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody is told: a status, a sentence, a hint."""

    status: int
    sentence: str
    hint: str


def middleware(house: House) -> Middleware:
    """Return the middleware of the console: headers on all, a page for every error."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            response = _http(house, error)
        except Exception as error:  # noqa: BLE001  the edge: each becomes a page
            response = show(house, refusal(error, request.path))
        return response

    return guard


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put our headers on an answer, just before it goes (a signal of the app)."""
    del request
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


def refusal(error: Exception, path: str) -> Refusal:
    """Return what to say about an error; one that is unexpected is logged."""
    if isinstance(error, ConsoleError):
        return Refusal(error.status, str(error), error.hint)
    if isinstance(error, ConflictError):
        return Refusal(CONFLICT, *CHANGED)
    if isinstance(error, StorageError):
        log.warning("console_storage", error=type(error).__name__)
        return Refusal(AWAY, *BUSY)
    hint = getattr(error, "hint", None)
    if isinstance(hint, str):
        return Refusal(_status(error), str(error), hint)
    log.error("console_failed", path=path, exc_info=error)
    return Refusal(BROKEN, *FAILED)


def _status(error: Exception) -> int:
    if isinstance(error, NotAllowedError | StrangerError):
        return FORBIDDEN
    if isinstance(error, ChangedMeanwhileError):
        return CONFLICT
    return MISSING if isinstance(error, MemberUnknownError) else BAD


def show(house: House, told: Refusal) -> web.Response:
    """Return a page with one sentence and a hint."""
    text = house.renderer.render("refused.html", told=told)
    return web.Response(text=text, status=told.status, content_type="text/html")


def _http(house: House, error: web.HTTPException) -> web.StreamResponse:
    if error.status < BAD:
        return error
    words = ("Dạ, chưa làm được việc này.", "Xin quay lại trang trước và thử lại.")
    sentence, hint = HTTP_WORDS.get(error.status, words)
    response = show(house, Refusal(error.status, sentence, hint))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
