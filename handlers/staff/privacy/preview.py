"""What is kept of a person, at a glance? Masked, before it is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.staff.privacy.gathering import Held
from handlers.staff.privacy.handing import CHANNELS, KINDS, PARTS, texts
from nlu.masking import mask

NEWEST = 20
LONGEST = 160
SHOWN_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Glance:
    """How much there is of each part, and the newest words, masked."""

    counts: list[tuple[str, int]]
    accounts: list[tuple[str, str]]
    words: list[tuple[datetime, str, str]]
    """(aware time, what it is, masked text), newest first."""


def glance(held: Held) -> Glance:
    """Return what may be shown on a page without handing anything over."""
    data = held.data
    words = list(reversed(data["words"]))[:NEWEST]
    return Glance(
        [(name, len(data[part])) for part, name in PARTS],
        [_account(one) for one in data["accounts"]],
        [_word(one) for one in words],
    )


def _account(one: Mapping[str, Any]) -> tuple[str, str]:
    known = str((one["id"] or {}).get("id", ""))
    shown = f"…{known[-SHOWN_DIGITS:]}" if len(known) > SHOWN_DIGITS else "…"
    return CHANNELS.get(one["channel"], str(one["channel"])), shown


def _word(one: Mapping[str, Any]) -> tuple[datetime, str, str]:
    said = mask(texts(one["value"]))
    short = said if len(said) <= LONGEST else f"{said[:LONGEST]}…"
    return (
        datetime.fromisoformat(one["at"]),
        KINDS.get(one["kind"], "Nội dung đã lưu"),
        short,
    )
