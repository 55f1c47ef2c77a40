"""Which shifts, leave and swaps are written down? Codes and days, nothing else.

Every change is made after ``storage.staff.touch`` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import roster_shift, roster_standby, roster_swap, staff_leave

Row = Mapping[str, Any]
SLOT = ("unit_id", "day", "part", "channel", "field")


def shifts(
    connection: Connection, unit_id: str, first: str, last: str
) -> list[dict[str, Any]]:
    """Return the shifts of these days (ISO, both included), in order."""
    shift = roster_shift.c
    query = (
        select(roster_shift)
        .where(shift.unit_id == unit_id, shift.day >= first, shift.day <= last)
        .order_by(shift.day, shift.part, shift.channel, shift.field)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def is_used(connection: Connection, unit_id: str) -> bool:
    """Whether a unit ever wrote a shift that is still there."""
    query = select(roster_shift.c.shift_id).where(roster_shift.c.unit_id == unit_id)
    return connection.execute(query.limit(1)).first() is not None


def shift(connection: Connection, unit_id: str, shift_id: str) -> dict[str, Any] | None:
    """Return one shift, None when it is gone."""
    query = select(roster_shift).where(
        roster_shift.c.unit_id == unit_id, roster_shift.c.shift_id == shift_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def put_shifts(connection: Connection, rows: Sequence[Row]) -> None:
    """Write shifts; one that is there keeps its id and gets the new people."""
    if not rows:
        return
    statement = insert(connection, roster_shift)
    new = statement.excluded
    changed = {name: new[name] for name in ("holder", "deputy", "sealed", "changed_at")}
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(SLOT), set_=changed),
        [dict(row) for row in rows],
    )


def drop_shifts(connection: Connection, unit_id: str, ids: Sequence[str]) -> int:
    """Delete shifts; return how many were there."""
    gone = delete(roster_shift).where(
        roster_shift.c.unit_id == unit_id, roster_shift.c.shift_id.in_(list(ids))
    )
    return connection.execute(gone).rowcount


def give_shift(
    connection: Connection, unit_id: str, shift_id: str, old: str, new: str, now: int
) -> None:
    """Pass a shift on from ``old``; raises ConflictError when it is not theirs.

    A deputy who takes it over leaves the deputy's place empty.
    """
    row = shift(connection, unit_id, shift_id)
    if row is None or row["holder"] != old:
        raise ConflictError
    deputy = None if row["deputy"] == new else row["deputy"]
    connection.execute(
        update(roster_shift)
        .where(roster_shift.c.unit_id == unit_id, roster_shift.c.shift_id == shift_id)
        .values(holder=new, deputy=deputy, changed_at=now)
    )


def standby(connection: Connection, unit_id: str) -> tuple[str, ...]:
    """Return who answers when no shift does, in order."""
    query = (
        select(roster_standby.c.staff_id)
        .where(roster_standby.c.unit_id == unit_id)
        .order_by(roster_standby.c.position)
    )
    return tuple(connection.execute(query).scalars())


def set_standby(connection: Connection, unit_id: str, chain: Sequence[str]) -> None:
    """Replace the chain."""
    connection.execute(
        delete(roster_standby).where(roster_standby.c.unit_id == unit_id)
    )
    rows = [
        {"unit_id": unit_id, "position": number, "staff_id": staff_id}
        for number, staff_id in enumerate(chain)
    ]
    if rows:
        connection.execute(roster_standby.insert(), rows)


def leave(connection: Connection, unit_id: str, since: str) -> list[dict[str, Any]]:
    """Return the leave that ends on that day (ISO) or later, by first day."""
    query = (
        select(staff_leave)
        .where(staff_leave.c.unit_id == unit_id, staff_leave.c.last_day >= since)
        .order_by(staff_leave.c.first_day, staff_leave.c.leave_id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def add_leave(connection: Connection, row: Row) -> None:
    """Insert a time of leave."""
    connection.execute(staff_leave.insert(), dict(row))


def drop_leave(
    connection: Connection, unit_id: str, leave_id: str
) -> dict[str, Any] | None:
    """Delete a time of leave; return what it was, None when it is not there."""
    mine = (staff_leave.c.unit_id == unit_id, staff_leave.c.leave_id == leave_id)
    row = connection.execute(select(staff_leave).where(*mine)).mappings().one_or_none()
    if row is None:
        return None
    connection.execute(delete(staff_leave).where(*mine))
    return dict(row)


def add_swap(connection: Connection, row: Row) -> None:
    """Insert a request to swap."""
    connection.execute(roster_swap.insert(), dict(row))


def swap(connection: Connection, unit_id: str, swap_id: str) -> dict[str, Any] | None:
    """Return one request."""
    query = select(roster_swap).where(
        roster_swap.c.unit_id == unit_id, roster_swap.c.swap_id == swap_id
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def swaps(connection: Connection, unit_id: str, limit: int) -> list[dict[str, Any]]:
    """Return the newest requests."""
    query = (
        select(roster_swap)
        .where(roster_swap.c.unit_id == unit_id)
        .order_by(roster_swap.c.asked_at.desc(), roster_swap.c.swap_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def decide_swap(
    connection: Connection, unit_id: str, swap_id: str, state: str, now: int
) -> None:
    """End a request that is still open; raises ConflictError when it is not."""
    done = connection.execute(
        update(roster_swap)
        .where(
            roster_swap.c.unit_id == unit_id,
            roster_swap.c.swap_id == swap_id,
            roster_swap.c.state == "asked",
        )
        .values(state=state, decided_at=now)
    )
    if done.rowcount != 1:
        raise ConflictError
