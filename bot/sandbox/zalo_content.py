"""Does Zalo take this message, and what will the phone show? (PLATFORMS 1.8)"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.files import Files, StoredFile
from bot.sandbox.model import JsonObject
from bot.sandbox.threads import Shown
from bot.sandbox.zalo_answers import (
    BAD_TYPE,
    EXPIRED_ID,
    INVALID,
    TOO_MUCH,
    ZaloRefusal,
)

LONGEST_TEXT = 2000
MOST_BUTTONS = 5
MOST_ELEMENTS = 5
LONGEST_TITLE = 100
LONGEST_PAYLOAD = 1000
MEDIA = frozenset({"image", "gif", "sticker"})
QUERIES = frozenset({"oa.query.show", "oa.query.hide"})
OPENERS = {
    "oa.open.url": ("url",),
    "oa.open.phone": ("phone_code",),
    "oa.open.sms": ("content", "phone_code"),
}

Find = Callable[[str], StoredFile | None]


def read_message(
    body: Mapping[str, Any], files: Files, now_ms: int, *, list_template: bool
) -> Shown:
    """Check a consultation message; raises ZaloRefusal."""
    message = body.get("message")
    if not isinstance(message, dict):
        raise ZaloRefusal(INVALID, "message")
    shown = Shown(text=_text(message))
    if "attachment" in message:
        return _attached(shown, message["attachment"], files, now_ms, list_template)
    if not shown.text:
        raise ZaloRefusal(INVALID, "text")
    return shown


def _text(message: JsonObject) -> str:
    text = message.get("text", "")
    if not isinstance(text, str):
        raise ZaloRefusal(INVALID, "text")
    if len(unicodedata.normalize("NFC", text)) > LONGEST_TEXT:
        raise ZaloRefusal(TOO_MUCH)
    return text


def _attached(
    shown: Shown, attachment: object, files: Files, now_ms: int, list_template: bool
) -> Shown:
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise ZaloRefusal(INVALID, "attachment")

    def find(file_id: str) -> StoredFile | None:
        return files.fresh(file_id, now_ms)

    if kind == "file":
        return _file(shown, payload, find)
    if kind != "template":
        raise ZaloRefusal(BAD_TYPE)
    return _template(shown, payload, find, list_template)


def _file(shown: Shown, payload: JsonObject, find: Find) -> Shown:
    stored = find(str(payload.get("token", "")))
    if stored is None:
        raise ZaloRefusal(EXPIRED_ID)
    file = {"name": stored.name, "url": stored.path, "size": len(stored.data)}
    return replace(shown, files=(file,))


def _template(
    shown: Shown, payload: JsonObject, find: Find, list_template: bool
) -> Shown:
    name = payload.get("template_type")
    if name == "media":
        return _media(shown, payload, find)
    if name == "request_user_info":
        title = str(_elements(payload, most=1)[0].get("title", ""))
        return replace(shown, text=shown.text or title)
    if name == "list" and list_template:
        return _list(shown, payload)
    if name is None and shown.text:
        return replace(shown, buttons=_buttons(payload))
    raise ZaloRefusal(BAD_TYPE)


def _elements(payload: JsonObject, *, most: int) -> list[JsonObject]:
    found = payload.get("elements")
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise ZaloRefusal(INVALID, "elements")
    if not all(isinstance(one, dict) for one in found):
        raise ZaloRefusal(INVALID, "elements")
    return found


def _media(shown: Shown, payload: JsonObject, find: Find) -> Shown:
    element = _elements(payload, most=1)[0]
    kind = element.get("media_type")
    if kind not in MEDIA or ("url" in element) == ("attachment_id" in element):
        raise ZaloRefusal(INVALID, "media_type")
    if kind == "gif" and not {"width", "height"} <= element.keys():
        raise ZaloRefusal(INVALID, "width")
    if "url" in element:
        return replace(shown, links=(str(element["url"]),))
    if kind == "sticker":
        return replace(shown, note="Nhãn dán")
    stored = find(str(element["attachment_id"]))
    if stored is None:
        raise ZaloRefusal(EXPIRED_ID)
    return replace(shown, pictures=(stored.path,))


def _list(shown: Shown, payload: JsonObject) -> Shown:
    lines = [
        "\n".join(str(e[k]) for k in ("title", "subtitle") if k in e)
        for e in _elements(payload, most=MOST_ELEMENTS)
    ]
    buttons = _buttons(payload) if "buttons" in payload else ()
    return replace(shown, text="\n\n".join(lines), buttons=buttons)


def _buttons(payload: JsonObject) -> tuple[dict[str, Any], ...]:
    buttons = payload.get("buttons")
    if not isinstance(buttons, list) or not buttons:
        raise ZaloRefusal(INVALID, "buttons")
    if len(buttons) > MOST_BUTTONS:
        raise ZaloRefusal(TOO_MUCH)
    return tuple(_button(one) for one in buttons)


def _button(button: object) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("title"), str):
        raise ZaloRefusal(INVALID, "title")
    title, kind, payload = button["title"], button.get("type"), button.get("payload")
    if not title or len(title) > LONGEST_TITLE:
        raise ZaloRefusal(TOO_MUCH)
    if kind in QUERIES:
        return {"title": title, "payload": _query(payload), "hide": kind != _SHOW}
    return {"title": title, **_opener(str(kind), payload)}


_SHOW = "oa.query.show"


def _query(payload: object) -> str:
    if not isinstance(payload, str) or not payload:
        raise ZaloRefusal(INVALID, "payload")
    if len(payload) > LONGEST_PAYLOAD:
        raise ZaloRefusal(TOO_MUCH)
    return payload


def _opener(kind: str, payload: object) -> dict[str, str]:
    fields = OPENERS.get(kind)
    if fields is None or not isinstance(payload, dict):
        raise ZaloRefusal(INVALID, "type")
    if not all(isinstance(payload.get(one), str) for one in fields):
        raise ZaloRefusal(INVALID, "payload")
    name = "url" if kind == "oa.open.url" else "phone"
    return {name: str(payload[fields[0] if name == "url" else "phone_code"])}
