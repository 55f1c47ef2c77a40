"""How does the emulated ZBS take approved templates, by UID and by phone? (1.9)"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.sandbox.answers import hang_up, linger, read_object
from bot.sandbox.faults import Fault
from bot.sandbox.model import JsonObject, Platform
from bot.sandbox.sandbox import Acceptance, Sandbox
from bot.sandbox.threads import Shown
from bot.sandbox.webhook import sign_zalo
from bot.sandbox.zalo_answers import (
    BAD_PHONE,
    BAD_TEMPLATE,
    BAD_VALUE,
    INVALID,
    NO_DAILY,
    NOT_BY_UID,
    ZaloRefusal,
    accept,
)
from bot.sandbox.zbs_templates import Template

ZALO = Platform.ZALO
PHONE = re.compile(r"\+?84[0-9]{9,10}")
TRACKING = 48
Call = Callable[[Sandbox, web.Request], Awaitable[web.Response]]


def add_zbs_routes(
    app: web.Application,
    guarded: Callable[[Call], Callable[[web.Request], Awaitable[web.Response]]],
) -> None:
    """Put the paths of both hosts into an app which holds a sandbox."""
    router = app.router
    router.add_post("/v3.0/oa/message/template", guarded(_by_uid))
    router.add_post("/message/template", guarded(_by_phone))
    router.add_get("/template/all", guarded(_all))
    router.add_get("/template/info/v2", guarded(_info))
    router.add_get("/message/quota", guarded(_quota))
    router.add_get("/quality", guarded(_quality))


def status_event(sandbox: Sandbox, template_id: str, status: str) -> None:
    """Change a template's state and tell the service, as Zalo does."""
    before, after = sandbox.zbs.change(template_id, status)
    account = sandbox.config.zalo
    body = {
        "event_name": "change_template_status",
        "oa_id": account.oa_id,
        "app_id": account.app_id,
        "template_id": template_id,
        "status": {"prev_status": before, "new_status": after},
        "reason": "",
        "timestamp": str(sandbox.now_ms()),
    }
    sandbox.poster.post(ZALO, "templates", sign_zalo(sandbox.config, body))


async def _by_uid(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await _body(request)
    user_id = str(body.get("user_id", ""))
    if sandbox.audience.get(ZALO, user_id) is None:
        raise ZaloRefusal(INVALID, "user_id")
    template = _template(sandbox, body)
    if not template.by_uid:
        raise ZaloRefusal(NOT_BY_UID)
    return await _taken(sandbox, request, user_id, body, template)


async def _by_phone(sandbox: Sandbox, request: web.Request) -> web.Response:
    body = await _body(request)
    phone = str(body.get("phone", ""))
    if not PHONE.fullmatch(phone):
        raise ZaloRefusal(BAD_PHONE)
    tracking = str(body.get("tracking_id", ""))
    if len(tracking) > TRACKING:
        raise ZaloRefusal(BAD_VALUE, "tracking_id")
    return await _taken(sandbox, request, phone, body, _template(sandbox, body))


async def _taken(
    sandbox: Sandbox,
    request: web.Request,
    to: str,
    body: JsonObject,
    template: Template,
) -> web.Response:
    if sandbox.zbs.used >= sandbox.zbs.daily:
        raise ZaloRefusal(NO_DAILY)
    sandbox.zbs.used += 1
    lines = [template.name]
    lines += [f"{name}: {body['template_data'][name]}" for name, _ in template.params]
    dropped = sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, ZALO)
    shown = Shown(text="\n".join(lines))
    sent = sandbox.accept(Acceptance(ZALO, to, body, shown, dropped))
    if tracking := str(body.get("tracking_id", "")):
        _receipt(sandbox, to, sent.message_id, tracking)
    await linger(sandbox, ZALO)
    if dropped:
        return hang_up(request)
    left = sandbox.zbs.daily - sandbox.zbs.used
    data = {
        "msg_id": sent.message_id,
        "message_id": sent.message_id,
        "sent_time": str(sent.at_ms),
        "sending_mode": "1",
        "quota": {"dailyQuota": str(sandbox.zbs.daily), "remainingQuota": str(left)},
    }
    return accept(data, sandbox.rates[ZALO])


def _receipt(sandbox: Sandbox, phone: str, message_id: str, tracking: str) -> None:
    """The phone has it: told with our own mark, which no chat receipt has."""
    now_ms = sandbox.now_ms()
    body = {
        "event_name": "user_received_message",
        "sender": {"id": sandbox.config.zalo.oa_id},
        "recipient": {"id": phone},
        "message": {
            "delivery_time": str(now_ms),
            "msg_id": message_id,
            "tracking_id": tracking,
        },
        "app_id": sandbox.config.zalo.app_id,
        "timestamp": str(now_ms),
    }
    sandbox.poster.post(ZALO, phone, sign_zalo(sandbox.config, body))


async def _all(sandbox: Sandbox, request: web.Request) -> web.Response:
    query = request.query
    offset, limit = (int(query.get(k, "0") or 0) for k in ("offset", "limit"))
    if not 0 < limit <= 100:  # noqa: PLR2004  the platform's page
        raise ZaloRefusal(INVALID, "limit")
    found = list(sandbox.zbs.templates.values())[offset : offset + limit]
    data = [
        {
            "templateId": one.template_id,
            "templateName": one.name,
            "status": one.status,
            "templateQuality": one.quality,
            "createdTime": 1_767_225_600_000,
        }
        for one in found
    ]
    return accept(data, sandbox.rates[ZALO])


async def _info(sandbox: Sandbox, request: web.Request) -> web.Response:
    one = sandbox.zbs.templates.get(request.query.get("template_id", ""))
    if one is None:
        raise ZaloRefusal(BAD_TEMPLATE)
    data = {
        "templateId": one.template_id,
        "templateName": one.name,
        "status": one.status,
        "templateQuality": one.quality,
        "templateTag": one.tag,
        "listParams": [
            {"name": n, "require": True, "type": "STRING", "maxLength": m}
            for n, m in one.params
        ],
        "price_sdt": 200,
        "price_uid": 165 if one.by_uid else None,
    }
    return accept(data, sandbox.rates[ZALO])


async def _quota(sandbox: Sandbox, request: web.Request) -> web.Response:
    del request
    left = sandbox.zbs.daily - sandbox.zbs.used
    data = {"dailyQuota": str(sandbox.zbs.daily), "remainingQuota": str(left)}
    return accept(data, sandbox.rates[ZALO])


async def _quality(sandbox: Sandbox, request: web.Request) -> web.Response:
    del request
    data = {"oaCurrentQuality": "HIGH", "oa7dayQuality": "HIGH"}
    return accept(data, sandbox.rates[ZALO])


async def _body(request: web.Request) -> JsonObject:
    body = await read_object(request)
    if body is None:
        raise ZaloRefusal(INVALID, "body")
    return body


def _template(sandbox: Sandbox, body: JsonObject) -> Template:
    found = sandbox.zbs.templates.get(str(body.get("template_id", "")))
    if found is None or found.status != "ENABLE":
        raise ZaloRefusal(BAD_TEMPLATE)
    data = body.get("template_data")
    for name, longest in found.params:
        value = data.get(name) if isinstance(data, dict) else None
        if not isinstance(value, str) or not 0 < len(value) <= longest:
            raise ZaloRefusal(BAD_VALUE, name)
    return found
