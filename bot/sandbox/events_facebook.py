"""What does each item of a Facebook webhook look like? (PLATFORMS 3.2)"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.sandbox.errors import NoSuchEventError
from bot.sandbox.model import PAGE_INBOX_APP, Act, ActKind, FacebookAccount, JsonObject

LIKE_STICKER = 369239263222822
"""The sticker id of the thumbs-up (PLATFORMS 3.2)."""
GET_STARTED_TITLE = "Bắt đầu"


def citizen_item(
    account: FacebookAccount, user_id: str, act: Act, message_id: str, at_ms: int
) -> JsonObject:
    """Return the item for what a citizen did; raises NoSuchEventError."""
    if act.kind is ActKind.HUMAN_REPLY:
        words = {"text": act.text}
        return echo(account, user_id, words, message_id, at_ms, PAGE_INBOX_APP)
    maker = _MAKERS.get(act.kind)
    if maker is None:
        raise NoSuchEventError
    sides = {"sender": {"id": user_id}, "recipient": {"id": account.page_id}}
    return {**sides, "timestamp": at_ms, **maker(act, message_id)}


def echo(
    account: FacebookAccount,
    user_id: str,
    message: Mapping[str, object],
    message_id: str,
    at_ms: int,
    app_id: int,
) -> JsonObject:
    """Return the echo of a message of the page, sent through that app."""
    kept = {k: message[k] for k in ("text", "metadata") if k in message}
    part = {"is_echo": True, "app_id": app_id, **kept, "mid": message_id}
    attachment = message.get("attachment")
    if isinstance(attachment, Mapping):
        part["attachments"] = [dict(attachment)]
    return {
        "sender": {"id": account.page_id},
        "recipient": {"id": user_id},
        "timestamp": at_ms,
        "message": part,
    }


def delivered(
    account: FacebookAccount, user_id: str, message_ids: Sequence[str], at_ms: int
) -> JsonObject:
    """Return the receipt of delivery: all up to the watermark (ms) has arrived."""
    receipt = {"mids": list(message_ids), "watermark": at_ms}
    return _from(account, user_id, at_ms, "delivery", receipt)


def read(account: FacebookAccount, user_id: str, at_ms: int) -> JsonObject:
    """Return the receipt of reading: all up to the watermark (ms) was read."""
    return _from(account, user_id, at_ms, "read", {"watermark": at_ms})


def comment(
    verb: str,
    comment_id: str,
    post_id: str,
    writer: tuple[str, str],
    text: str,
    at_ms: int,
) -> JsonObject:
    """Return the change of the feed about a comment; ``writer`` is (id, name)."""
    value: JsonObject = {
        "item": "comment",
        "verb": verb,
        "comment_id": comment_id,
        "post_id": post_id,
        "parent_id": post_id,
        "from": {"id": writer[0], "name": writer[1]},
        "created_time": at_ms // 1000,
    }
    return {"field": "feed", "value": value | ({"message": text} if text else {})}


def _from(
    account: FacebookAccount, user_id: str, at_ms: int, name: str, part: JsonObject
) -> JsonObject:
    return {
        "sender": {"id": user_id},
        "recipient": {"id": account.page_id},
        "timestamp": at_ms,
        name: part,
    }


def _text(act: Act, mid: str) -> JsonObject:
    return {"message": {"mid": mid, "text": act.text}}


def _tap(act: Act, mid: str) -> JsonObject:
    if act.quick:
        chosen = {"payload": act.payload}
        return {"message": {"mid": mid, "text": act.text, "quick_reply": chosen}}
    return {"postback": {"mid": mid, "title": act.text, "payload": act.payload}}


def _started(act: Act, mid: str) -> JsonObject:
    """Messenger's "follow" is the first tap on Get Started."""
    part: JsonObject = {"mid": mid, "title": GET_STARTED_TITLE, "payload": act.payload}
    return {"postback": part}


def _referral(act: Act, mid: str) -> JsonObject:
    del mid
    link = {"ref": act.payload, "source": "SHORTLINK", "type": "OPEN_THREAD"}
    return {"referral": link}


def _attached(kind: str, payload: JsonObject, act: Act, mid: str) -> JsonObject:
    words = {"text": act.text} if act.text else {}
    attachments = [{"type": kind, "payload": payload}]
    return {"message": {"mid": mid, **words, "attachments": attachments}}


def _media(kind: str) -> Callable[[Act, str], JsonObject]:
    def make(act: Act, mid: str) -> JsonObject:
        return _attached(kind, {"url": act.url}, act, mid)

    return make


def _sticker(act: Act, mid: str) -> JsonObject:
    payload = {"url": act.url, "sticker_id": int(act.name or LIKE_STICKER)}
    return _attached("sticker", payload, act, mid)


def _like(act: Act, mid: str) -> JsonObject:
    payload = {"url": act.url, "sticker_id": LIKE_STICKER}
    return _attached("sticker", payload, act, mid)


def _location(act: Act, mid: str) -> JsonObject:
    point = {"lat": float(act.latitude), "long": float(act.longitude)}
    place = {"title": act.text, "type": "location", "payload": {"coordinates": point}}
    return {"message": {"mid": mid, "attachments": [place]}}


_MAKERS: Mapping[ActKind, Callable[[Act, str], JsonObject]] = {
    ActKind.TEXT: _text,
    ActKind.TAP: _tap,
    ActKind.FOLLOW: _started,
    ActKind.REFERRAL: _referral,
    ActKind.IMAGE: _media("image"),
    ActKind.FILE: _media("file"),
    ActKind.AUDIO: _media("audio"),
    ActKind.STICKER: _sticker,
    ActKind.LIKE: _like,
    ActKind.LOCATION: _location,
}
