"""``/lich/<secret>.ics``: what will be sent, for a member's own calendar.

Who holds the address reads it; it is closed by its owner, and by losing the role.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aiohttp import web
from sqlalchemy import Connection

from bot.broadcast_calendar import Coming, coming
from bot.broadcast_days import days_of
from bot.broadcast_words import told
from bot.clock import Clock
from bot.config import Unit
from bot.public.shared import HEADERS
from handlers.staff.greetings.feeds import reader
from messages.greetings.ical import feed
from scheduler.moments import LOCAL
from storage.database import Database

PATH: Final = "/lich"
LONGEST: Final = 80
BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)
PRIVATE: Final = HEADERS | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


class CalendarFeeds:
    """Serves the feeds of every unit."""

    def __init__(
        self, units: Mapping[str, Unit], database: Database, clock: Clock
    ) -> None:
        self._units = units
        self._database = database
        self._clock = clock

    def add_routes(self, app: web.Application) -> None:
        """Serve the feeds."""
        app.router.add_get(f"{PATH}/{{secret}}.ics", self.show)

    async def show(self, request: web.Request) -> web.Response:
        """Return the feed; 404 for a secret that opens nothing."""
        secret = request.match_info["secret"]
        if len(secret) > LONGEST:
            raise web.HTTPNotFound
        found = await self._database.read(lambda c: self._found(c, secret))
        if found is None:
            raise web.HTTPNotFound(text="Không có lịch này.", headers=PRIVATE)
        unit, rows = found
        entries = [one.entry(told(one)) for one in rows]
        text = feed(f"Lịch gửi {unit.name}", entries, self._clock.now())
        return web.Response(
            body=text.encode(),
            content_type="text/calendar",
            charset="utf-8",
            headers=PRIVATE,
        )

    def _found(
        self, connection: Connection, secret: str
    ) -> tuple[Unit, list[Coming]] | None:
        who = reader(connection, secret)
        if who is None or (unit := self._units.get(who["unit_id"])) is None:
            return None
        now = self._clock.now()
        today = now.astimezone(LOCAL).date()
        rows = coming(
            connection,
            who["unit_id"],
            days_of(unit),
            today - BEHIND,
            today + AHEAD,
            self._clock.now_ms(),
        )
        return unit, rows
