"""In which room does somebody at the console work on cases? Their unit, name, roles."""

from __future__ import annotations

from bot.case_mail import CaseMail
from bot.console.visit import Visit
from handlers.cases.apply import CaseServices
from handlers.staff.cases.workroom import Room


def room_of(at: Visit) -> Room:
    """Return the room of whoever asks."""
    services = at.services
    return Room(
        database=at.house.database,
        unit=services.unit,
        vault=at.house.units[at.unit_id].vault,
        ids=at.house.ids,
        clock=at.house.clock,
        by=at.staff_id,
        services=CaseServices(services.kinds, services.deadlines),
        words=services.words,
        mail=CaseMail(),
        roles=at.roles,
    )
