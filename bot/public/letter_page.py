"""``/thu/<unit>/<letter>/<mark>``: is this paper a letter of the commune?

Who scans the code of a letter reads number, kind and day of signing, never a name;
from there a link leads to the public check of its entries in the log.
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.public.shared import HEADERS, templates
from bot.runtime import UnitRuntime
from handlers.staff.letters import genuine
from handlers.staff.letters.genuine import Genuine
from messages.letters.errors import UnknownLetterError
from messages.letters.kinds import shipped
from storage.database import Database

LONGEST = 40
PRIVATE = HEADERS | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class LetterPages:
    """Tells whether a letter is ours."""

    def __init__(self, units: Mapping[str, UnitRuntime], database: Database) -> None:
        self._units = units
        self._database = database
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve the page."""
        app.router.add_get(f"{genuine.PATH}/{{unit}}/{{letter}}/{{mark}}", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """Return the page; 404 in a sentence for a code that is not ours."""
        asked = request.match_info
        unit = self._units.get(asked["unit"])
        found = await self._found(unit, asked["letter"], asked["mark"])
        text = self._environment.get_template("letter.html").render(
            unit=unit.services.unit if unit else None,
            found=found,
            kind=_name(found) if found else "",
            proof=f"/minh-chung/{asked['letter']}?xa={asked['unit']}",
        )
        return web.Response(
            text=text,
            content_type="text/html",
            status=200 if found else 404,
            headers=PRIVATE,
        )

    async def _found(
        self, unit: UnitRuntime | None, letter_id: str, mark: str
    ) -> Genuine | None:
        if unit is None or len(letter_id) > LONGEST or len(mark) > LONGEST:
            return None
        keys = unit.vault.keys
        return await self._database.read(
            lambda c: genuine.look(c, unit.unit_id, keys, letter_id, mark)
        )


def _name(found: Genuine) -> str:
    try:
        return shipped().named(found.kind).name
    except UnknownLetterError:
        return "Thư"
