"""How does a reply look in Zalo's Open API? (PLATFORMS §1.8)"""

from __future__ import annotations

from dataclasses import replace

from bot.channels.phone import digits, international
from bot.channels.split import pieces, shorten, split
from handlers.model import Button, Media, Reply

TEXT_LIMIT = 2000
MAX_BUTTONS = 5
TITLE_LIMIT = 100

# Zalo lets an OA send pictures (by url or upload) and documents (upload only).
_PICTURE = "image"
_DOCUMENT = "file"


def plan(reply: Reply) -> tuple[Reply, ...]:
    """Cut a reply into parts that are one Zalo message each.

    A picture stays with its text when both fit into one message, because every
    message counts against the free ones (PLATFORMS §1.7).
    """
    sendable = _as_sendable(reply)
    words = pieces(sendable.text, TEXT_LIMIT)
    if _is_picture(sendable) and len(words) <= 1:
        return (replace(sendable, text="".join(words)),)
    return split(
        sendable,
        text_limit=TEXT_LIMIT,
        button_text_limit=None,
        max_buttons=MAX_BUTTONS,
    )


def _is_picture(reply: Reply) -> bool:
    has_picture = reply.media is not None and reply.media.kind == _PICTURE
    return has_picture and not reply.buttons


def _as_sendable(reply: Reply) -> Reply:
    """What Zalo cannot carry as a file is given as a link in the text."""
    media = reply.media
    if media is None or media.kind == _PICTURE:
        return reply
    if media.kind == _DOCUMENT and (media.path or media.stored):
        return reply
    lines = (reply.text, media.name, media.url)
    words = "\n".join(line for line in lines if line)
    return replace(reply, text=words, media=None)


def render(part: Reply, user_id: str, *, upload: str = "") -> dict[str, object]:
    """Return the body of ``/v3.0/oa/message/cs`` for one part of ``plan``.

    ``upload`` is the attachment id (picture) or token (document) of a file of
    ours that was uploaded before.
    """
    message: dict[str, object] = {"text": part.text} if part.text else {}
    if part.media is not None:
        message["attachment"] = _file(part.media, upload)
    elif part.buttons:
        shown = [_button(button) for button in part.buttons]
        message["attachment"] = {"type": "template", "payload": {"buttons": shown}}
    return {"recipient": {"user_id": user_id}, "message": message}


def _file(media: Media, upload: str) -> dict[str, object]:
    if media.kind == _DOCUMENT:
        return {"type": "file", "payload": {"token": upload}}
    source = {"attachment_id": upload} if upload else {"url": media.url}
    element = {"media_type": _PICTURE, **source}
    payload = {"template_type": "media", "elements": [element]}
    return {"type": "template", "payload": payload}


def _button(button: Button) -> dict[str, object]:
    """The hidden query keeps our payloads out of what the citizen reads."""
    title = shorten(button.title, TITLE_LIMIT)
    if button.url is not None:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    if button.phone is not None:
        code = international(button.phone) or digits(button.phone)
        payload = {"phone_code": code}
        return {"title": title, "type": "oa.open.phone", "payload": payload}
    return {"title": title, "type": "oa.query.hide", "payload": button.payload or ""}
