"""Does Messenger take this message, and what will the phone show? (PLATFORMS 3.3)"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.sandbox.facebook_answers import PARAMETER, GraphRefusal
from bot.sandbox.facebook_utility import read_template
from bot.sandbox.files import Files, StoredFile
from bot.sandbox.model import JsonObject
from bot.sandbox.threads import Shown

LONGEST_TEXT = 2000
LONGEST_CARD = 640
LONGEST_TITLE = 20
LONGEST_ELEMENT = 80
LONGEST_PAYLOAD = 1000
LONGEST_METADATA = 1000
MOST_CHIPS = 13
MOST_BUTTONS = 3
MOST_ELEMENTS = 10
UTILITY = "UTILITY"
TYPES = ("RESPONSE", "UPDATE", "MESSAGE_TAG", UTILITY)
TAGS = ("HUMAN_AGENT",)
"""All other tags are retired (PLATFORMS 3.3)."""
CHIPS = ("text", "user_phone_number", "user_email")
MEDIA = ("image", "audio", "video", "file")


def check_envelope(body: Mapping[str, Any]) -> None:
    """Check messaging_type and tag; raises GraphRefusal."""
    kind = body.get("messaging_type", "RESPONSE")
    _require(kind in TYPES, "messaging_type")
    tagged = kind == "MESSAGE_TAG"
    _require(tagged == ("tag" in body), "tag")
    _require(not tagged or body["tag"] in TAGS, "tag")


def read_message(
    body: Mapping[str, Any], files: Files, uploaded: StoredFile | None
) -> Shown:
    """Check the message of a send; raises GraphRefusal."""
    message = body.get("message")
    if not isinstance(message, dict):
        raise GraphRefusal(PARAMETER, "message")
    _text_in(message, "metadata", LONGEST_METADATA, needed=False)
    chips = _chips(message.get("quick_replies", []))
    is_utility = body.get("messaging_type") == UTILITY
    _require(is_utility == ("template" in message), "template")
    if is_utility:
        return read_template(message["template"])
    if "attachment" in message:
        _require("text" not in message, "text")
        shown = _attached(message["attachment"], files, uploaded)
    else:
        shown = Shown(text=_text_in(message, "text", LONGEST_TEXT))
    return replace(shown, chips=chips)


def _require(is_good: bool, field: str) -> None:
    if not is_good:
        raise GraphRefusal(PARAMETER, field)


def _text_in(
    holder: JsonObject, field: str, longest: int, *, needed: bool = True
) -> str:
    value = holder.get(field, "")
    _require(isinstance(value, str) and len(value) <= longest, field)
    _require(bool(value) or not needed, field)
    return str(value)


def _objects(value: object, field: str, most: int) -> list[JsonObject]:
    if not isinstance(value, list) or len(value) > most:
        raise GraphRefusal(PARAMETER, field)
    _require(all(isinstance(one, dict) for one in value), field)
    return value


def _chips(value: object) -> tuple[dict[str, Any], ...]:
    return tuple(_chip(one) for one in _objects(value, "quick_replies", MOST_CHIPS))


def _chip(chip: JsonObject) -> dict[str, Any]:
    kind = chip.get("content_type")
    _require(kind in CHIPS, "content_type")
    if kind != "text":
        return {"title": str(kind), "payload": ""}
    return {
        "title": _text_in(chip, "title", LONGEST_TITLE),
        "payload": _text_in(chip, "payload", LONGEST_PAYLOAD),
    }


def _attached(attachment: object, files: Files, uploaded: StoredFile | None) -> Shown:
    kind = attachment.get("type") if isinstance(attachment, dict) else None
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise GraphRefusal(PARAMETER, "attachment")
    if kind == "template":
        return _template(payload)
    _require(kind in MEDIA, "type")
    return media(payload, files, uploaded)


def media(payload: JsonObject, files: Files, uploaded: StoredFile | None) -> Shown:
    """Show a file that came along, was uploaded before, or lies elsewhere."""
    if uploaded is not None:
        return _shown_file(uploaded)
    if "attachment_id" in payload:
        stored = files.get(str(payload["attachment_id"]))
        if stored is None:
            raise GraphRefusal(PARAMETER, "attachment_id")
        return _shown_file(stored)
    url = payload.get("url")
    _require(isinstance(url, str) and url.startswith(("http://", "https://")), "url")
    return Shown(links=(str(url),))


def _shown_file(stored: StoredFile) -> Shown:
    if stored.link:
        return Shown(links=(stored.link,))
    if stored.is_picture:
        return Shown(pictures=(stored.path,))
    file = {"name": stored.name, "url": stored.path, "size": len(stored.data)}
    return Shown(files=(file,))


def _template(payload: JsonObject) -> Shown:
    reader = _TEMPLATES.get(str(payload.get("template_type")))
    if reader is None:
        raise GraphRefusal(PARAMETER, "template_type")
    return reader(payload)


def _button_template(payload: JsonObject) -> Shown:
    text = _text_in(payload, "text", LONGEST_CARD)
    return Shown(text=text, buttons=_buttons(payload, needed=True))


def _generic_template(payload: JsonObject) -> Shown:
    elements = _objects(payload.get("elements"), "elements", MOST_ELEMENTS)
    _require(bool(elements), "elements")
    lines: list[str] = []
    buttons: list[dict[str, Any]] = []
    for one in elements:
        lines.append(_text_in(one, "title", LONGEST_ELEMENT))
        lines.append(_text_in(one, "subtitle", LONGEST_ELEMENT, needed=False))
        buttons.extend(_buttons(one, needed=False))
    return Shown(text="\n".join(filter(None, lines)), buttons=tuple(buttons))


_TEMPLATES: Mapping[str, Callable[[JsonObject], Shown]] = {
    "button": _button_template,
    "generic": _generic_template,
}


def _buttons(holder: JsonObject, *, needed: bool) -> tuple[dict[str, Any], ...]:
    found = _objects(holder.get("buttons", []), "buttons", MOST_BUTTONS)
    _require(bool(found) or not needed, "buttons")
    return tuple(button(one) for one in found)


def button(one: JsonObject) -> dict[str, Any]:
    """Check one button of a card or of the menu; raises GraphRefusal."""
    kind = one.get("type")
    title = _text_in(one, "title", LONGEST_TITLE)
    if kind == "postback":
        return {"title": title, "payload": _text_in(one, "payload", LONGEST_PAYLOAD)}
    if kind == "web_url":
        return {"title": title, "url": _link(one)}
    _require(kind == "phone_number", "type")
    number = _text_in(one, "payload", LONGEST_PAYLOAD)
    _require(number.startswith("+"), "payload")
    return {"title": title, "phone": number}


def _link(one: JsonObject) -> str:
    url = _text_in(one, "url", LONGEST_TEXT)
    _require(_starts(url, ("http://", "https://")), "url")
    return url


def _starts(value: str, starts: Collection[str]) -> bool:
    return value.startswith(tuple(starts))
