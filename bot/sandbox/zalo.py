"""Which calls does the emulated Zalo Open API answer? (PLATFORMS 1.3, 1.6, 1.8)"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from aiohttp import BodyPartReader, web

from bot.sandbox import citizens, zalo_articles, zbs
from bot.sandbox.answers import (
    SANDBOX,
    hang_up,
    json_answer,
    linger,
    read_object,
    unavailable,
)
from bot.sandbox.audience import ZALO_FREE_REPLIES, Contact, Quota
from bot.sandbox.faults import Fault
from bot.sandbox.files import StoredFile
from bot.sandbox.model import JsonObject, Platform
from bot.sandbox.sandbox import Acceptance, Sandbox
from bot.sandbox.zalo_answers import (
    BAD_PROOF,
    BAD_TYPE,
    INVALID,
    RATE,
    SHUT_DOWN,
    TOO_MUCH,
    ZaloRefusal,
    accept,
    refuse,
)
from bot.sandbox.zalo_content import read_message

ZALO = Platform.ZALO
MEGABYTE = 1024 * 1024
UPLOADS = {
    "image": (MEGABYTE, ("png", "jpg", "jpeg")),
    "gif": (5 * MEGABYTE, ("gif",)),
    "file": (5 * MEGABYTE, ("pdf", "doc", "docx", "csv")),
}
REACTIONS = frozenset({":>--b", "-:((", "/-strong", "/-heart", "-h:o", "/-remove"})

Call = Callable[[Sandbox, web.Request], Awaitable[web.Response]]


def add_zalo_routes(app: web.Application) -> None:
    """Put the real paths of Zalo into an app which holds a sandbox."""
    router = app.router
    router.add_post("/v3.0/oa/message/cs", _guarded(_send))
    router.add_post("/v3.0/oa/message/{dead:transaction|promotion}", _guarded(_dead))
    router.add_post("/v2.0/oa/message", _guarded(_react))
    router.add_post("/v2.0/oa/upload/{kind:image|gif|file}", _guarded(_upload))
    router.add_post("/v2.0/article/create", _guarded(zalo_articles.create))
    router.add_post("/v2.0/article/verify", _guarded(zalo_articles.verify))
    router.add_get("/v2.0/article/getslice", _guarded(zalo_articles.listed))
    zbs.add_zbs_routes(app, _guarded)
    router.add_get("/v2.0/oa/getoa", _guarded(_get_oa))
    router.add_get("/v2.0/oa/{dead:getfollowers|getprofile}", _guarded(_shut_down))
    router.add_get("/v3.0/oa/user/detail", _guarded(_user))
    router.add_post("/v3.0/oa/quota/message", _guarded(_quota))
    router.add_post("/v4/oa/access_token", _token)
    router.add_get("/v4/oa/permission", _consent)


def _guarded(call: Call) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Let faults, rate and token speak before the call does."""

    async def handler(request: web.Request) -> web.Response:
        sandbox = request.app[SANDBOX]
        sandbox.record.counts["zalo.calls"] += 1
        if sandbox.faults.fires(Fault.SERVER_ERROR, ZALO):
            return unavailable()
        try:
            _check(sandbox, request)
            return await call(sandbox, request)
        except ZaloRefusal as refusal:
            sandbox.record.counts[f"zalo.refused.{refusal.code}"] += 1
            return refuse(refusal, sandbox.rates[ZALO])

    return handler


def _check(sandbox: Sandbox, request: web.Request) -> None:
    now_ms = sandbox.now_ms()
    is_fast = not sandbox.rates[ZALO].take(now_ms)
    if is_fast or sandbox.faults.fires(Fault.RATE_LIMIT, ZALO):
        raise ZaloRefusal(RATE)
    if sandbox.faults.fires(Fault.EXPIRED_TOKEN, ZALO):
        sandbox.tokens.expire()
    token = request.headers.get("access_token")
    code = sandbox.tokens.refusal(token, now_ms)
    if code:
        raise ZaloRefusal(code)
    _check_proof(sandbox, token or "", request.headers.get("appsecret_proof"))


def _check_proof(sandbox: Sandbox, token: str, proof: str | None) -> None:
    """The proof is optional, but a wrong one is refused (1.3)."""
    key = sandbox.config.zalo.app_secret.encode()
    expected = hmac.new(key, token.encode(), hashlib.sha256).hexdigest()
    if proof is not None and proof != expected:
        raise ZaloRefusal(BAD_PROOF)


async def _send(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await _object(request)
    user_id, contact = _recipient(sandbox, body)
    now_ms = sandbox.now_ms()
    shown = read_message(
        body,
        sandbox.files,
        now_ms,
        list_template=sandbox.config.zalo.list_template,
    )
    refusal = sandbox.audience.zalo_refusal(contact, now_ms)
    if refusal:
        raise ZaloRefusal(refusal)
    quota = sandbox.audience.zalo_quota(contact, now_ms)
    dropped = sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, ZALO)
    sent = sandbox.accept(Acceptance(ZALO, user_id, body, shown, dropped))
    await linger(sandbox, ZALO)
    if dropped:
        return hang_up(request)
    data = _sent_data(sandbox, user_id, sent.message_id, sent.at_ms, quota)
    return accept(data, sandbox.rates[ZALO])


def _sent_data(
    sandbox: Sandbox, user_id: str, message_id: str, at_ms: int, quota: Quota
) -> JsonObject:
    return {
        "message_id": message_id,
        "user_id": user_id,
        "sent_time": str(at_ms),
        "quota": {
            "quota_type": quota.quota_type,
            "remain": quota.remain,
            "total": quota.total,
            "owner_type": "OA",
            "owner_id": sandbox.config.zalo.oa_id,
        },
    }


