"""What did the citizen put into a Messenger message? (PLATFORMS §3.2)"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.channels import wire
from handlers.model import Attachment, Channel, Inbound, Kind, Place

LIKE_STICKER = "369239263222822"
LIKE = "👍"
_FILES = {"image": "image", "audio": "audio", "video": "video", "file": "file"}
_UNSENDABLE = frozenset({"sticker", "location"})
_LONGEST_NAME = 200


def content_of(message: Mapping[str, object], at: datetime) -> Inbound:
    """Read the citizen's message; UNKNOWN when nothing readable is in it."""
    words = wire.text(message.get("text"))
    chosen = wire.text(wire.mapping(message.get("quick_reply")).get("payload"))
    if chosen:
        return Inbound(Channel.FACEBOOK, Kind.BUTTON, at, text=words, payload=chosen)
    parts = [wire.mapping(one) for one in wire.items(message.get("attachments"))]
    return _with_parts(words, parts, _sticker_of(message, parts), at)


def _with_parts(
    words: str, parts: list[Mapping[str, object]], sticker: str | None, at: datetime
) -> Inbound:
    place = next((p for part in parts if (p := _place(part)) is not None), None)
    if place is not None:
        return Inbound(Channel.FACEBOOK, Kind.LOCATION, at, text=words, place=place)
    if sticker is not None:
        shown = words or (LIKE if sticker == LIKE_STICKER else "")
        return Inbound(Channel.FACEBOOK, Kind.STICKER, at, text=shown)
    files = tuple(file for part in parts if (file := _attachment(part)) is not None)
    kind = _kind_of(words, files)
    return Inbound(Channel.FACEBOOK, kind, at, text=words, attachments=files)


def _kind_of(words: str, files: tuple[Attachment, ...]) -> Kind:
    """A link beside a text is only Messenger's preview of it: still a text."""
    is_preview = all(file.kind == "link" for file in files)
    if words.strip() and is_preview:
        return Kind.TEXT
    return Kind.ATTACHMENT if files else Kind.UNKNOWN


def _sticker_of(
    message: Mapping[str, object], parts: list[Mapping[str, object]]
) -> str | None:
    """Return a sticker's id ('' if untold), None when there is no sticker.

    Until 2026-08-30 a sticker came as an image that carries a sticker id.
    """
    for part in parts:
        told = _id_of_sticker(part)
        if told or wire.text(part.get("type")) == "sticker":
            return told
    return wire.identity(message.get("sticker_id")) or None


def _id_of_sticker(part: Mapping[str, object]) -> str:
    return wire.identity(wire.mapping(part.get("payload")).get("sticker_id"))


def _place(part: Mapping[str, object]) -> Place | None:
    if wire.text(part.get("type")) != "location":
        return None
    point = wire.mapping(wire.mapping(part.get("payload")).get("coordinates"))
    latitude = wire.identity(point.get("lat"))
    longitude = wire.first(point.get("long"), point.get("lng"))
    label = wire.text(part.get("title"))[:_LONGEST_NAME]
    return Place(latitude, longitude, label) if latitude and longitude else None


def _attachment(part: Mapping[str, object]) -> Attachment | None:
    """Files stay files; shared posts, reels and previews are links."""
    told = wire.text(part.get("type"))
    payload = wire.mapping(part.get("payload"))
    url = wire.text(payload.get("url")) or wire.text(part.get("url"))
    if told in _UNSENDABLE or not url:
        return None
    label = wire.text(part.get("title")) or wire.text(payload.get("title"))
    return Attachment(_FILES.get(told, "link"), url, label[:_LONGEST_NAME])
