"""Who works for the unit?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import MemberLeftError, MemberUnknownError
from handlers.staff.people.model import Member
from handlers.staff.people.sealing import opened
from handlers.staff.permissions import Action
from storage import staff
from storage.keys import UnitKeys


async def listed(desk: Desk, *, also_left: bool = False) -> list[Member]:
    """Return the members by code. Raises StrangerError, StorageUnavailableError."""
    found = await desk.look(
        Action.SEE_STAFF, lambda c: members(c, desk.unit_id, desk.keys)
    )
    return [one for one in found.values() if also_left or one.is_active]


def members(connection: Connection, unit_id: str, keys: UnitKeys) -> dict[str, Member]:
    """Return code -> member, those who left too."""
    roles = staff.roles(connection, unit_id)
    routes: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in staff.routes(connection, unit_id):
        routes[row["staff_id"]].append(row)
    return {
        row["staff_id"]: opened(
            keys, row, roles.get(row["staff_id"], ()), routes[row["staff_id"]]
        )
        for row in staff.members(connection, unit_id)
    }


def one_of(
    connection: Connection, unit_id: str, keys: UnitKeys, staff_id: str
) -> Member | None:
    """Return one member with roles, active or left, without contacts; None: nobody."""
    row = staff.member(connection, unit_id, staff_id)
    if row is None:
        return None
    return opened(keys, row, staff.roles_of(connection, unit_id, staff_id), ())


def active(connection: Connection, desk: Desk, staff_id: str) -> Member:
    """Return somebody who works here; raises MemberUnknownError, MemberLeftError."""
    found = members(connection, desk.unit_id, desk.keys).get(staff_id)
    if found is None:
        raise MemberUnknownError(f"Không có cán bộ '{staff_id[:40]}' trong đơn vị.")
    if not found.is_active:
        raise MemberLeftError(f"Cán bộ '{staff_id}' đã thôi làm việc ở đơn vị.")
    return found
