"""What happens when somebody no longer works for the unit?"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import sealing
from handlers.staff.people.desk import Desk
from handlers.staff.people.listing import active
from handlers.staff.people.model import Profile, Route, State
from handlers.staff.people.roles import grant
from handlers.staff.permissions import Action
from storage import accounts, sessions, staff


async def leave(desk: Desk, staff_id: str) -> None:
    """End somebody's work here: roles and contacts go, name and title stay.

    Name and title are kept, sealed, because answers and letters were theirs. Their
    shifts stay as written: the roster passes them over and warns. Raises
    MemberUnknownError, MemberLeftError, LastAdminError.
    """

    def work(connection: Connection) -> None:
        now = active(connection, desk, staff_id)
        grant(connection, desk, staff_id, ())
        staff.drop_routes(connection, desk.unit_id, staff_id, list(Route))
        accounts.forget_account(connection, desk.unit_id, staff_id)
        sessions.end_all(connection, desk.unit_id, staff_id)
        kept = Profile(now.profile.name, now.profile.title)
        values = {
            "state": State.LEFT.value,
            "is_public": False,
            "sealed": sealing.sealed_profile(desk.keys, desk.unit_id, staff_id, kept),
            "changed_at": desk.now_ms(),
            "left_at": desk.now_ms(),
        }
        staff.change(connection, desk.unit_id, staff_id, now.version, values)
        desk.prove(connection, Tag.STAFF_LEFT, staff_id, roles=len(now.roles))

    await desk.change(Action.MANAGE_STAFF, work)
