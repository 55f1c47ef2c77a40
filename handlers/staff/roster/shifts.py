"""Who gets which shifts, and who answers when there is none?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people import listing, sealing
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import Action
from handlers.staff.roster.errors import (
    BadSlotError,
    PastDayError,
    SamePersonError,
    ShiftMissingError,
)
from handlers.staff.roster.model import ANY, POST_NAMES, Shift, Slot
from handlers.staff.roster.rows import shift_of, shift_row, slot_key
from handlers.staff.roster.view import today
from handlers.staff.roster.words import field_names
from storage import roster

FARTHEST_DAYS = 400
"""A day farther ahead is a slip of the pen."""


async def set_shifts(desk: Desk, wanted: Sequence[Shift]) -> int:
    """Write these shifts over what is there; return how many changed anything.

    Raises BadSlotError, PastDayError, SamePersonError, BadContactError,
    MemberUnknownError, MemberLeftError, NotAllowedError.
    """
    fresh = [checked(desk, shift) for shift in wanted]

    def work(connection: Connection) -> int:
        for staff_id in {code for shift in fresh for code in shift.people}:
            listing.active(connection, desk, staff_id)
        there = known(connection, desk, fresh)
        changed = [one for one in fresh if not _is_same(there.get(one.slot), one)]
        write(connection, desk, changed, there)
        for shift in changed:
            _prove(connection, desk, Tag.SHIFT_SET, shift)
        return len(changed)

    return await desk.change(Action.MANAGE_ROSTER, work)


async def clear_shifts(desk: Desk, slots: Sequence[Slot]) -> int:
    """Take shifts out; return how many. Raises PastDayError, ShiftMissingError."""
    for slot in slots:
        check_day(desk, slot.day)

    def work(connection: Connection) -> int:
        there = known(connection, desk, [Shift(slot, "") for slot in slots])
        gone = [there[slot] for slot in slots if slot in there]
        if not gone:
            raise ShiftMissingError
        for shift in gone:
            _prove(connection, desk, Tag.SHIFT_CLEARED, shift)
        ids = [shift.shift_id for shift in gone]
        return roster.drop_shifts(connection, desk.unit_id, ids)

    return await desk.change(Action.MANAGE_ROSTER, work)


async def set_standby(desk: Desk, chain: Sequence[str]) -> None:
    """Say who answers when no shift does, in order; raises MemberUnknownError, …."""
    if len(set(chain)) < len(chain):
        raise SamePersonError

    def work(connection: Connection) -> None:
        for staff_id in chain:
            listing.active(connection, desk, staff_id)
        roster.set_standby(connection, desk.unit_id, chain)
        told = ",".join(chain)
        desk.prove(connection, Tag.ROSTER_STANDBY_SET, "", chain=told)

    await desk.change(Action.MANAGE_ROSTER, work)


def checked(desk: Desk, shift: Shift) -> Shift:
    """Return a shift in its one form; raises as ``set_shifts`` does."""
    slot = shift.slot
    check_day(desk, slot.day)
    if slot.channel not in POST_NAMES or slot.field not in {ANY, *field_names()}:
        raise BadSlotError
    if shift.deputy == shift.holder:
        raise SamePersonError
    return replace(shift, phone=sealing.public_phone(shift.phone))


def check_day(desk: Desk, day: date) -> None:
    """Raise PastDayError for a day that is over, BadSlotError for one far ahead."""
    now = today(desk)
    if day < now:
        raise PastDayError
    if (day - now).days > FARTHEST_DAYS:
        raise BadSlotError(hint=f"Xin chọn ngày trong {FARTHEST_DAYS} ngày tới.")


def known(
    connection: Connection, desk: Desk, shifts: Sequence[Shift]
) -> dict[Slot, Shift]:
    """Return what is written for the days of these shifts."""
    days = [shift.slot.day.isoformat() for shift in shifts]
    if not days:
        return {}
    rows = roster.shifts(connection, desk.unit_id, min(days), max(days))
    return {shift.slot: shift for shift in (shift_of(desk.keys, row) for row in rows)}


def write(
    connection: Connection,
    desk: Desk,
    shifts: Sequence[Shift],
    there: Mapping[Slot, Shift],
) -> None:
    """Write shifts; one that is there keeps its id."""
    rows = []
    for shift in shifts:
        before = there.get(shift.slot)
        kept = replace(shift, shift_id=before.shift_id if before else "")
        rows.append(shift_row(desk, kept))
    roster.put_shifts(connection, rows)


def _is_same(before: Shift | None, now: Shift) -> bool:
    return before is not None and replace(before, shift_id=now.shift_id) == now


def _prove(connection: Connection, desk: Desk, tag: Tag, shift: Shift) -> None:
    day, part, channel, field = slot_key(shift.slot)
    desk.prove(
        connection,
        tag,
        shift.shift_id,
        day=day,
        part=part,
        channel=channel,
        field=field,
        holder=shift.holder,
        deputy=shift.deputy or "",
        phone=bool(shift.phone),
    )
