"""Which calls does the emulated Graph API answer? (PLATFORMS 3.2, 3.3)"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.clock import from_ms
from bot.sandbox import citizens, facebook_profile
from bot.sandbox.answers import SANDBOX, hang_up, json_answer, linger
from bot.sandbox.audience import Contact
from bot.sandbox.facebook_answers import (
    NO_USER,
    PARAMETER,
    RATE,
    REPLIED,
    TEMPORARY,
    TOKEN,
    TOO_BIG,
    GraphRefusal,
    refuse,
)
from bot.sandbox.facebook_content import check_envelope, media, read_message
from bot.sandbox.faults import Fault
from bot.sandbox.feed import PageComment
from bot.sandbox.files import StoredFile
from bot.sandbox.model import JsonObject, Platform
from bot.sandbox.sandbox import Acceptance, Sandbox
from bot.sandbox.threads import Shown

FACEBOOK = Platform.FACEBOOK
VERSION = r"{version:v\d+\.\d+}"
PICTURE_BYTES = 8 * 1024 * 1024
FILE_BYTES = 25 * 1024 * 1024
ACTIONS = ("typing_on", "typing_off", "mark_seen")
SUBSCRIBED = (
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "messaging_handovers",
    "standby",
    "feed",
)


@dataclass(frozen=True, slots=True)
class GraphCall:
    """One call: fields from the query, a form or a JSON body, and a file with it."""

    request: web.Request
    fields: dict[str, Any]
    upload: StoredFile | None


Answer = Callable[[Sandbox, GraphCall], Awaitable[web.Response]]


def add_facebook_routes(app: web.Application) -> None:
    """Put the real paths of the Graph API into an app which holds a sandbox."""
    node = f"/{VERSION}/{{node}}"
    router = app.router
    router.add_post(f"{node}/messages", _guarded(_messages))
    router.add_post(f"{node}/message_attachments", _guarded(_attachment))
    router.add_get(f"{node}/messenger_profile", _guarded(_get_profile))
    router.add_post(f"{node}/messenger_profile", _guarded(_set_profile))
    router.add_delete(f"{node}/messenger_profile", _guarded(_delete_profile))
    router.add_get(f"{node}/subscribed_apps", _guarded(_subscribed))
    router.add_post(f"{node}/subscribed_apps", _guarded(_subscribe))
    router.add_post(
        f"{node}/{{verb:pass|take|request}}_thread_control", _guarded(_control)
    )
    router.add_post(f"{node}/comments", _guarded(_under_comment))
    router.add_post(f"{node}/feed", _guarded(_post))
    router.add_get(f"{node}/feed", _guarded(_posts))
    router.add_get(node, _guarded(_node))


def _guarded(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Let faults, rate and token speak before the call does."""

    async def handler(request: web.Request) -> web.Response:
        sandbox = request.app[SANDBOX]
        sandbox.record.counts["facebook.calls"] += 1
        try:
            call = await _call(sandbox, request)
            _check(sandbox, call)
            return await answer(sandbox, call)
        except GraphRefusal as refusal:
            sandbox.record.counts[f"facebook.refused.{refusal.pair[0]}"] += 1
            return refuse(refusal)

    return handler


async def _call(sandbox: Sandbox, request: web.Request) -> GraphCall:
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return GraphCall(request, fields | await _json(request), None)
    upload = None
    if request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                upload = _keep(sandbox, value)
            else:
                fields[name] = _maybe_json(str(value))
    return GraphCall(request, fields, upload)


async def _json(request: web.Request) -> JsonObject:
    try:
        found = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise GraphRefusal(PARAMETER, "JSON") from None
    if not isinstance(found, dict):
        raise GraphRefusal(PARAMETER, "JSON")
    return found


def _maybe_json(value: str) -> Any:
    """Forms carry objects as JSON text, as Graph reads them."""
    if not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise GraphRefusal(PARAMETER, "JSON") from None


def _keep(sandbox: Sandbox, part: FileField) -> StoredFile:
    is_picture = (part.content_type or "").startswith("image/")
    limit = PICTURE_BYTES if is_picture else FILE_BYTES
    data = part.file.read(limit + 1)
    if len(data) > limit:
        raise GraphRefusal(TOO_BIG)
    return sandbox.files.add(part.filename, data, sandbox.now_ms())


