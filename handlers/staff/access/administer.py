"""What does an administrator do with the accounts of others?"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.access.errors import OwnAccountError
from handlers.staff.access.model import AccountState, Gate
from handlers.staff.people.listing import active
from handlers.staff.permissions import Action
from storage import accounts, sessions


async def states(gate: Gate, by: str) -> dict[str, AccountState]:
    """Return code -> how far the account is. Raises what ``Desk.look`` does."""
    now = gate.now_ms()

    def look(connection: Connection) -> dict[str, AccountState]:
        invited = accounts.invited(connection, gate.unit_id, now)
        return {
            code: AccountState(
                row["password_hash"] is not None,
                row["factor"] is not None,
                row["blocked"],
                row["must_change"],
                invited.get(code),
            )
            for code, row in accounts.accounts(connection, gate.unit_id).items()
        }

    return await gate.desk(by).look(Action.MANAGE_STAFF, look)


async def set_blocked(gate: Gate, by: str, staff_id: str, *, blocked: bool) -> None:
    """Shut somebody out at once, or let them in again. Raises OwnAccountError."""
    if by == staff_id:
        raise OwnAccountError
    desk = gate.desk(by)
    tag = Tag.ACCESS_BLOCKED if blocked else Tag.ACCESS_UNBLOCKED

    def work(connection: Connection) -> None:
        active(connection, desk, staff_id)
        _write(connection, gate, staff_id, blocked=blocked)
        if blocked:
            sessions.end_all(connection, gate.unit_id, staff_id)
            accounts.drop_links(connection, gate.unit_id, staff_id)
        desk.prove(connection, tag, staff_id)

    await desk.change(Action.MANAGE_STAFF, work)


async def demand_change(gate: Gate, by: str, staff_id: str) -> None:
    """Let somebody choose a new password before anything else."""
    desk = gate.desk(by)

    def work(connection: Connection) -> None:
        active(connection, desk, staff_id)
        _write(connection, gate, staff_id, must_change=True)
        desk.prove(connection, Tag.ACCESS_INVITED, staff_id, purpose="change")

    await desk.change(Action.MANAGE_STAFF, work)


def _write(connection: Connection, gate: Gate, staff_id: str, **values: bool) -> None:
    now = gate.now_ms()
    accounts.open_account(connection, gate.unit_id, staff_id, now)
    accounts.change_account(connection, gate.unit_id, staff_id, values, now)
