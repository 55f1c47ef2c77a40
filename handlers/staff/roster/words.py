"""How do people write a day, a part of it, a channel and a field, and read them?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

import yaml

from handlers.staff.catalogue.columns import fold
from handlers.staff.roster.errors import BadSlotError
from handlers.staff.roster.model import ANY, PART_NAMES, POST_NAMES, Part, Slot

DAY_NAMES: Final = (
    "thứ Hai",
    "thứ Ba",
    "thứ Tư",
    "thứ Năm",
    "thứ Sáu",
    "thứ Bảy",
    "Chủ nhật",
)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_VIETNAMESE: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MORE_PARTS: Mapping[str, Part] = MappingProxyType(
    {"buoisang": Part.SANG, "buoichieu": Part.CHIEU, "buoitoi": Part.TOI}
    | {"dem": Part.NGOAI_GIO, "ngoaigiohanhchinh": Part.NGOAI_GIO}
)
_MORE_POSTS: Mapping[str, str] = MappingProxyType(
    {
        "dienthoai": "hotline",
        "zalooa": "zalo",
        "zalopage": "zalo",
        "fb": "facebook",
        "facebookpage": "facebook",
        "trangweb": "web",
        "trucso": "counter",
        "motcua": "counter",
        "trungtamphucvuhanhchinhcong": "counter",
        "tatca": ANY,
        "moikenh": ANY,
    }
)


def read_day(text: str) -> date:
    """Read 2026-12-01 or 01/12/2026; raises BadSlotError."""
    bare = text.strip()
    iso, vietnamese = _ISO.fullmatch(bare), _VIETNAMESE.fullmatch(bare)
    try:
        if iso:
            return date(*(int(number) for number in iso.groups()))
        if vietnamese:
            return date(*(int(number) for number in reversed(vietnamese.groups())))
    except ValueError:
        pass
    raise BadSlotError(
        f"Ngày '{bare[:20]}' chưa đúng.", "Xin viết như 2026-12-01 hoặc 01/12/2026."
    )


def read_part(text: str) -> Part:
    """Read "Sáng", "sang" or "đêm"; raises BadSlotError."""
    found = _parts().get(fold(text))
    if found is None:
        names = ", ".join(PART_NAMES.values())
        raise BadSlotError(f"Buổi '{text[:20]}' chưa đúng.", f"Chỉ nhận: {names}.")
    return found


def read_post(text: str) -> str:
    """Read a channel; nothing means every channel. Raises BadSlotError."""
    found = _posts().get(fold(text)) if text.strip() else ANY
    if found is None:
        names = ", ".join(POST_NAMES.values())
        raise BadSlotError(f"Kênh '{text[:20]}' chưa đúng.", f"Chỉ nhận: {names}.")
    return found


def read_field(text: str) -> str:
    """Read a field by code or name; nothing means every field. Raises BadSlotError."""
    found = _fields().get(fold(text)) if text.strip() else ANY
    if found is None:
        names = "; ".join(field_names().values())
        raise BadSlotError(f"Lĩnh vực '{text[:40]}' chưa có.", f"Chỉ nhận: {names}.")
    return found


def field_name(code: str) -> str:
    """Return how a field is shown; "Mọi lĩnh vực" for every field."""
    return "Mọi lĩnh vực" if code == ANY else field_names().get(code, code)


def day_name(day: date) -> str:
    """Return a day as "thứ Ba, 01/12/2026"."""
    return f"{DAY_NAMES[day.weekday()]}, {day:%d/%m/%Y}"


def slot_name(slot: Slot) -> str:
    """Return a duty in one phrase for staff."""
    parts = [day_name(slot.day), PART_NAMES[slot.part], POST_NAMES[slot.channel]]
    if slot.field != ANY:
        parts.append(field_name(slot.field))
    return " · ".join(parts)


@cache
def field_names() -> Mapping[str, str]:
    """Return code -> Vietnamese name of every field."""
    data = resources.files(__package__).joinpath("data", "fields.yml")
    return MappingProxyType(yaml.safe_load(data.read_text("utf-8")))


@cache
def _parts() -> Mapping[str, Part]:
    own = {
        fold(word): part for part, name in PART_NAMES.items() for word in (part, name)
    }
    return own | dict(_MORE_PARTS)


@cache
def _posts() -> Mapping[str, str]:
    own = {
        fold(word): post for post, name in POST_NAMES.items() for word in (post, name)
    }
    return own | dict(_MORE_POSTS)


@cache
def _fields() -> Mapping[str, str]:
    own = {
        fold(word): code
        for code, name in field_names().items()
        for word in (code, name)
    }
    return own | {"moilinhvuc": ANY, "tatca": ANY, "chung": ANY, ANY: ANY}
