"""``/console/``: where somebody arrives. What is open to them, nothing invented."""

from __future__ import annotations

from aiohttp import web

from bot.console.guard import Section, action, get
from bot.console.visit import Visit
from handlers.staff.permissions import ROLE_NAMES, Action, Role


@action(Action.OPEN_CONSOLE)
async def show(at: Visit) -> web.StreamResponse:
    """Greet, and show the places that this person may open."""
    return at.html(
        "home.html",
        "Bàn làm việc",
        roles=[ROLE_NAMES[role] for role in Role if role in at.roles],
        has_factor=at.who.has_factor,
    )


SECTION = Section((get("/", show),))
