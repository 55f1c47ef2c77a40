"""``/console/unit``: from one commune to another, for somebody who serves several."""

from __future__ import annotations

from aiohttp import web
from sqlalchemy import Connection

from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, known, post
from bot.console.visit import Visit, redirect
from handlers.staff.access.model import Stage
from handlers.staff.permissions import Action
from storage import staff


@action(Action.OPEN_CONSOLE)
async def show(at: Visit) -> web.StreamResponse:
    """Show the units in which this code works."""
    mine = await at.house.database.read(lambda c: _mine(c, at))
    names = [one for one in at.house.unit_names() if one[0] in mine]
    return at.html("access/unit.html", "Đổi đơn vị", mine=names)


@action(Action.OPEN_CONSOLE)
async def change(at: Visit) -> web.StreamResponse:
    """Go to a unit; it has a password of its own, asked once a session."""
    unit_id = await at.text("unit", 40)
    if unit_id not in at.house.gates:
        raise NoPageError
    token = at.keys.of(unit_id)
    if token:
        keys = at.keys.with_first(unit_id, token)
        who = await known(at.house, keys)
        if who is not None and who.stage is Stage.FULL:
            response = redirect("/console/")
            at.cookies.keep(response, keys)
            return response
    return redirect(f"/console/unit/login?xa={unit_id}")


@action(Action.OPEN_CONSOLE)
async def log_in_there(at: Visit) -> web.StreamResponse:
    """Show the log-in of another unit; this one stays open beside it."""
    unit_id = at.request.query.get("xa", "")
    if unit_id not in at.house.gates:
        raise NoPageError
    name = at.house.gates[unit_id].unit_name
    return at.html("access/unit_login.html", "Đổi đơn vị", there=unit_id, name=name)


def _mine(connection: Connection, at: Visit) -> frozenset[str]:
    return frozenset(
        unit_id
        for unit_id in staff.units_of(connection, at.staff_id)
        if staff.roles_of(connection, unit_id, at.staff_id)
    )


SECTION = Section(
    (
        get("/unit", show),
        post("/unit", change),
        get("/unit/login", log_in_there),
    )
)
