"""Is what was typed a birthday that we may keep? Name, day, form of address, a yes.

The fields are those of letters (``messages/letters/fields.yml``), so that what is kept
can stand in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from handlers.staff.letters.errors import (
    BadBirthdayError,
    NoConsentError,
    NoGuardianError,
)
from handlers.staff.privacy.purposes import purposes
from messages.letters import dates
from messages.letters.errors import BadDataError
from messages.letters.fields import OLDEST, Field, shipped
from messages.letters.text import plain

NAME: Final = "ten"
BORN: Final = "ngay_sinh"
YES: Final = "dong_y"
GUARDIAN: Final = "giam_ho"
PHONE: Final = "phone"
KEPT: Final = (NAME, "ong_ba", "gioi_tinh", "thon", "dia_chi")
"""What is kept beside the day."""
ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ngay_thang_nam_sinh": BORN,
        "nam_sinh": BORN,
        "dong_y": YES,
        "da_dong_y": YES,
        "dong_y_nhan_thu": YES,
        "giam_ho": GUARDIAN,
        "nguoi_giam_ho_dong_y": GUARDIAN,
        "phone": PHONE,
        "dien_thoai": PHONE,
        "so_dien_thoai": PHONE,
        "sdt": PHONE,
        "dien_thoai_nguoi_nhan": PHONE,
    }
)
YES_WORDS: Final = frozenset({"1", "x", "co", "yes", "true", "da_dong_y", "dong_y"})


@dataclass(frozen=True, slots=True)
class BirthdayEntry:
    """One person who agreed to be wished well; ``data`` are the fields of ``KEPT``."""

    born: date
    data: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    by_guardian: bool = False


def names() -> dict[str, str]:
    """Return each name by which a column is known, and the field it means."""
    found = dict(ALIASES)
    for name in (*KEPT, BORN):
        one = shipped()[name]
        found |= dict.fromkeys((*one.aliases, plain(one.label), name), name)
    return found


def entry(raw: Mapping[str, str], today: date) -> BirthdayEntry:
    """Return what was typed, clean; ``today`` is the local day.

    Raises BadDataError for a field, BadBirthdayError for a day that cannot be,
    NoConsentError and NoGuardianError.
    """
    known = shipped()
    data = {name: known[name].read(raw.get(name, "")) for name in KEPT}
    if not data[NAME]:
        raise BadDataError(f"thiếu {known[NAME].label}")
    born = _born(known[BORN], raw.get(BORN, ""), today)
    if plain(raw.get(YES, "")) not in YES_WORDS:
        raise NoConsentError
    by_guardian = plain(raw.get(GUARDIAN, "")) in YES_WORDS
    if today < grown(born) and not by_guardian:
        raise NoGuardianError
    kept = {name: text for name, text in data.items() if text}
    return BirthdayEntry(born, kept, raw.get(PHONE, "").strip(), by_guardian)


def grown(born: date) -> date:
    """Return the day from which somebody's own word counts."""
    return anniversary(born, born.year + purposes().minor_under)


def anniversary(born: date, year: int) -> date:
    """Return somebody's birthday in a year; 29 February falls on the 28th."""
    try:
        return born.replace(year=year)
    except ValueError:
        return born.replace(year=year, day=28)


def _born(known: Field, text: str, today: date) -> date:
    found = dates.parsed(" ".join(text.split()), known.label) if text.strip() else None
    if found is None:
        raise BadBirthdayError("cần đủ ngày, tháng, năm dương lịch")
    if not today.year - OLDEST <= found.year or found > today:
        raise BadBirthdayError(text.strip()[:20])
    return found
