"""Which pages belong to greetings? Names of their own come before ids."""

from __future__ import annotations

from typing import Final

from bot.console.greetings import calendar, groups, pages, templates
from bot.console.guard import Section

SECTIONS: Final[tuple[Section, ...]] = (
    calendar.SECTION,
    groups.SECTION,
    templates.SECTION,
    pages.SECTION,
)
