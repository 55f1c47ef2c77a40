"""What stands on the printed assignment of duty, and how is its printing proved?

The signed paper is the "văn bản phân công" that criterion I.3.b asks for; the log keeps
the hash of the page that was printed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.roster.model import (
    PART_BEGINS,
    PART_NAMES,
    POST_NAMES,
    Leave,
    Part,
    Shift,
)
from handlers.staff.roster.view import View, seen
from handlers.staff.roster.words import day_name, field_name
from messages.roster_sheet import Sheet, SheetRow, render


@dataclass(frozen=True, slots=True)
class Printed:
    """The page, its days, and the SHA-256 (hex) by which the log knows it."""

    page: str
    sha256: str
    shifts: int
    first: date
    last: date


async def made(
    desk: Desk, unit_name: str, place: str, first: date, last: date
) -> Printed:
    """Return the sheet of these days (both included).

    Raises StrangerError, NotAllowedError, StorageUnavailableError.
    """
    view = await seen(desk, first, last)
    page = render(sheet(view, unit_name, place, first, last))
    digest = hashlib.sha256(page.encode()).hexdigest()
    return Printed(page, digest, len(view.plan.shifts), first, last)


async def prove(desk: Desk, printed: Printed) -> None:
    """Write into the log that a sheet was handed out; its page is safe by now."""

    def work(connection: Connection) -> None:
        desk.prove(
            connection,
            Tag.ROSTER_PRINTED,
            "",
            first=printed.first.isoformat(),
            last=printed.last.isoformat(),
            shifts=printed.shifts,
            sha256=printed.sha256,
        )

    await desk.database.write(work)


def sheet(view: View, unit_name: str, place: str, first: date, last: date) -> Sheet:
    """Return what stands on the paper; pure."""
    return Sheet(
        unit_name=unit_name,
        place=place,
        period=f"Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}",
        year=first.year,
        hours=", ".join(_hours()),
        rows=tuple(_rows(view)),
        standby=tuple(_person(view, code) for code in view.plan.standby),
        leave=tuple(_away(view, one) for one in view.plan.leave),
    )


def _rows(view: View) -> Iterator[SheetRow]:
    """Yield the lines in order; a day is named in its first line only."""
    order = list(Part)
    shifts = sorted(
        view.plan.shifts,
        key=lambda s: (s.slot.day, order.index(s.slot.part), s.slot),
    )
    before: date | None = None
    for shift in shifts:
        row = _row(view, shift)
        yield row if shift.slot.day != before else replace(row, day="")
        before = shift.slot.day


def _row(view: View, shift: Shift) -> SheetRow:
    slot = shift.slot
    return SheetRow(
        day=day_name(slot.day),
        part=PART_NAMES[slot.part],
        channel=POST_NAMES[slot.channel],
        field=field_name(slot.field),
        holder=_person(view, shift.holder),
        deputy=_person(view, shift.deputy) if shift.deputy else "",
        phone=shift.phone,
    )


def _person(view: View, staff_id: str) -> str:
    found = view.members.get(staff_id)
    if found is None:
        return staff_id
    return ", ".join(filter(None, (found.profile.name, found.profile.title)))


def _away(view: View, leave: Leave) -> str:
    part = f" (buổi {PART_NAMES[leave.part].lower()})" if leave.part else ""
    days = f"{leave.first:%d/%m}"
    if leave.last != leave.first:
        days = f"{days} đến {leave.last:%d/%m}"
    return f"{view.name(leave.staff_id)}: {days}{part}"


def _hours() -> Iterator[str]:
    order = list(Part)
    for number, part in enumerate(order):
        ends = PART_BEGINS[order[(number + 1) % len(order)]]
        begins = PART_BEGINS[part]
        yield f"{PART_NAMES[part].lower()} {begins:%H:%M}-{ends:%H:%M}"
