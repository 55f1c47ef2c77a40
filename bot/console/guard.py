"""Who may open a page? Every page says its action, or that it is open to all.

The order is always the same: size, session, origin and form token, role, page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from aiohttp import web

from bot.console import csrf
from bot.console.errors import LoginNeededError, NotYoursError
from bot.console.house import House
from bot.console.nav import Item, Place
from bot.console.session import Cookies, Keys
from bot.console.visit import Guest, Visit, guest, redirect
from bot.http_form import close_files
from handlers.staff.access.model import Stage, Visitor
from handlers.staff.access.opening import visitor
from handlers.staff.permissions import Action, may

CHANGE_PASSWORD = "/console/account/password"  # noqa: S105  an address
SMALL = 64 * 1024

Page = Callable[[Visit], Awaitable[web.StreamResponse]]
OpenPage = Callable[[Guest], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A page for those who may do ``action``.

    ``before_change``: also for somebody who must choose a new password first.
    """

    page: Page
    action: Action
    before_change: bool = False


@dataclass(frozen=True, slots=True)
class Open:
    """A page for everybody: log-in and one-time links."""

    page: OpenPage


def action(needed: Action, *, before_change: bool = False) -> Callable[[Page], Guarded]:
    """Guard a page: ``@action(Action.SEE_CASES)``."""

    def wrap(page: Page) -> Guarded:
        return Guarded(page, needed, before_change)

    return wrap


def public(page: OpenPage) -> Open:
    """Mark a page that needs no log-in."""
    return Open(page)


@dataclass(frozen=True, slots=True)
class Route:
    """One address; ``largest`` is the biggest body in bytes."""

    method: str
    path: str
    page: Guarded | Open
    largest: int = SMALL


def get(path: str, page: Guarded | Open) -> Route:
    """Serve a page."""
    return Route("GET", path, page)


def post(path: str, page: Guarded | Open, largest: int = SMALL) -> Route:
    """Take a form."""
    return Route("POST", path, page, largest)


@dataclass(frozen=True, slots=True)
class Section:
    """Some pages of the house; ``item`` is their line in the menu, if any.

    ``place`` is the line that is lit on pages without one of their own.
    """

    routes: tuple[Route, ...]
    item: Item | None = None
    place: Place | None = None


def handler(
    route: Route, house: House, items: tuple[Item, ...], place: Place | None
) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Return what aiohttp calls."""

    async def handle(request: web.Request) -> web.StreamResponse:
        _limit(request, route.largest)
        request = request.clone(client_max_size=route.largest)
        try:
            return await serve(request)
        finally:
            close_files(request)

    async def serve(request: web.Request) -> web.StreamResponse:
        if isinstance(route.page, Open):
            one = guest(request, house)
            await csrf.require(request, one.keys.token, house.public_host)
            return await route.page.page(one)
        return await _guarded(request, route.page, house, items, place)

    return handle


async def _guarded(
    request: web.Request,
    page: Guarded,
    house: House,
    items: tuple[Item, ...],
    place: Place | None,
) -> web.StreamResponse:
    keys = Cookies(house.is_https).keys(request)
    who = await known(house, keys)
    if keys is None or who is None:
        return _to_login(request)
    await csrf.require(request, keys.token, house.public_host)
    if who.stage is Stage.FACTOR:
        return redirect("/console/login/code")
    if who.must_change and not page.before_change:
        return redirect(CHANGE_PASSWORD)
    if not may(who.member.roles, page.action):
        raise NotYoursError
    return await page.page(Visit(request, house, keys, who, items, place))


async def known(house: House, keys: Keys | None) -> Visitor | None:
    """Return who is behind these keys at their current unit."""
    if keys is None or keys.unit_id not in house.gates:
        return None
    return await visitor(house.gates[keys.unit_id], keys.token)


def _to_login(request: web.Request) -> web.StreamResponse:
    if request.headers.get("HX-Request") == "true":
        return web.Response(headers={"HX-Redirect": "/console/login"})
    if request.method not in csrf.SAFE:
        raise LoginNeededError
    wanted = quote(request.path_qs, safe="/")
    is_root = request.path_qs in ("/console/", "/console")
    return redirect("/console/login" + ("" if is_root else f"?next={wanted}"))


def _limit(request: web.Request, largest: int) -> None:
    size = request.content_length
    if size is not None and size > largest:
        raise web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=size)