def _check(sandbox: Sandbox, call: GraphCall) -> None:
    faults = sandbox.faults
    if faults.fires(Fault.SERVER_ERROR, FACEBOOK):
        raise GraphRefusal(TEMPORARY)
    if faults.fires(Fault.RATE_LIMIT, FACEBOOK):
        raise GraphRefusal(RATE, status=429)
    if not sandbox.rates[FACEBOOK].take(sandbox.now_ms()):
        raise GraphRefusal(RATE)
    account = sandbox.config.facebook
    is_expired = faults.fires(Fault.EXPIRED_TOKEN, FACEBOOK)
    token = _token(call)
    if is_expired or token != account.page_access_token:
        raise GraphRefusal(TOKEN)
    _check_proof(call, account.app_secret, token)


def _check_proof(call: GraphCall, app_secret: str, token: str) -> None:
    """The proof is optional, but a wrong one is refused."""
    key = app_secret.encode()
    expected = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
    if call.fields.get("appsecret_proof", expected) != expected:
        raise GraphRefusal(PARAMETER, "appsecret_proof")


def _token(call: GraphCall) -> str:
    header = call.request.headers.get("Authorization", "")
    return str(call.fields.get("access_token") or header.removeprefix("Bearer "))


def _require_page(sandbox: Sandbox, call: GraphCall) -> None:
    if call.request.match_info["node"] not in ("me", sandbox.config.facebook.page_id):
        raise GraphRefusal(PARAMETER, "node")


def _recipient(sandbox: Sandbox, call: GraphCall) -> tuple[str, Contact]:
    recipient = call.fields.get("recipient")
    user_id = recipient.get("id") if isinstance(recipient, dict) else None
    known = str(user_id) if isinstance(user_id, str | int) else ""
    contact = sandbox.audience.get(FACEBOOK, known)
    if contact is None:
        raise GraphRefusal(NO_USER)
    return known, contact


async def _messages(sandbox: Sandbox, call: GraphCall) -> web.Response:
    _require_page(sandbox, call)
    if (comment := _commented(sandbox, call)) is not None:
        return await _private_reply(sandbox, call, comment)
    user_id, contact = _recipient(sandbox, call)
    if "sender_action" in call.fields:
        return _action(sandbox, call, user_id)
    check_envelope(call.fields)
    shown = read_message(call.fields, sandbox.files, call.upload)
    refusal = sandbox.audience.facebook_refusal(contact, call.fields, sandbox.now_ms())
    if refusal is not None:
        raise GraphRefusal(refusal)
    return await _accept(sandbox, call, user_id, shown)


async def _accept(
    sandbox: Sandbox, call: GraphCall, user_id: str, shown: Shown
) -> web.Response:
    dropped = sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, FACEBOOK)
    body = {k: v for k, v in call.fields.items() if k != "access_token"}
    sent = sandbox.accept(Acceptance(FACEBOOK, user_id, body, shown, dropped))
    await linger(sandbox, FACEBOOK)
    if dropped:
        return hang_up(call.request)
    return json_answer({"recipient_id": user_id, "message_id": sent.message_id})


def _commented(sandbox: Sandbox, call: GraphCall) -> PageComment | None:
    """Return the comment that a private reply names, None for another recipient."""
    recipient = call.fields.get("recipient")
    if not isinstance(recipient, dict) or "comment_id" not in recipient:
        return None
    found = sandbox.feed.get(str(recipient["comment_id"]))
    if found is None:
        raise GraphRefusal(NO_USER)
    return found


async def _private_reply(
    sandbox: Sandbox, call: GraphCall, comment: PageComment
) -> web.Response:
    if not sandbox.feed.may_reply(comment, sandbox.now_ms()):
        raise GraphRefusal(REPLIED)
    shown = read_message(call.fields, sandbox.files, call.upload)
    comment.has_private_reply = True
    return await _accept(sandbox, call, comment.citizen.facebook_id, shown)


async def _under_comment(sandbox: Sandbox, call: GraphCall) -> web.Response:
    """Let the page answer under a comment; Meta tells us of that, as of any other."""
    found = sandbox.feed.get(call.request.match_info["node"])
    said = call.fields.get("message")
    if found is None or not isinstance(said, str) or not said:
        raise GraphRefusal(PARAMETER, "comment")
    found.replies.append(said)
    return json_answer({"id": f"{found.comment_id}{len(found.replies)}"})


