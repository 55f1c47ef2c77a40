"""``/console/login``: code and password, then the second factor where there is one."""

from __future__ import annotations

from aiohttp import web

from bot.console.errors import BadFormError
from bot.console.guard import Section, action, get, known, post, public
from bot.console.session import NOBODY
from bot.console.visit import Guest, Visit, redirect, safe
from handlers.staff.access import factor
from handlers.staff.access.errors import AccessError, LockedOutError
from handlers.staff.access.login import log_in
from handlers.staff.access.model import Stage
from handlers.staff.access.opening import log_out
from handlers.staff.permissions import Action

CODE_PAGE = "/console/login/code"
TOO_MANY = 429
REFUSED = 403


@public
async def show(at: Guest) -> web.StreamResponse:
    """Show the form; who is in already goes on."""
    wanted = safe(at.request.query.get("next", ""))
    who = await known(at.house, at.keys)
    if who is not None and who.stage is Stage.FULL:
        return redirect(wanted)
    return _form(at, wanted, unit=at.request.query.get("xa", ""))


@public
async def enter(at: Guest) -> web.StreamResponse:
    """Check code and password."""
    unit_id, code = await at.text("unit", 40), await at.text("code", 40)
    wanted = safe(await at.text("next", 500))
    if unit_id not in at.house.gates:
        raise BadFormError("Dạ, xin chọn đơn vị.")
    gate, password = at.house.gates[unit_id], await at.text("password", 300)
    former = at.keys.of(unit_id)
    try:
        entered = await log_in(gate, code, password, at.caller, former)
    except AccessError as error:
        at.house.security.count("console_bad_login", unit_id)
        return _form(at, wanted, unit=unit_id, code=code, error=error)
    goal = wanted if entered.stage is Stage.FULL else f"{CODE_PAGE}?next={wanted}"
    return at.enter(goal, unit_id, entered.token)


@public
async def ask_code(at: Guest) -> web.StreamResponse:
    """Show the form for the second factor."""
    who = await known(at.house, at.keys)
    if who is None or who.stage is Stage.FULL:
        return redirect("/console/")
    wanted = safe(at.request.query.get("next", ""))
    return at.html("access/code.html", wanted=wanted, error=None)


@public
async def take_code(at: Guest) -> web.StreamResponse:
    """Check the code and change the token."""
    who, unit_id = await known(at.house, at.keys), at.keys.unit_id
    wanted = safe(await at.text("next", 500))
    if who is None or who.stage is not Stage.FACTOR:
        return redirect("/console/login")
    gate, code = at.house.gates[unit_id], await at.text("one_time", 40)
    try:
        entered = await factor.pass_factor(gate, who, code, at.caller)
    except AccessError as error:
        at.house.security.count("console_bad_code", unit_id)
        status = _status(error)
        return at.html("access/code.html", status=status, wanted=wanted, error=error)
    return at.enter(wanted, unit_id, entered.token)


@action(Action.OPEN_CONSOLE, before_change=True)
async def leave(at: Visit) -> web.StreamResponse:
    """End this session, and those of the other units in this browser."""
    for unit_id, token in at.keys.pairs:
        if unit_id != NOBODY and unit_id in at.house.gates:
            who = await known(at.house, at.keys.with_first(unit_id, token))
            if who is not None:
                await log_out(at.house.gates[unit_id], who)
    response = redirect("/console/login")
    at.cookies.drop(response, ["tt_console", "tt_flash"])
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _form(
    at: Guest,
    wanted: str,
    *,
    unit: str = "",
    code: str = "",
    error: AccessError | None = None,
) -> web.Response:
    status = 200 if error is None else _status(error)
    return at.html(
        "access/login.html",
        status=status,
        wanted=wanted,
        unit=unit,
        code=code,
        error=error,
    )


def _status(error: AccessError) -> int:
    return TOO_MANY if isinstance(error, LockedOutError) else REFUSED


SECTION = Section(
    (
        get("/login", show),
        post("/login", enter),
        get("/login/code", ask_code),
        post("/login/code", take_code),
        post("/logout", leave),
    )
)
