"""``/console/roster/shift``: who gets one duty, for a day or several?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from aiohttp import web

from bot.console.catalogue.hints import on_page
from bot.console.catalogue.renewal import renew
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.roster.table import people
from bot.console.visit import Visit
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.model import Member
from handlers.staff.permissions import Action
from handlers.staff.roster import shifts
from handlers.staff.roster.errors import BadSlotError
from handlers.staff.roster.model import PART_NAMES, POST_NAMES, Shift, Slot
from handlers.staff.roster.view import seen
from handlers.staff.roster.words import (
    field_name,
    field_names,
    read_day,
    read_field,
    read_part,
    read_post,
    slot_name,
)

BAD = 400
MOST_DAYS = 92
TYPED = ("day", "until", "part", "channel", "field", "holder", "deputy", "phone")


@action(Action.MANAGE_ROSTER)
async def ask(at: Visit) -> web.StreamResponse:
    """Show the form of a duty, filled with who has it."""
    told = {name: at.request.query.get(name, "")[:40] for name in TYPED}
    try:
        slot = _slot(told)
    except PeopleError as error:
        return await _form(at, told, None, "", on_page(error))
    found = await _now(at, slot)
    if found is not None:
        told |= {"holder": found.holder, "deputy": found.deputy or ""}
        told["phone"] = found.phone
    return await _form(at, told, slot, _mark(found))


@action(Action.MANAGE_ROSTER)
async def save(at: Visit) -> web.StreamResponse:
    """Write the duty, on every day up to ``until``."""
    told = {name: (await at.text(name, 40)).strip() for name in TYPED}
    seen_mark, slot = await at.text("seen", 160), None
    try:
        slot = _slot(told)
        if _mark(await _now(at, slot)) != seen_mark:
            words = {"Người trực": told["holder"], "Trực thay": told["deputy"]}
            return at.stale(_url(slot), words)
        await shifts.set_shifts(at.desk, _wanted(told, slot))
    except PeopleError as error:
        return await _form(at, told, slot, seen_mark, on_page(error))
    await renew(at)
    return at.go(_url(slot), "Dạ, đã phân ca.")


@action(Action.MANAGE_ROSTER)
async def clear(at: Visit) -> web.StreamResponse:
    """Take the duty out of the roster."""
    told = {name: (await at.text(name, 40)).strip() for name in TYPED}
    slot = None
    try:
        slot = _slot(told)
        await shifts.clear_shifts(at.desk, [slot])
    except PeopleError as error:
        return await _form(at, told, slot, "", on_page(error))
    await renew(at)
    return at.go(_url(slot), "Dạ, đã bỏ ca trực này.")


async def _form(
    at: Visit,
    told: Mapping[str, str],
    slot: Slot | None,
    mark: str,
    error: PeopleError | None = None,
) -> web.Response:
    return at.html(
        "roster/shift.html",
        "Phân ca trực",
        status=BAD if error else 200,
        kept=told,
        slot=slot_name(slot) if slot else "",
        is_there=bool(mark),
        mark=mark,
        error=error,
        back=_url(slot) if slot else "/console/roster",
        people=[(one.staff_id, _name(one)) for one in await people(at)],
        parts=[(part.value, name) for part, name in PART_NAMES.items()],
        posts=list(POST_NAMES.items())[::-1],
        fields=[("any", field_name("any")), *field_names().items()],
    )


def _name(one: Member) -> str:
    return ", ".join(filter(None, (one.profile.name, one.profile.title)))


def _slot(told: Mapping[str, str]) -> Slot:
    return Slot(
        read_day(told["day"]),
        read_part(told["part"]),
        read_post(told["channel"]),
        read_field(told["field"]),
    )


def _wanted(told: Mapping[str, str], slot: Slot) -> list[Shift]:
    if not told["holder"]:
        raise BadSlotError("Dạ, chưa chọn người trực.", "Xin chọn một người.")
    last = read_day(told["until"]) if told["until"] else slot.day
    count = (last - slot.day).days
    if not 0 <= count < MOST_DAYS:
        hint = f"Ngày cuối từ ngày đầu trở đi, tối đa {MOST_DAYS} ngày."
        raise BadSlotError("Dạ, khoảng ngày chưa đúng.", hint)
    days = (slot.day + timedelta(days=number) for number in range(count + 1))
    return [
        Shift(
            Slot(day, slot.part, slot.channel, slot.field),
            told["holder"],
            told["deputy"] or None,
            told["phone"],
        )
        for day in days
    ]


async def _now(at: Visit, slot: Slot) -> Shift | None:
    view = await seen(at.desk, slot.day, slot.day)
    return next((one for one in view.plan.shifts if one.slot == slot), None)


def _mark(found: Shift | None) -> str:
    """Return what the form showed, to notice that somebody was faster."""
    if found is None:
        return ""
    return f"{found.holder}|{found.deputy or ''}|{found.phone}"


def _url(slot: Slot) -> str:
    return f"/console/roster?day={slot.day.isoformat()}"


SECTION = Section(
    (
        get("/roster/shift", ask),
        post("/roster/shift", save),
        post("/roster/clear", clear),
    ),
    place=Place.PEOPLE,
)
