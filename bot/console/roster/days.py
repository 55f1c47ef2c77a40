"""Which days does a page of the roster show, and what stands on each? Local days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from handlers.staff.roster.model import (
    ANY,
    PART_NAMES,
    POST_NAMES,
    Leave,
    Part,
    Shift,
    Slot,
)
from handlers.staff.roster.view import View
from handlers.staff.roster.words import DAY_NAMES, field_name
from scheduler.calendar.working_days import WorkCalendar

ONE = timedelta(days=1)
WEEK = timedelta(days=7)
FARTHEST_DAYS = 800


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift as it is shown; ``url`` leads to its form, "" for who may not."""

    title: str
    who: str
    deputy: str
    url: str
    is_gap: bool = False
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar; ``why_off`` names a day off."""

    day: date
    name: str
    is_today: bool
    is_off: bool
    why_off: str
    is_over: bool
    turns: tuple[Turn, ...]
    away: tuple[str, ...]


def read_date(text: str, otherwise: date) -> date:
    """Return a day from an address (ISO); what is odd is ``otherwise``."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if abs((found - otherwise).days) <= FARTHEST_DAYS else otherwise


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * ONE


def month_span(day: date) -> tuple[date, date]:
    """Return the Monday before a month's first day, the Sunday after its last."""
    first = day.replace(day=1)
    last = (first + 31 * ONE).replace(day=1) - ONE
    return monday(first), monday(last) + 6 * ONE


def shown(
    first: date,
    last: date,
    view: View,
    today: date,
    calendar: WorkCalendar,
    warned: dict[Slot, str],
    *,
    may_set: bool,
) -> list[Day]:
    """Return the days of a calendar, both ends included."""
    count = (last - first).days + 1
    by_day: dict[date, list[Shift]] = {}
    for shift in view.plan.shifts:
        by_day.setdefault(shift.slot.day, []).append(shift)
    return [
        _day(day, by_day.get(day, []), view, today, calendar, warned, may_set=may_set)
        for day in (first + number * ONE for number in range(count))
    ]


def form_url(slot: Slot) -> str:
    """Return where a duty is given to somebody."""
    told = {"day": slot.day.isoformat(), "part": slot.part.value}
    told |= {"channel": slot.channel, "field": slot.field}
    return "/console/roster/shift?" + urlencode(told)


def post_name(slot: Slot) -> str:
    """Return part, channel and field in one phrase."""
    told = [PART_NAMES[slot.part]]
    if slot.channel != ANY:
        told.append(POST_NAMES[slot.channel])
    if slot.field != ANY:
        told.append(field_name(slot.field))
    return " · ".join(told)


def leave_words(one: Leave) -> str:
    """Return when somebody is away."""
    part = f" (buổi {PART_NAMES[one.part].lower()})" if one.part else ""
    if one.first == one.last:
        return f"{one.first:%d/%m/%Y}{part}"
    return f"{one.first:%d/%m/%Y} đến {one.last:%d/%m/%Y}{part}"


def _day(
    day: date,
    shifts: Sequence[Shift],
    view: View,
    today: date,
    calendar: WorkCalendar,
    warned: dict[Slot, str],
    *,
    may_set: bool,
) -> Day:
    off = calendar.day_off(day)
    is_open = may_set and day >= today
    away = [one for one in view.plan.leave if one.first <= day <= one.last]
    return Day(
        day,
        DAY_NAMES[day.weekday()],
        day == today,
        not calendar.is_working(day),
        off.name if off else "",
        day < today,
        tuple(_turns(day, shifts, view, warned, is_open=is_open)),
        tuple(view.name(one.staff_id) for one in away),
    )


def _turns(
    day: date,
    shifts: Sequence[Shift],
    view: View,
    warned: dict[Slot, str],
    *,
    is_open: bool,
) -> list[Turn]:
    known = {one.slot: one for one in shifts}
    found: list[Turn] = []
    for part in Part:
        mine = sorted(slot for slot in known if slot.part is part)
        found += [
            _turn(known[slot], view, warned.get(slot, ""), is_open=is_open)
            for slot in mine
        ]
        if not mine and is_open:
            url = form_url(Slot(day, part))
            found.append(Turn(PART_NAMES[part], "chưa phân", "", url, is_gap=True))
    return found


def _turn(shift: Shift, view: View, warning: str, *, is_open: bool) -> Turn:
    return Turn(
        post_name(shift.slot),
        view.name(shift.holder),
        view.name(shift.deputy) if shift.deputy else "",
        form_url(shift.slot) if is_open else "",
        warning=warning,
    )
