"""How does an OA publish an article and send it to its followers? (PLATFORMS §1.8)

Making is two calls: ``create`` gives a token, ``verify`` the id once it is processed.
``find`` reads back what a lost answer left; a broadcast cannot be read back.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.channels import wire
from bot.channels.results import (
    Accepted,
    Failure,
    Fetched,
    FetchResult,
    SendResult,
    Unknown,
)
from bot.channels.transport import repeatable
from bot.channels.zalo.client import ZaloClient

TITLE, AUTHOR, DESCRIPTION = 150, 50, 300
"""The longest texts that Zalo takes, in characters."""
PAGE: Final = 10
EVERYBODY: Final = {
    "ages": list(range(8)),
    "gender": [0],
    "locations": [0, 1, 2],
    "platform": [1, 2, 3],
}
"""A broadcast cannot be aimed at a commune: its followers are those of its OA."""


@dataclass(frozen=True, slots=True)
class Article:
    """A text for everybody; ``cover_url`` is a picture that Zalo can fetch."""

    title: str
    author: str
    cover_url: str
    paragraphs: Sequence[str]

    def body(self) -> dict[str, Any]:
        """Return the request; texts are cut to Zalo's limits."""
        parts = [{"type": "text", "content": one} for one in self.paragraphs]
        about = self.paragraphs[0] if self.paragraphs else self.title
        return {
            "type": "normal",
            "title": cut(self.title, TITLE),
            "author": cut(self.author, AUTHOR),
            "cover": {
                "cover_type": "photo",
                "photo_url": self.cover_url,
                "status": "show",
            },
            "description": cut(about, DESCRIPTION),
            "body": parts,
            "status": "show",
            "comment": "hide",
        }


async def create(client: ZaloClient, token: str, article: Article) -> SendResult:
    """Hand an article over; Accepted holds the token of its making."""
    path = "/v2.0/article/create"
    judged = await client.call("POST", path, token, json=article.body())
    return _told(judged, "token")


async def verify(client: ZaloClient, token: str, made: str) -> SendResult:
    """Return the article's id by the token of its making; safe to repeat."""
    path = "/v2.0/article/verify"
    judged = await client.call("POST", path, token, json={"token": made})
    told = _told(judged, "id")
    return told if isinstance(told, Accepted) else repeatable(told)


async def find(
    client: ZaloClient, token: str, title: str, since_ms: int
) -> Accepted | Failure | None:
    """Return the newest article of that title made since (UTC ms), None if none."""
    query = {"offset": "0", "limit": str(PAGE), "type": "normal"}
    judged = await client.call("GET", "/v2.0/article/getslice", token, params=query)
    if not isinstance(judged, Fetched):
        return repeatable(judged)
    wanted = unicodedata.normalize("NFC", cut(title, TITLE))
    for one in map(wire.mapping, wire.items(judged.data.get("medias"))):
        made_ms = _number(one.get("create_date"))
        is_it = unicodedata.normalize("NFC", wire.text(one.get("title"))) == wanted
        name = wire.identity(one.get("id"))
        if is_it and name and (made_ms is None or made_ms >= since_ms):
            return Accepted(name)
    return None


async def broadcast(client: ZaloClient, token: str, article_id: str) -> SendResult:
    """Send an article to all followers; 06:00-21:59 only (-234)."""
    element = {"media_type": "article", "attachment_id": article_id}
    payload = {"template_type": "media", "elements": [element]}
    body = {
        "recipient": {"target": EVERYBODY},
        "message": {"attachment": {"type": "template", "payload": payload}},
    }
    judged = await client.call("POST", "/v2.0/oa/message", token, json=body)
    return _told(judged, "message_id")


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters, ended at a word."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def _told(judged: FetchResult, name: str) -> SendResult:
    if not isinstance(judged, Fetched):
        return judged
    told = wire.identity(judged.data.get(name)) or wire.text(judged.data.get(name))
    return Accepted(told) if told else Unknown("garbage")


def _number(value: object) -> int | None:
    told = wire.identity(value)
    return int(told) if told.isdecimal() else None
