"""Who is on duty when? Shifts, those who answer when nobody is, leave and swaps.

Days are ISO dates of the commune; a published phone is the only thing sealed here.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table

from storage.tables.base import instant, key, metadata, text, unit
from storage.tables.staff import STAFF_CODE

roster_shift = Table(
    "roster_shift",
    metadata,
    unit(),
    key("shift_id"),
    text("day", 10),
    text("part", 12),
    text("channel", 16),
    text("field", 40),
    text("holder", STAFF_CODE),
    text("deputy", STAFF_CODE, nullable=True),
    Column("sealed", LargeBinary, nullable=True),
    instant("changed_at"),
    Index(
        "uq_roster_shift_slot",
        "unit_id",
        "day",
        "part",
        "channel",
        "field",
        unique=True,
    ),
)

roster_standby = Table(
    "roster_standby",
    metadata,
    unit(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    text("staff_id", STAFF_CODE),
)

staff_leave = Table(
    "staff_leave",
    metadata,
    unit(),
    key("leave_id"),
    text("staff_id", STAFF_CODE),
    text("first_day", 10),
    text("last_day", 10),
    text("part", 12, nullable=True),
    instant("recorded_at"),
    Index("ix_staff_leave_last_day", "unit_id", "last_day"),
)

roster_swap = Table(
    "roster_swap",
    metadata,
    unit(),
    key("swap_id"),
    text("shift_id", 32),
    text("back_id", 32, nullable=True),
    text("asker", STAFF_CODE),
    text("asked", STAFF_CODE),
    text("state", 12),
    instant("asked_at"),
    instant("decided_at", nullable=True),
    Index("ix_roster_swap_state", "unit_id", "state", "asked_at"),
)
