"""Who asks, at which unit, and what may they? What every page is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from aiohttp import web

from bot.config import Unit
from bot.console import csrf, flash
from bot.console.device import caller
from bot.console.flash import Flash
from bot.console.house import House
from bot.console.nav import Item, Place, menu
from bot.console.session import Cookies, Keys, nobody
from handlers.ports import Services
from handlers.staff.access.model import Caller, Gate, Visitor
from handlers.staff.people.desk import Desk
from handlers.staff.permissions import PERMISSIONS, Action, may, seen_kinds


@dataclass(frozen=True, slots=True)
class Guest:
    """A request of somebody who need not have logged in."""

    request: web.Request
    house: House
    keys: Keys
    is_new: bool = False

    @property
    def cookies(self) -> Cookies:
        """How cookies are set here."""
        return Cookies(self.house.is_https)

    @property
    def caller(self) -> Caller:
        """Where they come from."""
        return caller(self.request)

    async def form(self) -> Mapping[str, Any]:
        """Return the fields of the form (checked for its token already)."""
        return await self.request.post()

    async def text(self, name: str, longest: int = 2000) -> str:
        """Return one field as text, cut; "" when it is not there."""
        found = (await self.form()).get(name, "")
        return found[:longest] if isinstance(found, str) else ""

    def html(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        """Return a page outside of the shell."""
        shared: dict[str, Any] = {
            "csrf": csrf.token(self.keys.token),
            "units": self.house.unit_names(),
            "errors": {},
            "kept": {},
        }
        text = self.house.renderer.render(template, **(shared | values))
        response = _page(text, status)
        if self.is_new:
            self.cookies.keep(response, self.keys)
        return response

    def enter(self, path: str, unit_id: str, token: str) -> web.Response:
        """Give the browser its new session and go on."""
        response = redirect(path)
        self.cookies.keep(response, self.keys.with_first(unit_id, token))
        return response


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is in."""

    request: web.Request
    house: House
    keys: Keys
    who: Visitor
    items: tuple[Item, ...] = ()
    place: Place | None = None

    @property
    def unit_id(self) -> str:
        """The unit at which they work now."""
        return self.keys.unit_id

    @property
    def staff_id(self) -> str:
        """Their code."""
        return self.who.staff_id

    @property
    def gate(self) -> Gate:
        """The door of the unit."""
        return self.house.gates[self.unit_id]

    @property
    def desk(self) -> Desk:
        """The desk for work on people and shifts, in their name."""
        return self.gate.desk(self.staff_id)

    @property
    def services(self) -> Services:
        """Catalogue, words, hours, deadlines of the unit as they are now."""
        return self.house.units[self.unit_id].services

    @property
    def settings(self) -> Unit:
        """The unit's settings in force: hours and days of the console over the file."""
        return self.house.service.services[self.unit_id].unit

    @property
    def roles(self) -> frozenset[str]:
        """Their roles at this unit."""
        return frozenset(self.who.member.roles)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of case they may see."""
        return seen_kinds(self.roles)

    @property
    def cookies(self) -> Cookies:
        """How cookies are set here."""
        return Cookies(self.house.is_https)

    @property
    def caller(self) -> Caller:
        """Where they come from."""
        return caller(self.request)

    @property
    def is_part(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.request.headers.get("HX-Request") == "true"

    def may(self, action: Action) -> bool:
        """Whether they may do something."""
        return may(self.roles, action)

    async def form(self) -> Mapping[str, Any]:
        """Return the fields of the form (checked for its token already)."""
        return await self.request.post()

    async def text(self, name: str, longest: int = 2000) -> str:
        """Return one field as text, cut; "" when it is not there."""
        found = (await self.form()).get(name, "")
        return found[:longest] if isinstance(found, str) else ""

    async def chosen(self, name: str) -> tuple[str, ...]:
        """Return all values of one field."""
        form = await self.request.post()
        return tuple(one for one in form.getall(name, ()) if isinstance(one, str))

    def html(
        self, template: str, title: str, *, status: int = 200, **values: Any
    ) -> web.Response:
        """Return a page of the house: menu, message of the last step, contents.

        Templates get ``may`` (by action name), ``me``, ``unit``, ``csrf``, ``here``.
        """
        said = flash.take(self.request, self.cookies, self.gate.keys, self.keys.token)
        shared = self._shared(title, said)
        text = self.house.renderer.render(template, **(shared | values))
        response = _page(text, status)
        if said is not None:
            self.cookies.drop(response, [flash.COOKIE])
        return response

    def go(self, path: str, said: str = "", *, is_good: bool = True) -> web.Response:
        """Answer a form: go to a page (below /console) with one sentence on it."""
        response = redirect(path)
        if said:
            token, one = self.keys.token, Flash(said, is_good)
            flash.put(response, self.cookies, self.gate.keys, token, one)
        return response

    def ask(
        self,
        title: str,
        question: str,
        *,
        to: str,
        back: str,
        button: str = "Tôi xác nhận",
        hidden: Mapping[str, str] = MappingProxyType({}),
    ) -> web.Response:
        """Ask once more before something that cannot be taken back.

        The form goes to ``to`` (a page of ours) with the ``hidden`` fields.
        """
        return self.html(
            "confirm.html",
            title,
            question=question,
            to=to,
            back=back,
            button=button,
            hidden=hidden,
        )

    def stale(self, newest: str, typed: Mapping[str, str]) -> web.Response:
        """Say (409) that somebody was first; ``typed`` is label -> what was typed.

        Nothing is lost: the words stay on the page to copy, ``newest`` is the way on.
        """
        title = "Vừa có người sửa trước"
        words = {label: text for label, text in typed.items() if text.strip()}
        return self.html("stale.html", title, status=409, newest=newest, typed=words)

    def at_place(self, place: Place | None) -> Visit:
        """Return this visit with another line of the menu lit."""
        return replace(self, place=place)

    def _shared(self, title: str, said: Flash | None) -> dict[str, Any]:
        allowed = frozenset(a for a in PERMISSIONS if self.may(a))
        return {
            "title": title,
            "flash": said,
            "csrf": csrf.token(self.keys.token),
            "menu": menu(self.items, allowed, self.place),
            "me": self.who.member,
            "unit": self.gate.unit_name,
            "unit_id": self.unit_id,
            "has_units": len(self.house.gates) > 1,
            "may": frozenset(a.value for a in allowed),
            "here": self.request.path,
            "errors": {},
            "kept": {},
        }


def guest(request: web.Request, house: House) -> Guest:
    """Return the request of somebody, with keys they had or new ones."""
    keys = Cookies(house.is_https).keys(request)
    return Guest(request, house, keys or nobody(), is_new=keys is None)


def redirect(path: str) -> web.Response:
    """Go to a page of ours with GET."""
    return web.Response(status=303, headers={"Location": safe(path)})


def safe(path: str, otherwise: str = "/console/") -> str:
    """Return a path below the console, else ``otherwise``: no open redirect."""
    is_ours = path.startswith("/console/") and "//" not in path.partition("?")[0]
    is_plain = path.isprintable() and not set(path) & set("\\\r\n\t ")
    is_inside = ".." not in path.partition("?")[0]
    return path if is_ours and is_plain and is_inside else otherwise


def _page(text: str, status: int) -> web.Response:
    response = web.Response(text=text, status=status, content_type="text/html")
    response.enable_compression()
    return response
