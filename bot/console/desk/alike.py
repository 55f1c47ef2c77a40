"""``/console/cases/<code>/twins``: which open cases are perhaps about the same thing?

The page of a case asks for it when it stands already, because many words are opened to
compare them; without scripts it is a page of its own.
"""

from __future__ import annotations

from aiohttp import web

from bot.console.desk.case import file_of
from bot.console.desk.presence import presence
from bot.console.desk.room import room_of
from bot.console.guard import Section, action, get
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.cases.actions import Act
from handlers.staff.cases.show import show as show_case
from handlers.staff.desk_list import steps, twins
from handlers.staff.permissions import Action


@action(Action.SEE_CASES)
async def show(at: Visit) -> web.StreamResponse:
    """Show what is alike, with a form to merge; nothing for who may not merge."""
    file, room = await file_of(at), room_of(at)
    spot = (at.unit_id, file.case.case_id)
    is_proved = presence(at.house).is_proved(spot, at.staff_id, room.now_ms())
    found = await show_case(room, file.case.case_id, is_proved=is_proved)
    offered = steps.offered(await steps.case_at(room, found.file))
    return at.html(
        "desk/_twins.html" if at.is_part else "desk/twins.html",
        "Có thể trùng",
        case=found.file.case,
        twins=await twins.twins(room, found) if Act.MERGE in offered else (),
        url=f"/console/cases/{found.file.case.code}",
    )


SECTION = Section((get("/cases/{code}/twins", show),), place=Place.DESK)
