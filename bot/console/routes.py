"""Which pages does the console have? Each section is one line here."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.app import Service
from bot.console import security
from bot.console.access import account, links, login, unit
from bot.console.catalogue.sections import SECTIONS as CATALOGUE
from bot.console.desk.sections import SECTIONS as DESK
from bot.console.evidence.sections import SECTIONS as EVIDENCE
from bot.console.greetings.sections import SECTIONS as GREETINGS
from bot.console.guard import Guarded, Section, action, get, handler
from bot.console.home import SECTION as HOME
from bot.console.house import ROOT, House, open_house
from bot.console.letters.sections import SECTIONS as LETTERS
from bot.console.live import stream
from bot.console.people import listing, member
from bot.console.privacy import papers as privacy_papers
from bot.console.privacy import requests as privacy_requests
from bot.console.reports import lists, results
from bot.console.reports import page as reports
from bot.console.settings import page as settings
from bot.console.survey import counters as survey_counters
from bot.console.survey import page as survey
from bot.console.today import page as today
from bot.console.visit import Visit
from handlers.staff.access.opening import visitor
from handlers.staff.access.passwords import Hasher
from handlers.staff.permissions import Action

HOUSE: web.AppKey[House] = web.AppKey("house", House)


@action(Action.OPEN_CONSOLE)
async def live(at: Visit) -> web.StreamResponse:
    """Tell an open page what moves."""

    async def still() -> bool:
        return await visitor(at.gate, at.keys.token) is not None

    return await stream(at.request, at.house.hub, at.unit_id, still)


SECTIONS: Final[tuple[Section, ...]] = (
    HOME,
    login.SECTION,
    links.SECTION,
    account.SECTION,
    unit.SECTION,
    listing.SECTION,
    member.SECTION,
    today.SECTION,
    reports.SECTION,
    lists.SECTION,
    results.SECTION,
    survey.SECTION,
    survey_counters.SECTION,
    settings.SECTION,
    privacy_requests.SECTION,
    privacy_papers.SECTION,
    *DESK,
    *CATALOGUE,
    *LETTERS,
    *GREETINGS,
    *EVIDENCE,
    Section((get("/live", live),)),
)


def console(
    service: Service,
    hasher: Hasher | None = None,
    sections: tuple[Section, ...] = SECTIONS,
) -> web.Application:
    """Return the console of a process, to be put below ``/console/``."""
    house = open_house(service, hasher)
    app = web.Application(middlewares=[security.middleware(house)])
    app[HOUSE] = house
    items = tuple(one.item for one in sections if one.item is not None)
    for section in sections:
        place = section.item.place if section.item else section.place
        for route in section.routes:
            page = handler(route, house, items, place)
            app.router.add_route(route.method, route.path, page)
    app.router.add_get("/static/{mark}/{name}", house.statics.serve)

    async def close(_app: web.Application) -> None:
        await house.hub.close()

    app.on_shutdown.append(close)
    app.on_response_prepare.append(_headers(house))
    return app


def add_console(
    app: web.Application, service: Service, hasher: Hasher | None = None
) -> None:
    """Serve the console below ``/console/``."""

    async def to_root(_request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": f"{ROOT}/"})

    app.router.add_get(ROOT, to_root)
    app.add_subapp(f"{ROOT}/", console(service, hasher))


def guarded(sections: tuple[Section, ...] = SECTIONS) -> dict[str, Guarded]:
    """Return "METHOD path" -> guard of every page that needs a log-in."""
    return {
        f"{route.method} {route.path}": route.page
        for section in sections
        for route in section.routes
        if isinstance(route.page, Guarded)
    }


def _headers(house: House) -> security.Signal:
    async def put(request: web.Request, response: web.StreamResponse) -> None:
        await security.add_headers(request, response)
        if house.is_https:
            name = "Strict-Transport-Security"
            response.headers.setdefault(name, security.STRICT_TRANSPORT)

    return put
