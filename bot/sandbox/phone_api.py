"""What can the phone page (or a test) ask of the sandbox, in JSON?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import BodyPartReader, web
from pydantic import TypeAdapter, ValidationError

from bot.sandbox import citizens, facebook_profile
from bot.sandbox.answers import SANDBOX, json_answer, read_object
from bot.sandbox.citizens import CITIZENS, Citizen
from bot.sandbox.errors import (
    NoSuchCitizenError,
    NoSuchEventError,
    SandboxConfigError,
    SandboxError,
    TooLargeError,
)
from bot.sandbox.files import StoredFile
from bot.sandbox.model import Act, ActKind, FaultRule, JsonObject, Platform
from bot.sandbox.phone_events import events
from bot.sandbox.sandbox import Sandbox

MOST_UPLOAD = 25 * 1024 * 1024
LONGEST_TEXT = 20_000
SENT_PAGE = 100_000
_ACT: TypeAdapter[Act] = TypeAdapter(Act)
_RULE: TypeAdapter[FaultRule] = TypeAdapter(FaultRule)


def add_api_routes(app: web.Application) -> None:
    """Put ``/sandbox/api/`` and ``/sandbox/files/`` into an app with a sandbox."""
    api = "/sandbox/api"
    router = app.router
    router.add_get(f"{api}/citizens", _citizens)
    router.add_get(f"{api}/threads/{{channel}}/{{user}}", _thread)
    router.add_post(f"{api}/send", _send)
    router.add_post(f"{api}/tap", _tap)
    router.add_post(f"{api}/upload", _upload)
    router.add_get(f"{api}/faults", _get_faults)
    router.add_post(f"{api}/faults", _set_faults)
    router.add_post(f"{api}/webhooks", _subscribe)
    router.add_post(f"{api}/reset", _reset)
    router.add_get(f"{api}/events", events)
    router.add_get(f"{api}/trace", _trace)
    router.add_get(f"{api}/sent", _sent)
    router.add_get(f"{api}/stats", _stats)
    router.add_get(f"{api}/wall", _wall)
    router.add_get("/sandbox/files/{file_id}", _file)


async def _citizens(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    config = sandbox.config
    return json_answer(
        {
            "citizens": [_person(one) for one in CITIZENS],
            "accounts": {"zalo": config.zalo.name, "facebook": config.facebook.name},
            "menu": facebook_profile.menu(sandbox.profile),
            "greeting": facebook_profile.greeting(sandbox.profile),
            "get_started": facebook_profile.get_started(sandbox.profile),
            "has_trace": sandbox.trace is not None,
        }
    )


def _person(citizen: Citizen) -> JsonObject:
    return {
        "key": citizen.key,
        "name": citizen.name,
        "age": citizen.age,
        "about": citizen.about,
        "colour": citizen.colour,
        "zalo": citizen.zalo_id,
        "facebook": citizen.facebook_id,
    }


async def _thread(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    channel = _channel(request.match_info["channel"])
    user_id = request.match_info["user"]
    contact = sandbox.audience.get(channel, user_id)
    if citizens.find(channel, user_id) is None or contact is None:
        raise _bad(NoSuchCitizenError())
    bubbles = sandbox.threads.get(channel, user_id)
    return json_answer(
        {
            "messages": [bubble.as_json() for bubble in bubbles],
            "is_gone": contact.is_gone,
            "has_written": contact.last_ms is not None,
        }
    )


async def _send(request: web.Request) -> web.Response:
    body = await _object(request)
    return _acted(request.app[SANDBOX], body, _act_of(body, ActKind.TEXT))


async def _tap(request: web.Request) -> web.Response:
    body = await _object(request)
    return _acted(request.app[SANDBOX], body, _act_of(body, ActKind.TAP))


def _act_of(body: JsonObject, kind: ActKind) -> Act:
    told = {k: v for k, v in body.items() if k not in ("channel", "user")}
    try:
        act = _ACT.validate_python({"kind": kind.value, **told})
    except ValidationError:
        raise _bad(NoSuchEventError()) from None
    if len(act.text) > LONGEST_TEXT:
        raise _bad(TooLargeError())
    return act


def _acted(sandbox: Sandbox, body: Mapping[str, Any], act: Act) -> web.Response:
    channel = _channel(str(body.get("channel")))
    try:
        message_id = sandbox.act(channel, str(body.get("user")), act)
    except SandboxError as error:
        raise _bad(error) from None
    except ValueError:
        raise _bad(NoSuchEventError()) from None
    return json_answer({"message_id": message_id})


async def _upload(request: web.Request) -> web.Response:
    """Keep a picture or document and send it as the citizen."""
    sandbox = request.app[SANDBOX]
    stored = await _stored(request, sandbox)
    base = sandbox.public_url or f"{request.scheme}://{request.host}"
    act = Act(
        ActKind.IMAGE if stored.is_picture else ActKind.FILE,
        url=f"{base}{stored.path}",
        name=stored.name,
        size=len(stored.data),
        checksum=stored.checksum,
    )
    return _acted(sandbox, request.query, act)


async def _stored(request: web.Request, sandbox: Sandbox) -> StoredFile:
    if not request.content_type.startswith("multipart/"):
        raise _bad(NoSuchEventError())
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            data = await _read(part)
            return sandbox.files.add(part.filename or "tep", data, sandbox.now_ms())
    raise _bad(NoSuchEventError())


async def _read(part: BodyPartReader) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > MOST_UPLOAD:
            raise _bad(TooLargeError())
    return bytes(data)


async def _get_faults(request: web.Request) -> web.Response:
    return json_answer(_weather(request.app[SANDBOX]))


async def _set_faults(request: web.Request) -> web.Response:
    """Set the rules that are named: ``{"slow": {"on": true, "seconds": 2}}``."""
    sandbox = request.app[SANDBOX]
    body = await _object(request)
    try:
        rules = {name: _RULE.validate_python(rule) for name, rule in body.items()}
        for name, rule in rules.items():
            sandbox.faults.set(name, rule)
    except ValidationError as error:
        raise _bad(SandboxConfigError(str(error.errors()[0]["loc"]))) from None
    except SandboxConfigError as error:
        raise _bad(error) from None
    return json_answer(_weather(sandbox))


def _weather(sandbox: Sandbox) -> JsonObject:
    return {
        "faults": sandbox.faults.as_json(),
        "disabled": sorted(one.value for one in sandbox.poster.disabled),
    }


async def _subscribe(request: web.Request) -> web.Response:
    """Switch webhooks on again, as a person does in the platform's console."""
    sandbox = request.app[SANDBOX]
    sandbox.poster.disabled.clear()
    return json_answer(_weather(sandbox))


