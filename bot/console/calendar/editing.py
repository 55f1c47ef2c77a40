"""``/console/calendar/look`` and ``/save``: what would a change move, and make it.

Nothing is saved that was not shown first: which days and hours change, and which open
cases get another deadline. Saving works some deadlines out at once; the clock goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import structlog
from aiohttp import web

from bot.config import Unit
from bot.console.calendar import year
from bot.console.calendar.wishes import typed, wish_of
from bot.console.catalogue.renewal import renew
from bot.console.desk.sending import woken
from bot.console.desk.words import due_words
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.deadlines import calendar_of, deadlines_of
from bot.own_hours import check, fingerprint, hours, in_force
from handlers.cases.apply import CaseServices
from handlers.staff.cases.recompute import Moves, some, would_move
from handlers.staff.hours import acts
from handlers.staff.hours.errors import HoursError, UnfitHoursError
from handlers.staff.hours.model import Means, OwnHours, SetDays, Wish, wished
from handlers.staff.permissions import Action
from handlers.staff.roster.view import today
from handlers.staff.roster.words import day_name
from handlers.staff.words.errors import WordedMeanwhileError
from storage.errors import StorageError

PAGE = "/console/calendar"
BAD = 400
SHOWN = 50
AT_ONCE = 20
"""Open cases looked at while somebody waits for the page."""

log = structlog.get_logger("console")


@action(Action.EDIT_HOURS)
async def look(at: Visit) -> web.StreamResponse:
    """Show what a change would mean; nothing is written."""
    told = await typed(at)
    try:
        wish = await wish_of(at, told)
        version, own = await acts.own(at.desk)
        after = wished(own, wish, today(at.desk))
        _fits(at, wish, own)(after)
    except HoursError as error:
        return await year.page(at, error, told)
    if told["seen"] != version:
        return at.stale(PAGE, _words(told))
    moved = await _moved(at, after)
    seen = [one for one in moved if one.case.kind in at.kinds]
    now = at.house.clock.now()
    return at.html(
        "calendar/preview.html",
        "Xem trước thay đổi",
        told=told,
        changes=_changes(at, own, after),
        moved=[
            (m.case.code, _due(m.before, now), _due(m.after, now)) for m in seen[:SHOWN]
        ],
        count=len(moved),
        hidden=len(moved) - len(seen[:SHOWN]),
    )


@action(Action.EDIT_HOURS)
async def save(at: Visit) -> web.StreamResponse:
    """Write the change and begin to work out the terms again."""
    told = await typed(at)
    try:
        wish = await wish_of(at, told)
        _, own = await acts.own(at.desk)
        fits = _fits(at, wish, own)
        await acts.keep(at.desk, wish, told["seen"], today(at.desk), fits)
    except WordedMeanwhileError:
        return at.stale(PAGE, _words(told))
    except HoursError as error:
        return await year.page(at, error, told)
    await renew(at)
    return at.go(PAGE, f"Dạ, đã lưu, trợ lý dùng ngay. {await _recounted(at)}")


async def _recounted(at: Visit) -> str:
    """Work out the first terms again; the clock goes on with the others."""
    facts = fingerprint(at.settings)
    try:
        batch = await some(year.whole_room(at), facts, "calendar", AT_ONCE)
    except StorageError as error:
        log.warning("recount_failed", error=type(error).__name__)
        return "Hạn của các hồ sơ được tính lại trong ít phút."
    for one in batch.moved:
        woken(at, one)
    if batch.left:
        return f"Hạn của {batch.left} hồ sơ đang được tính tiếp, xong trong ít phút."
    if not batch.moved:
        return "Không hồ sơ nào đổi hạn."
    return f"Hạn của {len(batch.moved)} hồ sơ đã được tính lại."


async def _moved(at: Visit, after: OwnHours) -> list[Moves]:
    unit = in_force(at.house.config.units[at.unit_id], after)
    services = CaseServices(at.services.kinds, deadlines_of(unit, hours(unit)))
    return await would_move(year.whole_room(at), services)


def _fits(at: Visit, wish: Wish, own: OwnHours) -> acts.Fits:
    configured = at.house.config.units[at.unit_id]

    def fits(found: OwnHours) -> None:
        check(configured, found)
        if isinstance(wish, SetDays) and wish.means is not None:
            _moves_something(at, wish, own, found)

    return fits


def _moves_something(at: Visit, wish: SetDays, own: OwnHours, found: OwnHours) -> None:
    """Refuse a day off on a day when nobody works anyway, and the other way round."""
    configured = at.house.config.units[at.unit_id]
    before, after = in_force(configured, own), in_force(configured, found)
    was, now = hours(before), hours(after)
    worked, works = calendar_of(before), calendar_of(after)
    days = [day for day in found.days if wish.first <= day <= wish.last]
    is_same = all(
        worked.is_working(day) == works.is_working(day)
        and was.spans(day) == now.spans(day)
        for day in days
    )
    if is_same and not any(day in own.days for day in days):
        is_off = wish.means is Means.OFF
        told = "vốn đã nghỉ" if is_off else "vốn là ngày làm việc"
        raise UnfitHoursError(f"Các ngày này {told}.", "Xin xem lại ngày vừa chọn.")


def _changes(at: Visit, own: OwnHours, after: OwnHours) -> list[tuple[str, str, str]]:
    """Return what changes: what, before, after."""
    configured = at.house.config.units[at.unit_id]
    before, then = in_force(configured, own), in_force(configured, after)
    found = []
    old, new = hours(before).describe(), hours(then).describe()
    if old != new:
        found.append(("Giờ làm việc", old or "chưa đặt", new or "chưa đặt"))
    for day in sorted(own.days.keys() | after.days.keys()):
        if own.days.get(day) != after.days.get(day):
            told = _told(before, own, day), _told(then, after, day)
            found.append((day_name(day), *told))
    return found


def _told(unit: Unit, own: OwnHours, day: date) -> str:
    why = own.days[day].why if day in own.days else ""
    off = calendar_of(unit).day_off(day)
    is_working = calendar_of(unit).is_working(day)
    usual = off.name if off and day not in own.days else "nghỉ"
    spans = ", ".join(map(str, hours(unit).spans(day)))
    words = f"làm việc {spans}".strip() if is_working else usual
    return f"{words} ({why})" if why else words


def _due(at: datetime | None, now: datetime) -> str:
    return due_words(at, now, is_open=True).small if at else "đang tạm dừng"


def _words(told: Mapping[str, str]) -> dict[str, str]:
    week = "; ".join(
        f"{day}: {told[day]}" for day in year.DAY_LABELS if told.get(day, "")
    )
    days = " – ".join(text for text in (told["first"], told["last"]) if text)
    return {"Giờ vừa nhập": week, "Ngày vừa nhập": days, "Lý do": told["why"]}


SECTION = Section(
    (
        get("/calendar", year.show),
        post("/calendar/look", look),
        post("/calendar/save", save),
    ),
    place=Place.CATALOGUE,
)
