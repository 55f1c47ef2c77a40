"""In which room is a case worked on? One for each place that works on cases."""

from __future__ import annotations

from bot.case_mail import CaseMail
from bot.clock import Clock
from bot.deadlines import deadlines_of
from bot.installation import Installation
from bot.own_hours import hours, unit_in_force
from bot.runtime import UnitRuntime
from bot.services import profile, words_in_force
from handlers.cases import kind as kinds
from handlers.cases.apply import CaseServices
from handlers.staff.cases.workroom import Room
from storage.database import Database
from storage.ids import Ids
from storage.vault import Vault


async def room_beside(opened: Installation, unit_id: str, by: str) -> Room:
    """Return the room of somebody beside the running service: a command, the clock.

    Raises StorageError when the words of the console cannot be read.
    """
    configured = opened.config.units[unit_id]
    unit = await unit_in_force(opened.database, unit_id, configured)
    return Room(
        database=opened.database,
        unit=profile(unit_id, opened.config),
        vault=Vault(unit_id, opened.ring.unit(unit_id)),
        ids=opened.ids,
        clock=opened.clock,
        by=by,
        services=CaseServices(kinds.shipped(), deadlines_of(unit, hours(unit))),
        words=await words_in_force(opened.database, unit_id, unit),
        mail=CaseMail(),
    )


def room_within(
    unit: UnitRuntime,
    database: Database,
    ids: Ids,
    clock: Clock,
    by: str,
    roles: frozenset[str] | None,
) -> Room:
    """Return the room of somebody within the service; no ``roles``: it only reads."""
    services = unit.services
    return Room(
        database=database,
        unit=services.unit,
        vault=unit.vault,
        ids=ids,
        clock=clock,
        by=by,
        services=CaseServices(services.kinds, services.deadlines),
        words=services.words,
        mail=CaseMail(),
        roles=roles,
    )
