"""How do shifts, leave and swaps lie in rows, and come back?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from handlers.staff.people.desk import Desk
from handlers.staff.roster.model import Leave, Part, Shift, Slot, Swap, SwapState
from storage.keys import UnitKeys

Row = Mapping[str, Any]


def slot_key(slot: Slot) -> tuple[str, str, str, str]:
    """Return the four columns that name a duty."""
    return (slot.day.isoformat(), slot.part.value, slot.channel, slot.field)


def shift_row(desk: Desk, shift: Shift) -> dict[str, Any]:
    """Return the row of a shift; one without an id gets a new one."""
    day, part, channel, field = slot_key(shift.slot)
    return {
        "unit_id": desk.unit_id,
        "shift_id": shift.shift_id or desk.ids.new(),
        "day": day,
        "part": part,
        "channel": channel,
        "field": field,
        "holder": shift.holder,
        "deputy": shift.deputy,
        "sealed": _sealed_phone(desk, shift),
        "changed_at": desk.now_ms(),
    }


def shift_of(keys: UnitKeys, row: Row) -> Shift:
    """Return a shift from its row."""
    slot = Slot(
        date.fromisoformat(row["day"]), Part(row["part"]), row["channel"], row["field"]
    )
    phone = ""
    if row["sealed"] is not None:
        phone = keys.box.open(row["sealed"], _context(row["unit_id"], slot)).decode()
    return Shift(slot, row["holder"], row["deputy"], phone, row["shift_id"])


def leave_row(desk: Desk, leave: Leave) -> dict[str, Any]:
    """Return the row of a leave; one without an id gets a new one."""
    return {
        "unit_id": desk.unit_id,
        "leave_id": leave.leave_id or desk.ids.new(),
        "staff_id": leave.staff_id,
        "first_day": leave.first.isoformat(),
        "last_day": leave.last.isoformat(),
        "part": leave.part.value if leave.part else None,
        "recorded_at": desk.now_ms(),
    }


def leave_of(row: Row) -> Leave:
    """Return a leave from its row."""
    return Leave(
        row["staff_id"],
        date.fromisoformat(row["first_day"]),
        date.fromisoformat(row["last_day"]),
        Part(row["part"]) if row["part"] else None,
        row["leave_id"],
    )


def swap_of(row: Row) -> Swap:
    """Return a request from its row."""
    return Swap(
        swap_id=row["swap_id"],
        shift_id=row["shift_id"],
        asker=row["asker"],
        asked=row["asked"],
        state=SwapState(row["state"]),
        back_id=row["back_id"],
        asked_at=row["asked_at"],
    )


def _sealed_phone(desk: Desk, shift: Shift) -> bytes | None:
    if not shift.phone:
        return None
    return desk.keys.box.seal(shift.phone.encode(), _context(desk.unit_id, shift.slot))


def _context(unit_id: str, slot: Slot) -> str:
    return f"{unit_id}:shift:{':'.join(slot_key(slot))}"
