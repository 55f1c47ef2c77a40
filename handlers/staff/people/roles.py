"""Which roles does a member have from now on?"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import (
    LastAdminError,
    RoleClashError,
    TooManySealedError,
)
from handlers.staff.people.listing import active
from handlers.staff.people.model import Member
from handlers.staff.permissions import MOST_SEALED_HANDLERS, Action, Role
from storage import staff


async def set_roles(desk: Desk, staff_id: str, wanted: Collection[Role]) -> Member:
    """Give exactly these roles and return the member.

    Raises MemberUnknownError, MemberLeftError, and what ``grant`` raises.
    """

    def work(connection: Connection) -> Member:
        before = active(connection, desk, staff_id).roles
        grant(connection, desk, staff_id, wanted)
        desk.prove(
            connection,
            Tag.STAFF_ROLES_SET,
            staff_id,
            before=",".join(sorted(before)),
            roles=",".join(sorted(wanted)),
        )
        return active(connection, desk, staff_id)

    return await desk.change(Action.MANAGE_STAFF, work)


def grant(
    connection: Connection, desk: Desk, staff_id: str, wanted: Collection[Role]
) -> None:
    """Write roles in the caller's transaction.

    Raises RoleClashError, LastAdminError, TooManySealedError.
    """
    if Role.AUDITOR in wanted and len(set(wanted)) > 1:
        raise RoleClashError
    everybody = staff.roles(connection, desk.unit_id)
    before = everybody.get(staff_id, frozenset())
    others = [roles for code, roles in everybody.items() if code != staff_id]
    _keep_an_admin(before, wanted, others)
    if Role.SEALED_HANDLER in wanted:
        _keep_sealed(others)
    staff.drop_roles(connection, desk.unit_id, staff_id, sorted(before - set(wanted)))
    staff.add_roles(
        connection,
        [
            {
                "unit_id": desk.unit_id,
                "staff_id": staff_id,
                "role": role.value,
                "granted_at": desk.now_ms(),
                "granted_by": desk.by,
            }
            for role in sorted(set(wanted) - before)
        ],
    )


def _keep_an_admin(
    before: Collection[str],
    wanted: Collection[Role],
    others: Collection[Collection[str]],
) -> None:
    is_given_up = Role.ADMIN in before and Role.ADMIN not in wanted
    if is_given_up and not any(Role.ADMIN in roles for roles in others):
        raise LastAdminError


def _keep_sealed(others: Collection[Collection[str]]) -> None:
    already = sum(Role.SEALED_HANDLER in roles for roles in others)
    if already >= MOST_SEALED_HANDLERS:
        raise TooManySealedError
