"""``/bieu-mau/<name>``: a form to print and to sign; nothing can be filled in here.

The pages ask for nothing, keep nothing and are not counted: who opens the form of a
denunciation is nobody's business.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.public.shared import HEADERS, style_sheet, templates
from bot.runtime import ServicesHolder
from handlers.ports import UnitProfile
from messages.petition_forms import Form, form

SECRET = HEADERS | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""A browser in a shared house need not keep the page."""


class FormPages:
    """Shows the forms with the address of a unit (``?xa=<unit>`` picks one)."""

    def __init__(self, units: Mapping[str, ServicesHolder]) -> None:
        self._units = units
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve the forms, as a page and as plain text, and their style sheet."""
        app.router.add_get("/bieu-mau/{name}.txt", self.text)
        app.router.add_get("/bieu-mau/{name}", self.show)
        app.router.add_get("/bieu-mau-static/form.css", self.style)

    async def show(self, request: web.Request) -> web.Response:
        """Return the page; 404 in a sentence when there is no such form."""
        found, unit = _found(request), self._unit(request.query.get("xa", ""))
        page = self._environment.get_template("form.html")
        text = page.render(form=found, unit=unit)
        return web.Response(text=text, content_type="text/html", headers=SECRET)

    async def text(self, request: web.Request) -> web.Response:
        """Return the form as a file of plain text."""
        found = _found(request)
        saved = {"Content-Disposition": f'attachment; filename="{found.name}.txt"'}
        return web.Response(text=found.text(), headers=SECRET | saved)

    async def style(self, _request: web.Request) -> web.Response:
        """Return the style sheet."""
        return style_sheet("form.css")

    def _unit(self, chosen: str) -> UnitProfile | None:
        """Return the unit asked for, or the only one; among several, none is meant."""
        holder = self._units.get(chosen)
        if holder is None and len(self._units) == 1:
            holder = next(iter(self._units.values()))
        return holder.services.unit if holder else None


def _found(request: web.Request) -> Form:
    found = form(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound(
            text="Dạ, xin lỗi, chưa có mẫu đơn này ạ.", headers=HEADERS
        )
    return found
