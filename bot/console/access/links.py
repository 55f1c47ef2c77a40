"""``/console/link/<unit>/<token>``: a one-time way in.

Looking uses nothing up: programs that preview addresses look too. The form does.
"""

from __future__ import annotations

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.guard import Section, get, post, public
from bot.console.visit import Guest
from handlers.staff.access import first, links
from handlers.staff.access.errors import DeadLinkError, TwiceError
from handlers.staff.access.model import Entered, Gate, Link, Purpose
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.model import Profile

GONE = 410
BAD = 400


@public
async def show(at: Guest) -> web.StreamResponse:
    """Say what the link is for."""
    gate, token = _place(at)
    try:
        link = await links.find(gate, token)
    except DeadLinkError as error:
        return at.html("access/dead.html", status=GONE, error=error)
    return _form(at, gate, link)


@public
async def use(at: Guest) -> web.StreamResponse:
    """Use it up and go in."""
    gate, token = _place(at)
    try:
        link = await links.find(gate, token)
    except DeadLinkError as error:
        return at.html("access/dead.html", status=GONE, error=error)
    try:
        entered = await _enter(at, gate, token, link, await _password(at, link))
    except PeopleError as error:
        kept = {n: await at.text(n, 80) for n in ("code", "name", "title")}
        return _form(at, gate, link, error=error, kept=kept, status=BAD)
    return at.enter("/console/", gate.unit_id, entered.token)


async def _enter(
    at: Guest, gate: Gate, token: str, link: Link, password: str
) -> Entered:
    if link.purpose is Purpose.DEMO:
        return await links.enter_demo(gate, token, at.caller)
    if link.purpose is Purpose.FIRST:
        profile = Profile(await at.text("name", 80), await at.text("title", 80))
        code = await at.text("code", 40)
        return await first.become_admin(gate, token, code, profile, password, at.caller)
    return await links.choose_password(gate, token, password, at.caller)


async def _password(at: Guest, link: Link) -> str:
    """Return the password that was chosen; raises TwiceError."""
    password = await at.text("password", 300)
    if link.purpose is not Purpose.DEMO and password != await at.text("again", 300):
        raise TwiceError
    return password


def _place(at: Guest) -> tuple[Gate, str]:
    unit_id = at.request.match_info["unit"]
    if unit_id not in at.house.gates:
        raise NoPageError
    return at.house.gates[unit_id], at.request.match_info["token"]


def _form(
    at: Guest,
    gate: Gate,
    link: Link,
    *,
    error: PeopleError | None = None,
    kept: dict[str, str] | None = None,
    status: int = 200,
) -> web.Response:
    return at.html(
        "access/link.html",
        status=status,
        link=link,
        unit_name=gate.unit_name,
        error=error,
        kept=kept or {"code": "", "name": "", "title": ""},
    )


SECTION = Section(
    (get("/link/{unit}/{token}", show), post("/link/{unit}/{token}", use))
)
