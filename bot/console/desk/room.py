"""In which room does somebody at the console work on cases? Their unit, name, roles."""

from __future__ import annotations

from bot.case_rooms import room_within
from bot.console.visit import Visit
from handlers.staff.cases.workroom import Room


def room_of(at: Visit) -> Room:
    """Return the room of whoever asks."""
    house = at.house
    return room_within(
        house.units[at.unit_id],
        house.database,
        house.ids,
        house.clock,
        at.staff_id,
        at.roles,
    )
