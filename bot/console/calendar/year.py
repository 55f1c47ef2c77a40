"""``/console/calendar``: when is the office open, which days are off, is that sure?

Hours and the unit's own days are changed here (see editing); what the country's notice
says lies in the configuration, of which the page names the line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.case_rooms import room_within
from bot.config import Unit
from bot.console.calendar.wishes import DAYS, FIELDS
from bot.console.guard import action
from bot.console.roster.table import calendar
from bot.console.visit import Visit
from bot.own_calendar import facts_of
from bot.own_hours import fingerprint, hours
from handlers.staff.cases.recompute import left
from handlers.staff.cases.workroom import Room
from handlers.staff.hours import acts
from handlers.staff.hours.errors import HoursError
from handlers.staff.hours.model import DAY, WEEK, Means
from handlers.staff.permissions import Action
from handlers.staff.roster.view import today
from handlers.staff.roster.words import day_name
from scheduler.calendar.coverage import coverage, span_coverage
from scheduler.calendar.working_days import WorkCalendar
from scheduler.calendar.year import occasions
from scheduler.errors import SchedulerError

YEARS_AWAY = 3
BAD = 400
MEANS = ((Means.OFF.value, "nghỉ"), (Means.WORKED.value, "làm việc (làm bù)"))
SHOWN_DAYS = 14

DAY_LABELS: Mapping[str, str] = dict(
    zip(DAYS, (*(f"Thứ {n}" for n in range(2, 8)), "Chủ nhật"), strict=True)
)

Line = tuple[date, str, str]
"""A day, its name, what about it."""


@action(Action.SEE_CATALOGUE)
async def show(at: Visit) -> web.StreamResponse:
    """Show a year, and the coming two weeks day by day."""
    return await page(at)


async def page(
    at: Visit, error: HoursError | None = None, told: Mapping[str, str] | None = None
) -> web.Response:
    """Return the page; ``told`` is what was typed into a form that was refused."""
    now = today(at.desk)
    year = _year(at.request.query.get("year", ""), now.year)
    unit, days = at.settings, calendar(at)
    off, worked, unsure = _days(days, year)
    return at.html(
        "calendar/year.html",
        "Lịch nghỉ, giờ làm",
        status=BAD if error else 200,
        error=error,
        year=year,
        this_year=now.year,
        hours=hours(unit).describe(),
        soon=[_soon(unit, days, now + n * timedelta(1)) for n in range(SHOWN_DAYS)],
        warnings=coverage(days, now).warnings(),
        off=off,
        worked=worked,
        unsure=unsure,
        feasts=_feasts(unit, year),
        key=f"units.{at.unit_id}",
        left=await left(whole_room(at), fingerprint(at.settings)),
        own_file=Path(unit.calendar_file).name if unit.calendar_file else "",
        **await _own(at, now, told or {}),
    )


def whole_room(at: Visit) -> Room:
    """Return the room of the whole unit: a calendar is that of every case."""
    house = at.house
    runtime = house.units[at.unit_id]
    where = (runtime, house.database, house.ids, house.clock, at.staff_id)
    return room_within(*where, roles=None)


async def _own(at: Visit, now: date, told: Mapping[str, str]) -> dict[str, Any]:
    """Return what was said in the console, and the forms to say it anew."""
    version, own = await acts.own(at.desk)
    week = hours(at.settings).week
    usual = {
        day: ", ".join(map(str, spans)) for day, spans in zip(DAYS, week, strict=True)
    }
    return {
        "seen": version,
        "own_days": [
            (day.isoformat(), day_name(day), one.means is Means.OFF, one.why)
            for day, one in sorted(own.days.items())
            if day >= now
        ],
        "is_own_week": own.week is not None,
        "week": [(day, name, told.get(day, usual[day])) for day, name in _labels()],
        "told": dict.fromkeys(FIELDS, "") | {"means": Means.OFF.value} | dict(told),
        "means": MEANS,
        "first_day": now.isoformat(),
        "versions": await acts.history(at.desk),
        "about": _about,
    }


def _labels() -> list[tuple[str, str]]:
    return list(DAY_LABELS.items())


def _about(key: str) -> str:
    """Return what a version changed, by its key."""
    if key == WEEK:
        return "giờ làm việc"
    if key.startswith(DAY):
        return day_name(date.fromisoformat(key.removeprefix(DAY)))
    return "dùng lại bản cũ"


def _year(text: str, now: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 4 else now  # noqa: PLR2004
    return number if abs(number - now) <= YEARS_AWAY else now


def _days(
    days: WorkCalendar, year: int
) -> tuple[list[Line], list[Line], tuple[str, ...]]:
    """Return the days off, the days worked instead, and what is not sure."""
    try:
        own = {day for day in days.own_days_off if day.year == year}
        dates = sorted({*days.holidays.year(year), *own})
        found = [(day, days.day_off(day)) for day in dates]
        off = [(day, day_name(day), why.name) for day, why in found if why]
        extra = {day for day in days.own_working if day.year == year}
        dates = sorted({*days.holidays.worked_days(year), *extra})
        worked = [(day, day_name(day), _worked(day, extra)) for day in dates]
        span = span_coverage(days, date(year, 1, 1), date(year, 12, 31))
        return off, worked, span.warnings()
    except SchedulerError as error:
        return [], [], (str(error),)


def _worked(day: date, own: set[date]) -> str:
    return "theo thông báo của xã" if day in own else "làm bù theo thông báo chung"


def _feasts(unit: Unit, year: int) -> list[tuple[str, str, bool]]:
    try:
        found = occasions(year, facts_of(unit).get("occasions", []))
    except SchedulerError:
        return []
    return [(f"{one.date:%d/%m}", one.name, one.day_off) for one in found]


def _soon(unit: Unit, days: WorkCalendar, day: date) -> tuple[str, str, str]:
    """Return a day, when the office is open, why it is not."""
    spans = ", ".join(map(str, hours(unit).spans(day)))
    off = days.day_off(day)
    why = off.name if off else "" if days.is_working(day) else "nghỉ cuối tuần"
    return day_name(day), spans, why
