"""How does a call of a bot arrive? As JSON, a form or multipart, under its token.

Telegram and the Zalo Bot platform use the same shape of address; the token tells
which of the two is meant.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.sandbox.answers import SANDBOX, json_answer, read_object, unavailable
from bot.sandbox.faults import Fault
from bot.sandbox.files import StoredFile
from bot.sandbox.model import JsonObject, StaffPlatform
from bot.sandbox.sandbox import Sandbox

RETRY_SECONDS = 3
NESTED = ("reply_markup", "allowed_updates")


class BotRefusal(Exception):  # noqa: N818  a value of the emulation, not our fault
    """The platform refuses a call."""

    def __init__(self, code: int, description: str, retry_after: int = 0) -> None:
        super().__init__(code, description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class BotCall:
    """One call: what it asks, and a file that came with it."""

    request: web.Request
    fields: JsonObject
    upload: StoredFile | None = None

    def text(self, name: str) -> str:
        """Return a field as text, "" when it is not there."""
        value = self.fields.get(name, "")
        is_plain = isinstance(value, str | int) and not isinstance(value, bool)
        return str(value) if is_plain else ""


Method = Callable[[Sandbox, BotCall], Awaitable[web.Response]]


def add_bot_routes(
    app: web.Application, methods: Mapping[StaffPlatform, Mapping[str, Method]]
) -> None:
    """Serve ``/bot<token>/<method>`` for both platforms."""

    async def handler(request: web.Request) -> web.Response:
        sandbox = request.app[SANDBOX]
        token = request.match_info["token"]
        platform = platform_of(sandbox, token)
        if platform is None:
            return refusal(BotRefusal(401, "Unauthorized"))
        sandbox.record.counts[f"{platform.value}.calls"] += 1
        if sandbox.faults.fires(Fault.SERVER_ERROR, platform):
            return unavailable()
        try:
            _weather(sandbox, platform)
            name = request.match_info["method"].lower()
            method = methods[platform].get(name, _no_such_method)
            return await method(sandbox, await _call(sandbox, request))
        except BotRefusal as refused:
            sandbox.record.counts[f"{platform.value}.refused.{refused.code}"] += 1
            return refusal(refused)

    app.router.add_route("*", "/bot{token:[^/]+}/{method:[A-Za-z]+}", handler)


async def _no_such_method(sandbox: Sandbox, call: BotCall) -> web.Response:
    del sandbox, call
    raise BotRefusal(404, "Not Found")


def platform_of(sandbox: Sandbox, token: str) -> StaffPlatform | None:
    """Return whose token that is."""
    known = {
        StaffPlatform.TELEGRAM: sandbox.config.telegram.bot_token,
        StaffPlatform.ZALO_BOT: sandbox.config.zalo_bot.bot_token,
    }
    return next(
        (
            platform
            for platform, ours in known.items()
            if hmac.compare_digest(token.encode(), ours.encode())
        ),
        None,
    )


def accept(result: object) -> web.Response:
    """Return the envelope of a success."""
    return json_answer({"ok": True, "result": result})


def refusal(refused: BotRefusal) -> web.Response:
    """Return the envelope of an error, with its HTTP status."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refused.code,
        "description": refused.description,
    }
    if refused.retry_after:
        body["parameters"] = {"retry_after": refused.retry_after}
    return json_answer(body, status=refused.code)


def too_many(seconds: int) -> BotRefusal:
    """Return what both say when there were too many calls."""
    return BotRefusal(429, f"Too Many Requests: retry after {seconds}", seconds)


def _weather(sandbox: Sandbox, platform: StaffPlatform) -> None:
    if sandbox.faults.fires(Fault.RATE_LIMIT, platform):
        raise too_many(RETRY_SECONDS)
    if sandbox.faults.fires(Fault.EXPIRED_TOKEN, platform):
        raise BotRefusal(401, "Unauthorized")


async def _call(sandbox: Sandbox, request: web.Request) -> BotCall:
    fields: JsonObject = dict(request.query)
    if request.content_type == "application/json":
        told = await read_object(request)
        if told is None:
            raise BotRefusal(400, "Bad Request: can't parse JSON")
        return BotCall(request, fields | told)
    upload = None
    if request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                data = value.file.read()
                upload = sandbox.files.add(value.filename, data, sandbox.now_ms())
            else:
                fields[name] = _nested(name, str(value))
    return BotCall(request, fields, upload)


def _nested(name: str, value: str) -> object:
    if name not in NESTED:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise BotRefusal(400, f"Bad Request: can't parse {name}") from None
