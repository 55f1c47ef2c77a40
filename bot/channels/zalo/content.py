"""What did the citizen put into a Zalo message? (PLATFORMS §1.5)"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from bot.channels import wire
from handlers.model import Attachment, Channel, Inbound, Kind, Place

_KINDS = {
    "image": "image",
    "gif": "image",
    "audio": "audio",
    "video": "video",
    "file": "file",
    "link": "link",
}
_LONGEST_NAME = 200
_DEEPEST_CARD = 1000


def content_of(message: Mapping[str, object], kind: Kind, at: datetime) -> Inbound:
    """Read a message of that kind; UNKNOWN when what it promises is not there."""
    parts = [wire.mapping(one) for one in wire.items(message.get("attachments"))]
    words = wire.text(message.get("text"))
    if kind is Kind.LOCATION:
        return _location(parts, words, at)
    if kind is Kind.CONTACT:
        return Inbound(Channel.ZALO, kind, at, text=_card(parts) or words)
    if kind is Kind.STICKER:
        return Inbound(Channel.ZALO, kind, at)
    files = tuple(file for part in parts if (file := _attachment(part)) is not None)
    found = kind if files else _without_files(words)
    return Inbound(Channel.ZALO, found, at, text=words, attachments=files)


def _without_files(words: str) -> Kind:
    return Kind.TEXT if words.strip() else Kind.UNKNOWN


def _attachment(part: Mapping[str, object]) -> Attachment | None:
    kind = _KINDS.get(wire.text(part.get("type")))
    payload = wire.mapping(part.get("payload"))
    url = wire.text(payload.get("url"))
    if kind is None or not url:
        return None
    label = wire.text(payload.get("name")) or wire.text(payload.get("description"))
    return Attachment(kind, url, label[:_LONGEST_NAME], wire.size(payload.get("size")))


def _location(parts: list[Mapping[str, object]], words: str, at: datetime) -> Inbound:
    for part in parts:
        payload = wire.mapping(part.get("payload"))
        point = wire.mapping(payload.get("coordinates"))
        place = _place(point, words)
        if place is not None:
            return Inbound(Channel.ZALO, Kind.LOCATION, at, place=place)
    return Inbound(Channel.ZALO, _without_files(words), at, text=words)


def _place(point: Mapping[str, object], label: str) -> Place | None:
    latitude = wire.identity(point.get("latitude"))
    longitude = wire.identity(point.get("longitude"))
    return Place(latitude, longitude, label) if latitude and longitude else None


def _card(parts: list[Mapping[str, object]]) -> str:
    """Of a business card only the number is kept: the rest is a third person's."""
    for part in parts:
        payload = wire.mapping(part.get("payload"))
        phone = _phone_in(wire.text(payload.get("description")))
        if phone:
            return phone
    return ""


def _phone_in(description: str) -> str:
    if len(description) > _DEEPEST_CARD:
        return ""
    try:
        card = json.loads(description, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return ""
    return wire.identity(wire.mapping(card).get("phone"))


def info_of(info: Mapping[str, object]) -> str:
    """Return "name, phone" of a filled form; birth date, sex and address are dropped.

    They were not asked for an answer, so they are not ours to keep (Luật
    91/2025/QH15: only what the purpose needs).
    """
    told = (wire.identity(info.get("name")), wire.identity(info.get("phone")))
    return ", ".join(one for one in told if one)
