"""Does this password let somebody in?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.access import lockout
from handlers.staff.access.errors import WrongPasswordError
from handlers.staff.access.model import Caller, Entered, Gate, Stage
from handlers.staff.access.opening import begin
from handlers.staff.people.model import CODE, OPERATOR
from storage import accounts, sessions, staff


async def log_in(
    gate: Gate, code: str, password: str, caller: Caller, former: str = ""
) -> Entered:
    """Open a session, at stage FACTOR for who has a second factor.

    ``former`` is the token of a session that this one replaces. Raises
    WrongPasswordError, which tells nothing about the account, and LockedOutError.
    """
    staff_id = code.strip()
    one = lockout.a_try(gate, "account", staff_id, caller.address)
    await gate.database.write(lambda c: lockout.count(c, gate, one))
    kept = await gate.database.read(lambda c: _account(c, gate, staff_id))
    is_right = await gate.hasher.matches(_hash(kept), password)
    if kept is None or not is_right:
        await _refuse(gate, kept)
        raise WrongPasswordError
    renewed = await _renewed(gate, kept, password)
    stage = Stage.FULL if kept["factor"] is None else Stage.FACTOR

    def work(connection: Connection) -> Entered:
        lockout.forgive(connection, gate, one)
        sessions.end(connection, gate.unit_id, gate.mac("session", former))
        if renewed:
            accounts.change_account(
                connection, gate.unit_id, staff_id, renewed, gate.now_ms()
            )
        return begin(connection, gate, staff_id, stage, caller)

    return await gate.database.write(work)


def _account(
    connection: Connection, gate: Gate, staff_id: str
) -> dict[str, Any] | None:
    """Return the account of somebody who may come in; None for everybody else."""
    if not CODE.fullmatch(staff_id) or staff_id == OPERATOR:
        return None
    found = accounts.account(connection, gate.unit_id, staff_id)
    if found is None or not staff.roles_of(connection, gate.unit_id, staff_id):
        return None
    return found


def _hash(kept: dict[str, Any] | None) -> str | None:
    if kept is None or kept["blocked"]:
        return None
    found: str | None = kept["password_hash"]
    return found


async def _renewed(gate: Gate, kept: dict[str, Any], password: str) -> dict[str, Any]:
    if not gate.hasher.is_old(kept["password_hash"]):
        return {}
    return {"password_hash": await gate.hasher.hash(password)}


async def _refuse(gate: Gate, kept: dict[str, Any] | None) -> None:
    if kept is None:
        return  # what a stranger typed may be a password: it is written nowhere
    desk, code = gate.desk(kept["staff_id"]), kept["staff_id"]
    await gate.database.write(
        lambda c: desk.prove(c, Tag.ACCESS_REFUSED, code, step="password")
    )
