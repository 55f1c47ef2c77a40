"""Which pages does the desk have? In the order in which addresses are tried."""

from __future__ import annotations

from bot.console.desk import alike, case, files, listing, record, sealed, talks
from bot.console.guard import Section

SECTIONS: tuple[Section, ...] = (
    listing.SECTION,
    record.SECTION,
    sealed.SECTION,
    talks.SECTION,
    files.SECTION,
    alike.SECTION,
    case.SECTION,
)
