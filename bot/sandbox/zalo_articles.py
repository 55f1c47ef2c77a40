"""How does the emulated OA take articles and send them to all followers? (1.8)"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox.answers import hang_up, linger, read_object
from bot.sandbox.audience import OUT_OF_QUOTA
from bot.sandbox.citizens import CITIZENS
from bot.sandbox.faults import Fault
from bot.sandbox.model import JsonObject, Platform
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.threads import Bubble, Shown
from bot.sandbox.wall import PROCESSING_MS, Article
from bot.sandbox.webhook import new_message_id
from bot.sandbox.zalo_answers import (
    ARTICLE_QUOTA,
    INVALID,
    NIGHT,
    PROCESSING,
    ZaloRefusal,
    accept,
)

ZALO = Platform.ZALO
LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = range(6, 22)
DAY_MS = 86_400_000
LIMITS = {"title": 150, "author": 50, "description": 300}
NEEDED = ("title", "author", "cover", "body")


async def create(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Take an article and return its token."""
    body = _checked(await read_object(request))
    now_ms = sandbox.now_ms()
    if sandbox.wall.made_since(now_ms - DAY_MS) >= sandbox.config.zalo.article_quota:
        raise ZaloRefusal(ARTICLE_QUOTA)
    made = sandbox.wall.write(body, now_ms)
    sandbox.hub.publish({"type": "wall"})
    await linger(sandbox, ZALO)
    if sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, ZALO):
        return hang_up(request)
    return accept({"token": made.token}, sandbox.rates[ZALO])


async def verify(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Return the id of an article by its token, once it is processed."""
    body = await read_object(request) or {}
    found = sandbox.wall.by_token(str(body.get("token", "")))
    if found is None:
        raise ZaloRefusal(INVALID, "token")
    if _is_processing(sandbox, found):
        raise ZaloRefusal(PROCESSING)
    return accept({"id": found.article_id}, sandbox.rates[ZALO])


async def listed(sandbox: Sandbox, request: web.Request) -> web.Response:
    """Return a slice of the articles, the newest first."""
    offset, limit = (_number(request.query.get(k, "")) for k in ("offset", "limit"))
    if request.query.get("type") != "normal" or not 0 < limit <= 10:  # noqa: PLR2004
        raise ZaloRefusal(INVALID, "limit")
    done = [one for one in sandbox.wall.articles if not _is_processing(sandbox, one)]
    part = done[::-1][offset : offset + limit]
    medias = [
        {"id": one.article_id, "title": one.title, "create_date": one.at_ms}
        for one in part
    ]
    return accept({"medias": medias, "total": len(done)}, sandbox.rates[ZALO])


async def broadcast(
    sandbox: Sandbox, request: web.Request, body: JsonObject
) -> web.Response:
    """Send an article to all followers; by day only."""
    now_ms = sandbox.now_ms()
    local = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(LOCAL)
    if local.hour not in DAY:
        raise ZaloRefusal(NIGHT)
    found = sandbox.wall.by_id(_article_id(body))
    if found is None:
        raise ZaloRefusal(INVALID, "attachment_id")
    sent = sum(len(one.sent_ms) for one in sandbox.wall.articles)
    if sent >= sandbox.config.zalo.broadcast_quota:
        raise ZaloRefusal(OUT_OF_QUOTA)
    found.sent_ms.append(now_ms)
    _show(sandbox, found, now_ms)
    await linger(sandbox, ZALO)
    if sandbox.faults.fires(Fault.ACCEPT_THEN_DROP, ZALO):
        return hang_up(request)
    return accept({"message_id": new_message_id()}, sandbox.rates[ZALO])


def _show(sandbox: Sandbox, article: Article, now_ms: int) -> None:
    told = article.as_json()
    text = f"{told['title']}\n{told['description']}".strip()
    for citizen in CITIZENS:
        bubble = Bubble(new_message_id(), "oa", now_ms, Shown(text=text))
        sandbox.threads.add(ZALO, citizen.zalo_id, bubble)
    sandbox.hub.publish({"type": "wall"})


def _checked(body: JsonObject | None) -> JsonObject:
    if body is None or body.get("type") != "normal":
        raise ZaloRefusal(INVALID, "type")
    for name in NEEDED:
        if not body.get(name):
            raise ZaloRefusal(INVALID, name)
    for name, longest in LIMITS.items():
        if len(str(body.get(name, ""))) > longest:
            raise ZaloRefusal(INVALID, name)
    cover = body["cover"]
    url = cover.get("photo_url", "") if isinstance(cover, dict) else ""
    if not str(url).startswith(("http://", "https://")):
        raise ZaloRefusal(INVALID, "cover")
    return body


def _article_id(body: JsonObject) -> str:
    try:
        payload = body["message"]["attachment"]["payload"]
        element = payload["elements"][0]
    except (KeyError, TypeError, IndexError):
        raise ZaloRefusal(INVALID, "message") from None
    if payload.get("template_type") != "media":
        raise ZaloRefusal(INVALID, "template_type")
    if element.get("media_type") != "article":
        raise ZaloRefusal(INVALID, "media_type")
    return str(element.get("attachment_id", ""))


def _is_processing(sandbox: Sandbox, article: Article) -> bool:
    return sandbox.now_ms() - article.at_ms < PROCESSING_MS


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
