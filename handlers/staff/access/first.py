"""How does the first administrator get in, when nobody can invite them?

By a link that whoever starts the service sees: 24 hours, once, for one unit, and only
as long as no administrator has a password.
"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.staff.access import passwords
from handlers.staff.access.errors import DeadLinkError
from handlers.staff.access.links import enter, find, make, set_password, take
from handlers.staff.access.model import (
    FIRST_LIFE,
    Caller,
    Entered,
    Gate,
    Purpose,
)
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.model import OPERATOR, Profile
from handlers.staff.permissions import Role
from storage import accounts, staff


async def link_if_needed(gate: Gate) -> tuple[Purpose, str] | None:
    """Return purpose and token of a new link, None when an administrator can log in.

    The former link of this kind ends. An administrator who was added by a command,
    but has no password yet, is invited; else the first one tells who they are.
    """

    def work(connection: Connection) -> tuple[Purpose, str] | None:
        admins = _admins(connection, gate)
        if any(has for _, has in admins):
            return None
        accounts.sweep(connection, gate.unit_id, gate.now_ms(), 0)
        code, purpose = "", Purpose.FIRST
        if admins:
            code, purpose = admins[0][0], Purpose.INVITE
            accounts.open_account(connection, gate.unit_id, code, gate.now_ms())
        made = make(connection, gate, code, purpose, OPERATOR, FIRST_LIFE)
        return purpose, made

    return await gate.database.write(work)


async def has_admin(gate: Gate) -> bool:
    """Whether an administrator of the unit can log in."""
    admins = await gate.database.read(lambda c: _admins(c, gate))
    return any(has for _, has in admins)


async def become_admin(
    gate: Gate, token: str, code: str, profile: Profile, password: str, caller: Caller
) -> Entered:
    """Make the first administrator and let them in.

    Raises DeadLinkError, WeakPasswordError, and what ``add`` raises.
    """
    if (await find(gate, token)).purpose is not Purpose.FIRST:
        raise DeadLinkError
    code = code.strip()
    passwords.check(password, (code, profile.name, gate.unit_name))
    made = await gate.hasher.hash(password)
    if await gate.database.read(lambda c: _admins(c, gate)):
        raise DeadLinkError
    new = NewMember(code, profile, frozenset({Role.ADMIN}))

    def work(connection: Connection) -> Entered:
        take(connection, gate, token)
        set_password(connection, gate, code, made)
        return enter(connection, gate, code, caller)

    await add(gate.desk(OPERATOR), new, is_known=True)
    return await gate.database.write(work)


def _admins(connection: Connection, gate: Gate) -> list[tuple[str, bool]]:
    """Return (code, has a password) of the administrators."""
    active = staff.active_codes(connection, gate.unit_id)
    known = accounts.accounts(connection, gate.unit_id)
    roles = staff.roles(connection, gate.unit_id)
    return [
        (code, bool(known.get(code, {}).get("password_hash")))
        for code, names in sorted(roles.items())
        if Role.ADMIN in names and code in active
    ]