async def _reset(request: web.Request) -> web.Response:
    """Forget talks, records and faults; tokens and people stay as they are."""
    sandbox = request.app[SANDBOX]
    sandbox.record.clear()
    sandbox.faults.clear()
    sandbox.faults.fired.clear()
    sandbox.poster.disabled.clear()
    sandbox.threads.clear()
    sandbox.feed.clear()
    sandbox.wall.clear()
    sandbox.room.clear()
    return json_answer({"ok": True})


async def _trace(request: web.Request) -> web.Response:
    """What became of one message: the service's steps and the platform's facts."""
    sandbox = request.app[SANDBOX]
    channel = _channel(request.query.get("channel", ""))
    message_id = request.query.get("message_id", "")
    bubble = sandbox.threads.find(channel, message_id)
    steps = (
        await sandbox.trace.steps(channel.value, message_id) if sandbox.trace else []
    )
    return json_answer(
        {
            "has_trace": sandbox.trace is not None,
            "steps": list(steps),
            "message": bubble.as_json() if bubble else None,
        }
    )


async def _sent(request: web.Request) -> web.Response:
    query = request.query
    after = query.get("after", "0")
    found = request.app[SANDBOX].record.sent(
        after=int(after) if after.isdecimal() else 0,
        channel=query.get("channel", ""),
        user_id=query.get("user", ""),
    )
    return json_answer({"sent": [one.as_json() for one in found[:SENT_PAGE]]})


async def _stats(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    return json_answer(
        {
            "counts": dict(sandbox.record.counts),
            "faults": dict(sandbox.faults.fired),
            "token_refreshes": sandbox.tokens.refreshes,
            "disabled": sorted(one.value for one in sandbox.poster.disabled),
        }
    )


async def _wall(request: web.Request) -> web.Response:
    """Return what stands for everybody to read."""
    return json_answer(request.app[SANDBOX].wall.as_json())


async def _file(request: web.Request) -> web.Response:
    """Serve a file so that a browser can only show it as a picture, or save it."""
    stored = request.app[SANDBOX].files.get(request.match_info["file_id"])
    if stored is None or stored.link:
        raise web.HTTPNotFound
    way = "inline" if stored.is_picture else "attachment"
    headers = {
        "Content-Disposition": way,
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return web.Response(body=stored.data, content_type=stored.kind, headers=headers)


async def _object(request: web.Request) -> JsonObject:
    body = await read_object(request)
    if body is None or request.content_type != "application/json":
        raise _bad(NoSuchEventError())
    return body


def _channel(name: str) -> Platform:
    try:
        return Platform(name)
    except ValueError:
        raise _bad(NoSuchCitizenError()) from None


def _bad(error: SandboxError) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(
        text=json.dumps({"error": type(error).__name__, "detail": str(error)}),
        content_type="application/json",
    )
