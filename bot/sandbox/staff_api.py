"""What can the staff page (or a test) ask of the sandbox, in JSON?"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import BodyPartReader, web

from bot.sandbox import officers, staff_acts
from bot.sandbox.answers import SANDBOX, json_answer, read_object
from bot.sandbox.errors import NoSuchEventError, SandboxError, TooLargeError
from bot.sandbox.model import JsonObject, StaffPlatform
from bot.sandbox.officers import OFFICERS, Officer
from bot.sandbox.sandbox import Sandbox

MOST_PHOTO = 10 * 1024 * 1024
LONGEST_TEXT = 4096


def add_staff_api(app: web.Application) -> None:
    """Put ``/sandbox/api/staff`` into an app with a sandbox."""
    api = "/sandbox/api/staff"
    app.router.add_get(api, _room)
    app.router.add_post(f"{api}/say", _say)
    app.router.add_post(f"{api}/tap", _tap)
    app.router.add_post(f"{api}/photo", _photo)


async def _room(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    told = {
        "officers": [_officer(one) for one in OFFICERS],
        "names": {
            "telegram": sandbox.config.telegram.name,
            "zalo_bot": sandbox.config.zalo_bot.name,
        },
    }
    return json_answer(told | sandbox.room.as_json())


def _officer(officer: Officer) -> JsonObject:
    return {
        "key": officer.key,
        "name": officer.name,
        "title": officer.title,
        "colour": officer.colour,
        "telegram": officer.telegram_id,
        "zalo_bot": officer.zalo_bot_id,
    }


async def _say(request: web.Request) -> web.Response:
    """Write: ``{"platform", "officer", "text", "place", "reply_to"}``."""
    sandbox, body = request.app[SANDBOX], await _object(request)
    text = str(body.get("text", ""))
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise _bad(TooLargeError())
    officer = _who(body)
    if body.get("platform") == StaffPlatform.ZALO_BOT.value:
        line = staff_acts.say_to_bot(sandbox, officer, text)
    else:
        line = staff_acts.say_in_group(sandbox, officer, text, **_where(sandbox, body))
    return json_answer({"message_id": line.message_id})


async def _tap(request: web.Request) -> web.Response:
    """Press: ``{"officer", "message_id", "data"}``."""
    sandbox, body = request.app[SANDBOX], await _object(request)
    try:
        number = int(body.get("message_id", 0))
        query = staff_acts.tap(sandbox, _who(body), number, str(body.get("data")))
    except (ValueError, TypeError):
        raise _bad(NoSuchEventError()) from None
    except SandboxError as error:
        raise _bad(error) from None
    return json_answer({"query_id": query})


async def _photo(request: web.Request) -> web.Response:
    """Send a picture in a topic: multipart ``file``, the rest in the query."""
    sandbox = request.app[SANDBOX]
    officer, where = _who(request.query), _where(sandbox, request.query)
    if not request.content_type.startswith("multipart/"):
        raise _bad(NoSuchEventError())
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            data = bytes(await part.read())
            if len(data) > MOST_PHOTO:
                raise _bad(TooLargeError())
            stored = sandbox.files.add(part.filename or "anh", data, sandbox.now_ms())
            line = staff_acts.say_in_group(
                sandbox, officer, "", picture=stored.path, **where
            )
            return json_answer({"message_id": line.message_id})
    raise _bad(NoSuchEventError())


def _who(body: Any) -> Officer:
    try:
        return staff_acts.need(officers.find(str(body.get("officer", ""))))
    except SandboxError as error:
        raise _bad(error) from None


def _where(sandbox: Sandbox, body: Any) -> dict[str, Any]:
    place, reply_to = str(body.get("place") or ""), str(body.get("reply_to") or "0")
    is_known = not place or (place.isdecimal() and int(place) in sandbox.room.topics)
    if not is_known or not reply_to.isdecimal():
        raise _bad(NoSuchEventError())
    return {"place": place, "reply_to": int(reply_to)}


async def _object(request: web.Request) -> JsonObject:
    body = await read_object(request)
    if body is None or request.content_type != "application/json":
        raise _bad(NoSuchEventError())
    return body


def _bad(error: SandboxError) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(
        text=json.dumps({"error": type(error).__name__, "detail": str(error)}),
        content_type="application/json",
    )
