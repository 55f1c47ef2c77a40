"""``/log/<unit>/…``: the log as C2SP tiles, for whoever wants to keep watch over it.

Hashes tell nothing. The leaves themselves name nobody, but they say when somebody did
something under a random id, so they are served only where the commune decided so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from aiohttp import web
from sqlalchemy import Connection

from bot.evidence_copy import bundle_of
from storage.database import Database
from storage.evidence import checkpoints, order
from storage.evidence.tiles import WIDTH, Place, place_of, width_at

HEADERS = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
FRESH = HEADERS | {"Cache-Control": "no-cache"}
FOR_EVER = HEADERS | {"Cache-Control": "public, max-age=31536000, immutable"}
TOP = 63


class LogTiles:
    """Serves the logs of some units, read-only."""

    def __init__(
        self, database: Database, units: Collection[str], *, with_entries: bool
    ) -> None:
        self._database = database
        self._units = units
        self._with_entries = with_entries

    def add_routes(self, app: web.Application) -> None:
        """Serve checkpoint, tiles and, where allowed, entries."""
        app.router.add_get("/log/{unit}/checkpoint", self.checkpoint)
        app.router.add_get("/log/{unit}/tile/entries/{path:.+}", self.entries)
        app.router.add_get("/log/{unit}/tile/{level:[0-9]+}/{path:.+}", self.tile)

    async def checkpoint(self, request: web.Request) -> web.Response:
        """Return the newest checkpoint."""
        unit_id = self._unit(request)
        signed = await self._database.read(lambda c: checkpoints.newest(c, unit_id))
        if signed is None:
            raise web.HTTPNotFound
        return web.Response(text=signed.note, headers=FRESH)

    async def tile(self, request: web.Request) -> web.Response:
        """Return the hashes of a tile."""
        place, level = _place(request), request.match_info["level"]
        if str(int(level)) != level or int(level) > TOP:
            raise web.HTTPNotFound
        return await self._bytes(
            request, lambda c, unit_id: _tile(c, unit_id, int(level), place)
        )

    async def entries(self, request: web.Request) -> web.Response:
        """Return the leaves of a tile."""
        place = _place(request)
        if not self._with_entries:
            raise web.HTTPNotFound
        return await self._bytes(request, lambda c, u: _entries(c, u, place))

    async def _bytes(
        self, request: web.Request, read: Callable[[Connection, str], bytes | None]
    ) -> web.Response:
        unit_id = self._unit(request)
        found = await self._database.read(lambda c: read(c, unit_id))
        if not found:
            raise web.HTTPNotFound
        return web.Response(body=found, headers=FOR_EVER)

    def _unit(self, request: web.Request) -> str:
        unit_id = request.match_info["unit"]
        if unit_id not in self._units:
            raise web.HTTPNotFound
        return unit_id


def _place(request: web.Request) -> Place:
    place = place_of(request.match_info["path"])
    if place is None:
        raise web.HTTPNotFound
    return place


def _signed_width(connection: Connection, unit_id: str, level: int, number: int) -> int:
    """Return how wide a tile is in the tree that was signed last."""
    signed = checkpoints.newest(connection, unit_id)
    return width_at(level, number, signed.size) if signed else 0


def _tile(
    connection: Connection, unit_id: str, level: int, place: Place
) -> bytes | None:
    if place.width > _signed_width(connection, unit_id, level, place.number):
        return None
    return order.served_tile(connection, unit_id, level, place.number, place.width)


def _entries(connection: Connection, unit_id: str, place: Place) -> bytes | None:
    if place.width > min(WIDTH, _signed_width(connection, unit_id, 0, place.number)):
        return None
    return bundle_of(connection, unit_id, place.number, place.width)
