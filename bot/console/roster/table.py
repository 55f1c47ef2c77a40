"""``/console/roster``: who is on duty this week or month, and what is missing?"""

from __future__ import annotations

from datetime import date, datetime

from aiohttp import web

from bot.cli.roster_words import PROBLEMS
from bot.clock import from_ms
from bot.console.catalogue.hints import on_page
from bot.console.catalogue.renewal import renew
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.roster.days import (
    ONE,
    WEEK,
    form_url,
    leave_words,
    monday,
    month_span,
    post_name,
    read_date,
    shown,
)
from bot.console.visit import Visit
from bot.deadlines import calendar_of
from bot.duty_warnings import watched
from bot.own_hours import hours
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.listing import listed
from handlers.staff.people.model import Member
from handlers.staff.permissions import Action
from handlers.staff.roster import shifts
from handlers.staff.roster.model import LOCAL, Slot
from handlers.staff.roster.view import View, seen, today
from handlers.staff.roster.words import day_name
from scheduler.calendar.working_days import WorkCalendar
from scheduler.roster.book import Book
from scheduler.roster.warnings import DAYS, Warned, Watch, warnings

PAGE = "/console/roster"
BAD = 400


@action(Action.SEE_ROSTER)
async def show(at: Visit) -> web.StreamResponse:
    """Show a week, or with ``view=month`` a month."""
    return await _page(at)


@action(Action.MANAGE_ROSTER)
async def set_standby(at: Visit) -> web.StreamResponse:
    """Say who answers when no shift does, in order."""
    chain = [code for code in await at.chosen("standby") if code]
    try:
        await shifts.set_standby(at.desk, list(dict.fromkeys(chain)))
    except PeopleError as error:
        return await _page(at, on_page(error))
    await renew(at)
    return at.go(PAGE, "Dạ, đã đặt người trực thay cuối.")


def calendar(at: Visit) -> WorkCalendar:
    """Return the working days of the unit."""
    return calendar_of(at.settings)


async def faults(at: Visit) -> tuple[View, tuple[Warned, ...]]:
    """Return what is wrong with the coming days; a night began the evening before."""
    now = local_now(at)
    unit = at.settings
    view = await seen(at.desk, now.date() - ONE, now.date() + DAYS * ONE)
    watch = Watch(hours(unit), watched(unit), view.reachable, DAYS)
    return view, warnings(Book.of(view.plan, view.active), now, watch)


def local_now(at: Visit) -> datetime:
    """Return now in the commune."""
    return from_ms(at.gate.now_ms()).astimezone(LOCAL)


async def people(at: Visit) -> list[Member]:
    """Return who may be given a duty, by name."""
    found = [one for one in await listed(at.desk) if one.is_active]
    return sorted(found, key=lambda one: one.profile.name)


async def _page(at: Visit, error: PeopleError | None = None) -> web.Response:
    now = today(at.desk)
    day = read_date(at.request.query.get("day", ""), now)
    is_month = at.request.query.get("view") == "month"
    first, last = month_span(day) if is_month else (monday(day), monday(day) + 6 * ONE)
    view = await seen(at.desk, first, last)
    near, found = await faults(at)
    warned = _by_slot(found)
    may_set = at.may(Action.MANAGE_ROSTER)
    days = shown(first, last, view, now, calendar(at), warned, may_set=may_set)
    return at.html(
        "roster/table.html",
        "Bảng trực",
        status=BAD if error else 200,
        error=error,
        is_month=is_month,
        weeks=[days[n : n + 7] for n in range(0, len(days), 7)],
        month=day.month,
        span=f"Tháng {day.month}/{day.year}" if is_month else _span(first, last),
        before=_step(day, is_month=is_month, by=-1).isoformat(),
        after=_step(day, is_month=is_month, by=1).isoformat(),
        day=day.isoformat(),
        faults=[_fault(one, near, may_set=may_set) for one in found],
        standby=[view.name(code) for code in view.plan.standby],
        chain=(*view.plan.standby, "", "", "")[:3],
        away=[(view.name(one.staff_id), leave_words(one)) for one in view.plan.leave],
        people=[(one.staff_id, one.profile.name) for one in await people(at)],
    )


def _by_slot(found: tuple[Warned, ...]) -> dict[Slot, str]:
    told: dict[Slot, str] = {}
    for one in found:
        told.setdefault(one.slot, PROBLEMS[one.problem])
    return told


def _fault(one: Warned, view: View, *, may_set: bool) -> tuple[str, str]:
    who = f"{view.name(one.staff_id)} " if one.staff_id else ""
    name = f"{day_name(one.slot.day)} · {post_name(one.slot)}"
    return f"{name}: {who}{PROBLEMS[one.problem]}", form_url(
        one.slot
    ) if may_set else ""


def _span(first: date, last: date) -> str:
    return f"{first:%d/%m} – {last:%d/%m/%Y}"


def _step(day: date, *, is_month: bool, by: int) -> date:
    if not is_month:
        return day + by * WEEK
    first = day.replace(day=1)
    return first - ONE if by < 0 else first + 32 * ONE


SECTION = Section(
    (get("/roster", show), post("/roster/standby", set_standby)), place=Place.PEOPLE
)
