"""Which pages belong to letters? In one tuple."""

from __future__ import annotations

from typing import Final

from bot.console.guard import Section
from bot.console.letters import (
    birthdays,
    handing,
    importing,
    kinds,
    letter,
    listing,
    occasions,
    printing,
    queue,
    writing,
)

SECTIONS: Final[tuple[Section, ...]] = (
    listing.SECTION,
    queue.SECTION,
    printing.SECTION,
    handing.SECTION,
    occasions.SECTION,
    birthdays.SECTION,
    kinds.SECTION,
    importing.SECTION,
    writing.SECTION,
    letter.SECTION,
)
