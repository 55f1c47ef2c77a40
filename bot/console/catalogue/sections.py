"""Which pages belong to the catalogue, the words, the roster? In one tuple."""

from __future__ import annotations

from typing import Final

from bot.console.catalogue import importing, listing, procedure
from bot.console.guard import Section

SECTIONS: Final[tuple[Section, ...]] = (
    listing.SECTION,
    procedure.SECTION,
    importing.SECTION,
)
