"""How does a calendar of what will be sent become a feed that any calendar reads?

RFC 5545: lines end with CRLF and hold at most 75 octets; instants are UTC, so no table
of time zones is needed; an event keeps its UID, so a changed one replaces the old one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

LONGEST: Final = 75
PRODUCT: Final = "-//Than Thien//Lich gui//VI"
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None}
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event; ``begins`` and ``ends`` are aware. ``is_sure`` False: not approved."""

    uid: str
    begins: datetime
    ends: datetime
    title: str
    detail: str = ""
    is_sure: bool = False


def feed(name: str, entries: Iterable[Entry], made: datetime) -> str:
    """Return the text of a feed; ``made`` is aware."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]
    for one in entries:
        lines += _event(one, made)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def escaped(text: str) -> str:
    """Return a text value (RFC 5545 3.3.11), without control characters."""
    made = text.translate(_ESCAPED)
    return "".join(char for char in made if char >= " " and char != "\x7f")


def folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, never within a character (3.1)."""
    part, room = "", LONGEST
    for char in line:
        size = len(char.encode())
        if size > room:
            yield part
            part, room = " ", LONGEST - 1
        part += char
        room -= size
    yield part


def _event(one: Entry, made: datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{_instant(made)}",
        f"DTSTART:{_instant(one.begins)}",
        f"DTEND:{_instant(one.ends)}",
        f"SUMMARY:{escaped(one.title)}",
        f"STATUS:{'CONFIRMED' if one.is_sure else 'TENTATIVE'}",
        "TRANSP:TRANSPARENT",
    ]
    if one.detail:
        lines.append(f"DESCRIPTION:{escaped(one.detail)}")
    return [*lines, "END:VEVENT"]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
