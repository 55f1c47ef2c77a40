"""``/console/roster/leave`` and ``/swaps``: who is away, who takes whose duty?"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.cli.roster_words import SWAP_STATES
from bot.console.catalogue.hints import on_page
from bot.console.catalogue.renewal import renew
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.roster.days import ONE, leave_words
from bot.console.roster.table import people
from bot.console.visit import Visit
from handlers.staff.people.errors import PeopleError
from handlers.staff.permissions import Action
from handlers.staff.roster import leave as leaves
from handlers.staff.roster import swaps
from handlers.staff.roster.model import PART_NAMES, Leave, SwapState
from handlers.staff.roster.view import View, seen, today
from handlers.staff.roster.words import read_day, read_part, slot_name

LEAVE, SWAPS = "/console/roster/leave", "/console/roster/swaps"
LEAVE_FORM = ("staff", "first", "last", "part")
BAD = 400
AHEAD_DAYS = 62


@action(Action.ASK_SWAPS)
async def away(at: Visit) -> web.StreamResponse:
    """Show who is away, and the form."""
    return await _leave(at)


@action(Action.ASK_SWAPS)
async def record(at: Visit) -> web.StreamResponse:
    """Record a leave; the duties it leaves to others are told."""
    kept = {name: (await at.text(name, 40)).strip() for name in LEAVE_FORM}
    try:
        first = read_day(kept["first"])
        last = read_day(kept["last"]) if kept["last"] else first
        part = read_part(kept["part"]) if kept["part"] else None
        wanted = Leave(kept["staff"] or at.staff_id, first, last, part)
        _, left = await leaves.record(at.desk, wanted)
    except PeopleError as error:
        return await _leave(at, kept, on_page(error))
    await renew(at)
    if not left:
        return at.go(LEAVE, "Dạ, đã ghi lịch nghỉ; không vướng ca trực nào.")
    told = "; ".join(slot_name(one.slot) for one in left[:3])
    said = f"Dạ, đã ghi lịch nghỉ. Còn {len(left)} ca cần người trực: {told}."
    return at.go(LEAVE, said, is_good=False)


@action(Action.ASK_SWAPS)
async def withdraw(at: Visit) -> web.StreamResponse:
    """Take a leave back."""
    try:
        await leaves.withdraw(at.desk, await at.text("id", 40))
    except PeopleError as error:
        return await _leave(at, None, on_page(error))
    await renew(at)
    return at.go(LEAVE, "Dạ, đã rút lịch nghỉ.")


@action(Action.ASK_SWAPS)
async def requests(at: Visit) -> web.StreamResponse:
    """Show requests, and the form."""
    return await _swaps(at)


@action(Action.ASK_SWAPS)
async def ask(at: Visit) -> web.StreamResponse:
    """Ask a colleague to take a duty."""
    kept = {name: await at.text(name, 40) for name in ("shift", "asked", "back")}
    try:
        await swaps.ask(at.desk, kept["shift"], kept["asked"], kept["back"] or None)
    except PeopleError as error:
        return await _swaps(at, kept, on_page(error))
    return at.go(SWAPS, "Dạ, đã gửi lời nhờ; ca chỉ đổi khi đồng nghiệp nhận.")


@action(Action.ASK_SWAPS)
async def settle(at: Visit) -> web.StreamResponse:
    """Accept, refuse or withdraw a request."""
    swap_id, is_yes = await at.text("id", 40), await at.text("answer") == "yes"
    try:
        done = await (swaps.accept if is_yes else swaps.refuse)(at.desk, swap_id)
    except PeopleError as error:
        return await _swaps(at, None, on_page(error))
    await renew(at)
    return at.go(SWAPS, f"Dạ, yêu cầu đổi ca: {SWAP_STATES[done.state]}.")


async def _leave(
    at: Visit,
    kept: Mapping[str, str] | None = None,
    error: PeopleError | None = None,
) -> web.Response:
    now = today(at.desk)
    view = await _ahead(at)
    may_all = at.may(Action.MANAGE_ROSTER)
    rows = [
        (one, view.name(one.staff_id), leave_words(one))
        for one in await leaves.listed(at.desk, now)
    ]
    return at.html(
        "roster/leave.html",
        "Lịch nghỉ",
        status=BAD if error else 200,
        rows=rows,
        may_all=may_all,
        kept={
            "staff": at.staff_id,
            "first": "",
            "last": "",
            "part": "",
            **(kept or {}),
        },
        error=error,
        people=[(one.staff_id, one.profile.name) for one in await people(at)],
        parts=[(part.value, name) for part, name in PART_NAMES.items()],
    )


async def _swaps(
    at: Visit,
    kept: Mapping[str, str] | None = None,
    error: PeopleError | None = None,
) -> web.Response:
    view, may_all = await _ahead(at), at.may(Action.MANAGE_ROSTER)
    listed = await swaps.listed(at.desk)
    rows = [
        {
            "swap": swap,
            "asker": view.name(swap.asker),
            "asked": view.name(swap.asked),
            "slot": slot_name(shift.slot) if shift else "ca đã bỏ",
            "state": SWAP_STATES[swap.state],
            "is_open": swap.state is SwapState.ASKED,
            "may_accept": may_all or swap.asked == at.staff_id,
            "may_end": may_all or at.staff_id in (swap.asked, swap.asker),
        }
        for swap, shift in listed
    ]
    mine = [
        (one.shift_id, _duty(one.holder, slot_name(one.slot), view, may_all=may_all))
        for one in view.plan.shifts
        if may_all or one.holder == at.staff_id
    ]
    others = [
        (one.shift_id, f"{view.name(one.holder)}: {slot_name(one.slot)}")
        for one in view.plan.shifts
        if one.holder != at.staff_id
    ]
    return at.html(
        "roster/swaps.html",
        "Đổi ca",
        status=BAD if error else 200,
        rows=rows,
        mine=mine,
        others=others,
        kept={"shift": "", "asked": "", "back": "", **(kept or {})},
        error=error,
        people=[
            (one.staff_id, one.profile.name)
            for one in await people(at)
            if may_all or one.staff_id != at.staff_id
        ],
    )


def _duty(holder: str, slot: str, view: View, *, may_all: bool) -> str:
    return f"{view.name(holder)}: {slot}" if may_all else slot


async def _ahead(at: Visit) -> View:
    now = today(at.desk)
    return await seen(at.desk, now, now + AHEAD_DAYS * ONE)


SECTION = Section(
    (
        get("/roster/leave", away),
        post("/roster/leave", record),
        post("/roster/leave/withdraw", withdraw),
        get("/roster/swaps", requests),
        post("/roster/swaps", ask),
        post("/roster/swaps/settle", settle),
    ),
    place=Place.PEOPLE,
)