async def _object(request: web.Request) -> JsonObject:
    body = await read_object(request)
    if body is None:
        raise ZaloRefusal(INVALID, "body")
    return body


def _recipient(sandbox: Sandbox, body: JsonObject) -> tuple[str, Contact]:
    recipient = body.get("recipient")
    user_id = recipient.get("user_id") if isinstance(recipient, dict) else None
    return _contact(sandbox, user_id)


def _contact(sandbox: Sandbox, user_id: object) -> tuple[str, Contact]:
    known = str(user_id) if isinstance(user_id, str | int) else ""
    contact = sandbox.audience.get(ZALO, known)
    if contact is None:
        raise ZaloRefusal(INVALID, "user_id")
    return known, contact


async def _dead(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Free-form transaction and promotion messages stopped on 2026-03-01."""
    del sandbox, request
    raise ZaloRefusal(BAD_TYPE)


async def _shut_down(sandbox: Sandbox, request: web.Request) -> web.Response:
    del sandbox, request
    raise ZaloRefusal(SHUT_DOWN)


async def _react(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Only reactions and broadcasts of articles are left of the old message call."""
    body = await _object(request)
    if "target" in (body.get("recipient") or {}):
        return await zalo_articles.broadcast(sandbox, request, body)
    action = body.get("sender_action")
    if not isinstance(action, dict):
        raise ZaloRefusal(SHUT_DOWN)
    user_id, _ = _recipient(sandbox, body)
    if action.get("react_icon") not in REACTIONS:
        raise ZaloRefusal(INVALID, "react_icon")
    message_id = str(action.get("react_message_id", ""))
    if sandbox.threads.find(ZALO, message_id) is None:
        raise ZaloRefusal(INVALID, "react_message_id")
    return accept({"message_id": message_id, "user_id": user_id}, sandbox.rates[ZALO])


async def _upload(sandbox: Sandbox, request: web.Request) -> web.Response:
    kind = request.match_info["kind"]
    stored = await _stored(sandbox, request, kind)
    name = "token" if kind == "file" else "attachment_id"
    return accept({name: stored.file_id}, sandbox.rates[ZALO])


async def _stored(sandbox: Sandbox, request: web.Request, kind: str) -> StoredFile:
    limit, endings = UPLOADS[kind]
    part = await _file_part(request)
    name = part.filename or ""
    if name.rpartition(".")[2].lower() not in endings:
        raise ZaloRefusal(INVALID, "file")
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > limit:
            raise ZaloRefusal(TOO_MUCH)
    return sandbox.files.add(name, bytes(data), sandbox.now_ms())


async def _file_part(request: web.Request) -> BodyPartReader:
    if not request.content_type.startswith("multipart/"):
        raise ZaloRefusal(INVALID, "file")
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "file":
            return part
    raise ZaloRefusal(INVALID, "file")


async def _get_oa(sandbox: Sandbox, request: web.Request) -> web.Response:
    del request
    account = sandbox.config.zalo
    data = {
        "oaid": account.oa_id,
        "name": account.name,
        "description": "",
        "oa_alias": "",
        "is_verified": True,
        "oa_type": 4,
        "cate_name": "Cơ quan nhà nước",
        "num_follower": len(citizens.CITIZENS),
        "avatar": "",
        "cover": "",
        "package_name": "Advanced",
    }
    return accept(data, sandbox.rates[ZALO])


async def _user(sandbox: Sandbox, request: web.Request) -> web.Response:
    try:
        asked = json.loads(request.query.get("data", ""))
    except ValueError:
        raise ZaloRefusal(INVALID, "data") from None
    told = asked.get("user_id") if isinstance(asked, dict) else None
    user_id, contact = _contact(sandbox, told)
    person = citizens.find(ZALO, user_id)
    data = {
        "user_id": user_id,
        "user_id_by_app": user_id[::-1],
        "display_name": person.name if person else "",
        "user_alias": "",
        "is_sensitive": False,
        "user_is_follower": not contact.is_gone,
        "avatar": "",
        "tags_and_notes_info": {"notes": [], "tag_names": []},
    }
    return accept(data, sandbox.rates[ZALO])


async def _quota(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await _object(request)
    _, contact = _contact(sandbox, body.get("user_id"))
    left = max(0, ZALO_FREE_REPLIES - contact.replies)
    data = {
        "last_interaction": str(contact.last_ms or ""),
        "cs_reply": {"remain": left, "total": ZALO_FREE_REPLIES},
    }
    return accept(data, sandbox.rates[ZALO])


async def _token(request: web.Request) -> web.Response:
    sandbox = request.app[SANDBOX]
    sandbox.record.counts["zalo.token_calls"] += 1
    if sandbox.faults.fires(Fault.SERVER_ERROR, ZALO):
        return unavailable()
    form = {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
    secret_key = request.headers.get("secret_key")
    return json_answer(sandbox.tokens.exchange(form, secret_key, sandbox.now_ms()))


async def _consent(request: web.Request) -> web.Response:
    """The OA's admin always agrees here."""
    sandbox, query = request.app[SANDBOX], request.query
    if query.get("app_id") != sandbox.config.zalo.app_id:
        return json_answer({"error": -14002, "error_name": "Invalid appId"})
    back = query.get("redirect_uri", "")
    if not back.startswith(("http://", "https://")):
        return json_answer({"error": -14003, "error_name": "Invalid redirect uri"})
    code = sandbox.tokens.new_code(query.get("code_challenge", ""), sandbox.now_ms())
    told = {"code": code, "oa_id": sandbox.config.zalo.oa_id}
    if "state" in query:
        told["state"] = query["state"]
    raise web.HTTPFound(f"{back}{'&' if '?' in back else '?'}{urlencode(told)}")
