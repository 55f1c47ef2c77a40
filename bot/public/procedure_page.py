"""``/tthc/<code>``: one procedure on a page that can be read, shared and printed."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.public.shared import HEADERS, style_sheet, templates
from bot.runtime import ServicesHolder
from messages.procedure import Procedure


class ProcedurePages:
    """Shows procedures of the units of this process (``?xa=<unit>`` picks one)."""

    def __init__(self, units: Mapping[str, ServicesHolder]) -> None:
        self._units = units
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve the page and its style sheet."""
        app.router.add_get("/tthc/{code}", self.show)
        app.router.add_get("/tthc-static/page.css", self.style)

    async def show(self, request: web.Request) -> web.Response:
        """Return the page; 404 in a sentence when the code is not known."""
        chosen = request.query.get("xa", "")
        holders = (
            [self._units[chosen]] if chosen in self._units else self._units.values()
        )
        for holder in holders:
            found = holder.services.catalogue.get(request.match_info["code"])
            if found is not None:
                return self._page(holder, found)
        return self._html("missing.html", 404, code=request.match_info["code"])

    async def style(self, _request: web.Request) -> web.Response:
        """Return the style sheet."""
        return style_sheet("page.css")

    def _page(self, holder: ServicesHolder, procedure: Procedure) -> web.Response:
        unit = holder.services.unit
        return self._html("procedure.html", 200, p=procedure, unit=unit)

    def _html(self, name: str, status: int, **values: object) -> web.Response:
        text = self._environment.get_template(name).render(**values)
        return web.Response(
            text=text, status=status, content_type="text/html", headers=HEADERS
        )
