"""What does an entry of the sealed queue hold, and how is it bound to its row?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.keys import SealedKeys

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the citizen; ``at`` is UTC as text (storage.evidence.iso_ms)."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry as its reader sees it; ``channel`` and ``user_id`` are "" when gone.

    ``files`` counts the files that came with it: they were not kept.
    """

    entry_id: str
    day: str
    state: str
    lines: tuple[Line, ...]
    files: int
    channel: str = ""
    user_id: str = ""


def words_context(unit_id: str, entry_id: str) -> str:
    """What the sealed words are bound to."""
    return f"sealed:{unit_id}:{entry_id}:words"


def contact_context(unit_id: str, entry_id: str) -> str:
    """What the sealed contact is bound to."""
    return f"sealed:{unit_id}:{entry_id}:contact"


def opened(keys: SealedKeys, row: Row) -> Opened:
    """Open an entry; raises InvalidTag when it is damaged."""
    where = (row["unit_id"], row["entry_id"])
    content = json.loads(keys.box.open(row["sealed"], words_context(*where)))
    contact: dict[str, str] = {}
    if row["contact"] is not None:
        contact = json.loads(keys.box.open(row["contact"], contact_context(*where)))
    return Opened(
        entry_id=row["entry_id"],
        day=row["day"],
        state=row["state"],
        lines=tuple(_line(one) for one in content["messages"]),
        files=len(content["files"]),
        channel=contact.get("channel", ""),
        user_id=contact.get("user_id", ""),
    )


def _line(message: Mapping[str, Any]) -> Line:
    """An earlier message was an item of the vault: its texts lie one level deeper."""
    text = message.get("text") or message.get("texts", {}).get("text", "")
    return Line(message["at"], text)