async def _post(sandbox: Sandbox, call: GraphCall) -> web.Response:
    """Put a post on the page (3.4)."""
    _require_page(sandbox, call)
    said = call.fields.get("message")
    if not isinstance(said, str) or not said.strip():
        raise GraphRefusal(PARAMETER, "message")
    made = sandbox.wall.post(sandbox.config.facebook.page_id, said, sandbox.now_ms())
    sandbox.hub.publish({"type": "wall"})
    await linger(sandbox, FACEBOOK)
    if sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, FACEBOOK):
        return hang_up(call.request)
    return json_answer({"id": made.post_id})


async def _posts(sandbox: Sandbox, call: GraphCall) -> web.Response:
    """List the page's posts, the newest first."""
    _require_page(sandbox, call)
    told = str(call.fields.get("limit", "25"))
    limit = int(told) if told.isdecimal() else 25
    data = [
        {
            "id": one.post_id,
            "message": one.text,
            "created_time": f"{from_ms(one.at_ms):%Y-%m-%dT%H:%M:%S+0000}",
        }
        for one in sandbox.wall.posts[::-1][:limit]
    ]
    return json_answer({"data": data})


def _action(sandbox: Sandbox, call: GraphCall, user_id: str) -> web.Response:
    action = call.fields["sender_action"]
    if action not in ACTIONS or "message" in call.fields:
        raise GraphRefusal(PARAMETER, "sender_action")
    if action == "mark_seen":
        sandbox.threads.mark(FACEBOOK, user_id, "seen", "citizen")
    else:
        sandbox.threads.typing(FACEBOOK, user_id, action == "typing_on")
    return json_answer({"recipient_id": user_id})


async def _attachment(sandbox: Sandbox, call: GraphCall) -> web.Response:
    """Keep an upload for later messages; a file elsewhere is fetched by nobody."""
    _require_page(sandbox, call)
    if call.upload is not None:
        return json_answer({"attachment_id": call.upload.file_id})
    message = call.fields.get("message")
    part = message.get("attachment") if isinstance(message, dict) else None
    payload = part.get("payload") if isinstance(part, dict) else None
    if not isinstance(payload, dict):
        raise GraphRefusal(PARAMETER, "attachment")
    url = media(payload, sandbox.files, None).links[0]
    stored = sandbox.files.add_link(url, sandbox.now_ms())
    return json_answer({"attachment_id": stored.file_id})


async def _get_profile(sandbox: Sandbox, call: GraphCall) -> web.Response:
    fields = str(call.fields.get("fields", "")).split(",")
    return json_answer(
        {"data": [{k: v for k, v in sandbox.profile.items() if k in fields}]}
    )


async def _set_profile(sandbox: Sandbox, call: GraphCall) -> web.Response:
    change = {k: v for k, v in call.fields.items() if k not in _CREDENTIALS}
    sandbox.profile = facebook_profile.merged(sandbox.profile, change)
    sandbox.hub.publish({"type": "profile"})
    return json_answer({"result": "success"})


_CREDENTIALS = ("access_token", "appsecret_proof")


async def _delete_profile(sandbox: Sandbox, call: GraphCall) -> web.Response:
    sandbox.profile = facebook_profile.without(
        sandbox.profile, call.fields.get("fields")
    )
    sandbox.hub.publish({"type": "profile"})
    return json_answer({"result": "success"})


async def _subscribed(sandbox: Sandbox, call: GraphCall) -> web.Response:
    """An app that failed for an hour is not in the list any more."""
    _require_page(sandbox, call)
    app = {"id": sandbox.config.facebook.app_id, "subscribed_fields": list(SUBSCRIBED)}
    is_off = FACEBOOK in sandbox.poster.disabled
    return json_answer({"data": [] if is_off else [app]})


async def _subscribe(sandbox: Sandbox, call: GraphCall) -> web.Response:
    _require_page(sandbox, call)
    sandbox.poster.disabled.discard(FACEBOOK)
    return json_answer({"success": True})


async def _control(sandbox: Sandbox, call: GraphCall) -> web.Response:
    _require_page(sandbox, call)
    _recipient(sandbox, call)
    return json_answer({"success": True})


async def _node(sandbox: Sandbox, call: GraphCall) -> web.Response:
    account, node = sandbox.config.facebook, call.request.match_info["node"]
    if node in ("me", account.page_id):
        return json_answer({"id": account.page_id, "name": account.name})
    person = citizens.find(FACEBOOK, node)
    if person is None:
        raise GraphRefusal(PARAMETER, "node")
    first, _, last = person.name.rpartition(" ")
    return json_answer({"first_name": last, "last_name": first, "id": node})
