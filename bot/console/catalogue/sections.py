"""Which pages belong to the catalogue, the words, the roster? In one tuple."""

from __future__ import annotations

from typing import Final

from bot.console.calendar import editing
from bot.console.catalogue import importing, listing, procedure
from bot.console.guard import Section
from bot.console.learning import models, waiting
from bot.console.roster import files, requests, shift, table
from bot.console.words import chat, replies

SECTIONS: Final[tuple[Section, ...]] = (
    listing.SECTION,
    procedure.SECTION,
    importing.SECTION,
    waiting.SECTION,
    models.SECTION,
    table.SECTION,
    shift.SECTION,
    requests.SECTION,
    files.SECTION,
    chat.SECTION,
    replies.SECTION,
    editing.SECTION,
)
