"""When is somebody away, as told by themselves or by who keeps the roster?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import listing
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.roster.errors import BadLeaveError, LeaveMissingError, NotYoursError
from handlers.staff.roster.model import Leave, Shift
from handlers.staff.roster.rows import leave_of, leave_row, shift_of
from handlers.staff.roster.view import today
from storage import roster

LONGEST_DAYS = 366


async def record(desk: Desk, leave: Leave) -> tuple[Leave, tuple[Shift, ...]]:
    """Write a leave; return it, and the shifts that it leaves to others.

    Raises BadLeaveError, NotYoursError, MemberUnknownError, MemberLeftError. Leave
    that began may be recorded late, but not when it is over.
    """
    length = (leave.last - leave.first).days
    if not 0 <= length < LONGEST_DAYS or leave.last < today(desk):
        raise BadLeaveError

    def work(connection: Connection) -> tuple[Leave, tuple[Shift, ...]]:
        listing.active(connection, desk, leave.staff_id)
        _check_right(connection, desk, leave.staff_id)
        row = leave_row(desk, leave)
        roster.add_leave(connection, row)
        _prove(connection, desk, Tag.LEAVE_RECORDED, leave_of(row))
        return replace(leave, leave_id=row["leave_id"]), _left(connection, desk, leave)

    return await desk.change(Action.ASK_SWAPS, work)


async def withdraw(desk: Desk, leave_id: str) -> Leave:
    """Take a leave back and return it. Raises LeaveMissingError, NotYoursError."""

    def work(connection: Connection) -> Leave:
        row = roster.drop_leave(connection, desk.unit_id, leave_id)
        if row is None:
            raise LeaveMissingError
        leave = leave_of(row)
        _check_right(connection, desk, leave.staff_id)
        _prove(connection, desk, Tag.LEAVE_WITHDRAWN, leave)
        return leave

    return await desk.change(Action.ASK_SWAPS, work)


async def listed(desk: Desk, since: date) -> list[Leave]:
    """Return the leave that ends on that day or later."""
    rows = await desk.look(
        Action.SEE_ROSTER,
        lambda c: roster.leave(c, desk.unit_id, since.isoformat()),
    )
    return [leave_of(row) for row in rows]


def _check_right(connection: Connection, desk: Desk, staff_id: str) -> None:
    is_own = desk.by == staff_id
    if not is_own and not desk.may(connection, Action.MANAGE_ROSTER):
        raise NotYoursError


def _left(connection: Connection, desk: Desk, leave: Leave) -> tuple[Shift, ...]:
    first, last = leave.first.isoformat(), leave.last.isoformat()
    rows = roster.shifts(connection, desk.unit_id, first, last)
    mine = (row for row in rows if leave.staff_id in (row["holder"], row["deputy"]))
    shifts = (shift_of(desk.keys, row) for row in mine)
    return tuple(s for s in shifts if leave.part in (None, s.slot.part))


def _prove(connection: Connection, desk: Desk, tag: Tag, leave: Leave) -> None:
    desk.prove(
        connection,
        tag,
        leave.leave_id,
        staff=leave.staff_id,
        first=leave.first.isoformat(),
        last=leave.last.isoformat(),
        part=leave.part.value if leave.part else "",
    )
