"""What does the page greet with, and what stands in its menu? (PLATFORMS 3.3)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.facebook_answers import PARAMETER, GraphRefusal
from bot.sandbox.facebook_content import button
from bot.sandbox.model import JsonObject

FIELDS = (
    "get_started",
    "greeting",
    "ice_breakers",
    "persistent_menu",
    "commands",
    "whitelisted_domains",
)
MOST_ITEMS = 20


def merged(profile: JsonObject, change: JsonObject) -> JsonObject:
    """Return the profile after a change; raises GraphRefusal."""
    unknown = set(change) - set(FIELDS)
    if unknown or not change:
        raise GraphRefusal(PARAMETER, ", ".join(sorted(unknown)))
    found = {**profile, **change}
    if "persistent_menu" in found and not get_started(found):
        raise GraphRefusal(PARAMETER, "get_started")
    menu(found)
    return found


def without(profile: JsonObject, fields: object) -> JsonObject:
    """Return the profile without some fields; raises GraphRefusal."""
    if not isinstance(fields, list):
        raise GraphRefusal(PARAMETER, "fields")
    return {k: v for k, v in profile.items() if k not in fields}


def get_started(profile: Mapping[str, Any]) -> str:
    """Return the payload of the Get Started button, '' when not set."""
    part = profile.get("get_started")
    return str(part.get("payload", "")) if isinstance(part, dict) else ""


def greeting(profile: Mapping[str, Any]) -> str:
    """Return the greeting shown before the first message."""
    for one in _list(profile.get("greeting")):
        return str(one.get("text", ""))
    return ""


def menu(profile: Mapping[str, Any]) -> list[JsonObject]:
    """Return the items of the default menu; raises GraphRefusal when they are bad."""
    for one in _list(profile.get("persistent_menu")):
        items = _list(one.get("call_to_actions"))
        if len(items) > MOST_ITEMS:
            raise GraphRefusal(PARAMETER, "call_to_actions")
        return [_item(item) for item in items]
    return []


def _item(item: JsonObject) -> JsonObject:
    """Menu titles may be longer than those of buttons."""
    title = item.get("title")
    if not isinstance(title, str) or not 0 < len(title) <= LONGEST_ITEM:
        raise GraphRefusal(PARAMETER, "title")
    return {**button({**item, "title": title[:1]}), "title": title}


LONGEST_ITEM = 30


def _list(value: object) -> list[JsonObject]:
    if not isinstance(value, list):
        return []
    return [one for one in value if isinstance(one, dict)]
