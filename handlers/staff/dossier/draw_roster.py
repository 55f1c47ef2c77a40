"""Who was on duty? Shifts set one by one from the log, whole tables from their rows.

A table that came in whole is in the log as a hash only. Its shifts are read from the
rows, for days that were over at the point: nobody can change those any more.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms, local_day
from handlers.model import Tag
from handlers.staff.dossier.draw import REF, Days, finding, number
from handlers.staff.dossier.finding import Found
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.sheet import listed
from handlers.staff.people.listing import members
from handlers.staff.roster.model import PART_NAMES, POST_NAMES
from handlers.staff.roster.words import field_name
from messages.criteria.model import Draw
from storage import roster
from storage.keys import UnitKeys

_SET, _CLEARED = Tag.SHIFT_SET.value, Tag.SHIFT_CLEARED.value
_PRINTED, _IMPORTED = Tag.ROSTER_PRINTED.value, Tag.ROSTER_IMPORTED.value
_PARTS: Final = {one.value: name for one, name in PART_NAMES.items()}
SLOT: Final = ("day", "part", "channel", "field")
BEFORE: Final = "nhập cả bảng trước kỳ"
SAME_MS: Final = 60_000
"""An import writes its entry right after its rows."""

Slot = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """Shifts of days that were over, and code -> "name, title" of staff."""

    over: Mapping[Slot, Mapping[str, Any]]
    names: Mapping[str, str]


def duty_of(
    connection: Connection, unit_id: str, keys: UnitKeys, days: Days, at: int
) -> Duty:
    """Return what rows say of duty at a point (UTC ms); names are those of today."""
    last = min(days.last, local_day(from_ms(at)) - timedelta(days=1))
    rows = roster.shifts(connection, unit_id, days.first.isoformat(), last.isoformat())
    over = {_slot(row): row for row in rows if row["changed_at"] <= at}
    known = members(connection, unit_id, keys)
    names = {
        code: ", ".join(filter(None, (one.profile.name, one.profile.title)))
        for code, one in known.items()
    }
    return Duty(over, names)


@dataclass(slots=True)
class Roster:
    """Lists who was on duty, by name and title."""

    draw: Draw
    duty: Duty
    shifts: dict[Slot, Line] = field(default_factory=dict)
    printed: list[Line] = field(default_factory=list)
    imported: list[Line] = field(default_factory=list)

    @property
    def tags(self) -> frozenset[str]:
        """Shifts set and cleared, tables that came in or were printed."""
        return frozenset({_SET, _CLEARED, _PRINTED, _IMPORTED})

    def take(self, line: Line) -> None:
        """Follow the shifts."""
        if line.tag in (_PRINTED, _IMPORTED):
            (self.printed if line.tag == _PRINTED else self.imported).append(line)
            return
        slot = _slot(line.data)
        self.shifts.pop(slot, None)
        if line.tag == _SET:
            self.shifts[slot] = line

    def found(self, days: Days) -> Found:
        """Say how many shifts there were on the days of this time."""
        first, last = days.first.isoformat(), days.last.isoformat()
        slots = sorted(
            slot
            for slot in self.shifts.keys() | self.duty.over.keys()
            if first <= slot[0] <= last
        )
        when = [date.fromisoformat(slot[0]) for slot in slots] + self._covered(days)
        words = f"{number(len(slots))} ca trực"
        if self.imported or self.printed:
            words += f"; nhập cả bảng {number(len(self.imported))} lần"
            words += f", in {number(len(self.printed))} lần"
        rows = [self._row(slot) for slot in slots]
        head = ("Ngày", "Buổi", "Kênh", "Lĩnh vực", "Người trực", "Dự phòng", REF)
        files = (listed(self.draw.title, head, rows),) if rows else ()
        count = len(slots) + len(self.printed) + len(self.imported)
        return finding(self.draw, days, count, words, when, files=files)

    def _covered(self, days: Days) -> list[date]:
        """Days of duty of which only the whole table is in the log."""
        found = [local_day(from_ms(one.at)) for one in self.imported]
        for one in self.printed:
            found += [
                date.fromisoformat(str(one.data[name])) for name in ("first", "last")
            ]
        return [day for day in found if days.first <= day <= days.last]

    def _row(self, slot: Slot) -> tuple[str, ...]:
        day, part, channel, work = slot
        row, line = self.duty.over.get(slot), self.shifts.get(slot)
        told = row if row is not None else line.data if line is not None else {}
        who = [str(told.get(name) or "") for name in ("holder", "deputy")]
        return (
            f"{date.fromisoformat(day):%d/%m/%Y}",
            _PARTS.get(part, part),
            POST_NAMES.get(channel, channel),
            field_name(work),
            *(self.duty.names.get(code, code) for code in who),
            self._ref(row, line),
        )

    def _ref(self, row: Mapping[str, Any] | None, line: Line | None) -> str:
        """The entry that says so: of the shift, else of the table it came with."""
        if line is not None and (
            row is None or line.data.get("holder") == row["holder"]
        ):
            return line.entry_id
        if row is None:
            return ""
        times = [one.at for one in self.imported]
        at = bisect_left(times, row["changed_at"])
        is_its = at < len(times) and times[at] - row["changed_at"] <= SAME_MS
        return self.imported[at].entry_id if is_its else BEFORE


def _slot(told: Mapping[str, Any]) -> Slot:
    return tuple(str(told.get(name, "")) for name in SLOT)
