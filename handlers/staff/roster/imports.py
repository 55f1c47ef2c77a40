"""How does a spreadsheet become the roster? Compared and shown first, then written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection

from handlers.model import Tag
from handlers.staff.people.desk import Desk
from handlers.staff.people.errors import MemberLeftError, PeopleError
from handlers.staff.people.listing import members
from handlers.staff.permissions import Action
from handlers.staff.roster.errors import SheetEmptyError
from handlers.staff.roster.model import Shift, Slot
from handlers.staff.roster.shifts import checked, known, write
from handlers.staff.roster.table import Refused, Table, read
from handlers.staff.roster.view import today
from storage import roster, staff


@dataclass(frozen=True, slots=True)
class Report:
    """What an import does: duties added, changed, removed; lines refused."""

    added: tuple[Slot, ...]
    changed: tuple[Slot, ...]
    removed: tuple[Slot, ...]
    unchanged: int
    refused: tuple[Refused, ...]

    def counts(self) -> dict[str, int]:
        """The figures, as the log keeps them."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
            "removed": len(self.removed),
            "refused": len(self.refused),
        }


@dataclass(frozen=True, slots=True)
class _Difference:
    report: Report
    wanted: tuple[Shift, ...]
    gone: tuple[Shift, ...]


async def preview(desk: Desk, path: Path, *, replace_days: bool = False) -> Report:
    """Return what an import would do; writes nothing. Raises as ``apply`` does."""
    table = await _read(desk, path, replace_days=replace_days)

    def work(connection: Connection) -> Report:
        return _compare(connection, desk, table, replace_days=replace_days).report

    return await desk.look(Action.MANAGE_ROSTER, work)


async def apply(desk: Desk, path: Path, *, replace_days: bool = False) -> Report:
    """Write the shifts of a file; lines that are refused change nothing.

    ``replace_days`` removes, on the days the file speaks of, what it does not name.
    Raises SheetFileError, SheetHeaderError, SheetEmptyError, NotAllowedError.
    """
    table = await _read(desk, path, replace_days=replace_days)

    def work(connection: Connection) -> Report:
        found = _compare(connection, desk, table, replace_days=replace_days)
        there = known(connection, desk, found.wanted)
        write(connection, desk, found.wanted, there)
        ids = [shift.shift_id for shift in found.gone]
        roster.drop_shifts(connection, desk.unit_id, ids)
        counts = found.report.counts()
        desk.prove(connection, Tag.ROSTER_IMPORTED, "", sha256=table.sha256, **counts)
        return found.report

    return await desk.change(Action.MANAGE_ROSTER, work)


async def _read(desk: Desk, path: Path, *, replace_days: bool) -> Table:
    """Read the file outside of any transaction."""
    people = await desk.look(
        Action.MANAGE_ROSTER, lambda c: members(c, desk.unit_id, desk.keys)
    )
    table = await asyncio.to_thread(read, path, people)
    if replace_days and not table.shifts:
        raise SheetEmptyError
    return table


def _compare(
    connection: Connection, desk: Desk, table: Table, *, replace_days: bool
) -> _Difference:
    there = known(connection, desk, [shift for _, shift in table.shifts])
    new, refused = _sorted_out(connection, desk, table, there)
    added = tuple(shift.slot for shift in new if shift.slot not in there)
    changed = tuple(shift.slot for shift in new if shift.slot in there)
    gone = tuple(_unnamed(desk, table, there)) if replace_days else ()
    report = Report(
        added=added,
        changed=changed,
        removed=tuple(shift.slot for shift in gone),
        unchanged=len(table.shifts) - len(new) - len(refused),
        refused=tuple(sorted((*table.refused, *refused), key=lambda r: r.number)),
    )
    return _Difference(report, tuple(new), gone)


def _sorted_out(
    connection: Connection, desk: Desk, table: Table, there: Mapping[Slot, Shift]
) -> tuple[list[Shift], list[Refused]]:
    """Return the shifts that differ from what is written, and the lines refused."""
    active = staff.active_codes(connection, desk.unit_id)
    new: list[Shift] = []
    refused: list[Refused] = []
    for number, shift in table.shifts:
        before = there.get(shift.slot)
        if before and replace(before, shift_id="") == shift:
            continue
        try:
            if not active.issuperset(shift.people):
                raise MemberLeftError
            new.append(checked(desk, shift))
        except PeopleError as error:
            refused.append(Refused(number, str(error).rstrip(".")))
    return new, refused


def _unnamed(desk: Desk, table: Table, there: Mapping[Slot, Shift]) -> Iterator[Shift]:
    """Yield what the file leaves out on its days; days that are over stay."""
    named = {shift.slot for _, shift in table.shifts}
    days = set(table.days)
    for slot, shift in there.items():
        if slot.day in days and slot not in named and slot.day >= today(desk):
            yield shift
