"""The roster of some days, laid out so that a question costs microseconds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from handlers.staff.roster.model import Leave, Part, Plan, Shift, local_date
from scheduler.roster.times import part_at

Shifts = Mapping[tuple[date, Part], Mapping[tuple[str, str], Shift]]


@dataclass(frozen=True, slots=True)
class Book:
    """Shifts by day and part, then by channel and field; leave by person.

    ``active`` are the codes of those who work for the unit now.
    """

    shifts: Shifts
    leave: Mapping[str, tuple[Leave, ...]]
    standby: tuple[str, ...]
    active: frozenset[str]

    @classmethod
    def of(cls, plan: Plan, active: Iterable[str]) -> Book:
        """Lay out a plan."""
        shifts: dict[tuple[date, Part], dict[tuple[str, str], Shift]] = {}
        for shift in plan.shifts:
            slot = shift.slot
            there = shifts.setdefault((slot.day, slot.part), {})
            there[slot.channel, slot.field] = shift
        leave: dict[str, list[Leave]] = defaultdict(list)
        for one in plan.leave:
            leave[one.staff_id].append(one)
        away = {staff_id: tuple(times) for staff_id, times in leave.items()}
        return cls(
            MappingProxyType(shifts),
            MappingProxyType(away),
            plan.standby,
            frozenset(active),
        )

    def can_answer(self, staff_id: str, at: datetime) -> bool:
        """Whether somebody works for the unit and is not on leave at an instant."""
        return staff_id in self.active and not self.is_away(staff_id, at)

    def is_away(self, staff_id: str, at: datetime) -> bool:
        """Whether somebody is on leave at an instant (aware)."""
        return any(covers(one, at) for one in self.leave.get(staff_id, ()))

    def first_able(self, people: Collection[str], at: datetime) -> str | None:
        """Return the first who can answer, None when nobody can."""
        return next((one for one in people if self.can_answer(one, at)), None)


def covers(leave: Leave, at: datetime) -> bool:
    """Whether a leave holds at an instant; a night belongs to both of its days."""
    day, part = part_at(at)
    if leave.part is not None:
        return leave.part is part and leave.first <= day <= leave.last
    return any(leave.first <= one <= leave.last for one in (day, local_date(at)))
