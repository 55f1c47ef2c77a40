"""How does ``thanthien greetings simulate --people`` count? No names."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.broadcast_calendar import Coming, coming
from bot.broadcast_days import days_of
from bot.broadcast_words import told
from bot.cli.staff_room import Place, staff_room
from handlers.staff.permissions import Action


async def counted(place: Place, first: date, last: date) -> list[Coming]:
    """Return what goes out between two local days, to how many at most."""
    async with staff_room(place) as room:
        desk, days = room.desk, days_of(room.unit)
        now = desk.now_ms()
        return await desk.look(
            Action.SEE_LETTERS,
            lambda c: coming(c, desk.unit_id, days, first, last, now),
        )


def shown(one: Coming) -> dict[str, Any]:
    """Return one as JSON."""
    return {
        "at": one.at.isoformat(),
        "until": one.until.isoformat(),
        "name": one.name,
        "reach": one.reach,
        "audience": list(one.audience),
        "people": one.people,
        "state": one.state,
    }


def line(one: Coming) -> str:
    """Return one as a line."""
    return f"{one.at:%d/%m/%Y %H:%M}  {one.name}  {told(one)}"
