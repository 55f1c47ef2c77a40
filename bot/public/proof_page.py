"""``/minh-chung/…``: is this entry, case or letter in the log, and what was the root?

Who scans the QR of a letter sees that its proof stands, under which root and key. The
page of a day is made for printing: what hangs on the notice board cannot be unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import segno
from aiohttp import web
from sqlalchemy import Connection

from bot.clock import from_ms
from bot.policy import LOCAL
from bot.public.shared import HEADERS, style_sheet, templates
from bot.runtime import ServicesHolder
from handlers.staff.evidence.errors import NotFoundError
from handlers.staff.evidence.prove import prove
from handlers.staff.evidence.shown import look
from storage.database import Database
from storage.errors import EvidenceError, NoteError
from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import Signed
from storage.evidence.notes import Key
from storage.evidence.sequencer import in_force

PRIVATE = HEADERS | {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
REFERENCE = "{reference:[0-9a-f]{32}}"
DAY = "{day:[0-9]{4}-[0-9]{2}-[0-9]{2}}"
BROKEN = (LookupError, NoteError, EvidenceError)
GROUP = 8


class ProofPages:
    """Shows proofs of the units of this process (``?xa=<unit>`` picks one)."""

    def __init__(self, units: Mapping[str, ServicesHolder], database: Database) -> None:
        self._units = units
        self._database = database
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve the pages, the proof file and the style sheet."""
        app.router.add_get("/minh-chung", self.newest)
        app.router.add_get(f"/minh-chung/ngay/{DAY}", self.day)
        app.router.add_get(f"/minh-chung/{REFERENCE}", self.show)
        app.router.add_get(f"/minh-chung/{REFERENCE}.tlog-proof", self.proof)
        app.router.add_get("/minh-chung-static/proof.css", self.style)

    async def newest(self, request: web.Request) -> web.Response:
        """Return the page of the newest root."""
        return await self._root(request, checkpoints.newest)

    async def day(self, request: web.Request) -> web.Response:
        """Return the page of a day's last root."""
        day = request.match_info["day"]
        return await self._root(request, lambda c, u: checkpoints.of_day(c, u, day))

    async def show(self, request: web.Request) -> web.Response:
        """Return what the log holds under a random id; the same 404 for all else."""
        reference = request.match_info["reference"]
        for unit_id in self._chosen(request):
            try:
                found = await self._database.read(
                    lambda c, u=unit_id: look(c, u, reference)  # type: ignore[misc]
                )
            except BROKEN:
                return self._html("proof_broken.html", 500, unit=self._unit(unit_id))
            if found is not None:
                values = {"found": found, "time": _time, "unit": self._unit(unit_id)}
                return self._html("proof.html", 200, xa=unit_id, **values)
        raise web.HTTPNotFound(
            text="Dạ, chưa thấy minh chứng này; mục mới có thể cần vài giây ạ.",
            headers=PRIVATE,
        )

    async def proof(self, request: web.Request) -> web.Response:
        """Return the proof as a file, without the leaf itself."""
        reference = request.match_info["reference"]
        for unit_id in self._chosen(request):
            try:
                found = await self._database.read(
                    lambda c, u=unit_id: (  # type: ignore[misc]
                        prove(c, u, reference) if look(c, u, reference) else None
                    )
                )
            except (NotFoundError, *BROKEN):
                continue
            if found is not None:
                name = f'attachment; filename="{reference}.tlog-proof"'
                headers = PRIVATE | {"Content-Disposition": name}
                return web.Response(text=found.text(with_leaf=False), headers=headers)
        raise web.HTTPNotFound(headers=PRIVATE)

    async def style(self, _request: web.Request) -> web.Response:
        """Return the style sheet."""
        return style_sheet("proof.css")

    async def _root(
        self,
        request: web.Request,
        pick: Callable[[Connection, str], Signed | None],
    ) -> web.Response:
        for unit_id in self._chosen(request):
            found = await self._database.read(
                lambda c, u=unit_id: _signed_root(c, u, pick)  # type: ignore[misc]
            )
            if found is not None:
                unit = self._unit(unit_id)
                return self._html("root.html", 200, unit=unit, time=_time, **found)
        raise web.HTTPNotFound(
            text="Dạ, ngày này chưa có mốc minh chứng nào ạ.", headers=PRIVATE
        )

    def _chosen(self, request: web.Request) -> list[str]:
        chosen = request.query.get("xa", "")
        return [chosen] if chosen in self._units else list(self._units)

    def _unit(self, unit_id: str) -> Any:
        return self._units[unit_id].services.unit

    def _html(self, name: str, status: int, **values: object) -> web.Response:
        text = self._environment.get_template(name).render(**values)
        return web.Response(
            text=text, status=status, content_type="text/html", headers=PRIVATE
        )


def _signed_root(
    connection: Connection,
    unit_id: str,
    pick: Callable[[Connection, str], Signed | None],
) -> dict[str, Any] | None:
    signed, head = pick(connection, unit_id), order.head(connection, unit_id)
    if signed is None or head is None:
        return None
    rows = tuple(checkpoints.keys(connection, unit_id))
    key = in_force(rows, signed.size).key(head.origin)
    said = signed.read()[0]
    return {
        "signed": signed,
        "said": said,
        "root": _grouped(said.root.hex()),
        "key": key,
        "fingerprint": _grouped(key.fingerprint),
        "picture": picture(said.text(), key),
    }


def picture(text: str, key: Key) -> str:
    """Return the QR of a checkpoint and its key's fingerprint, as SVG."""
    made = segno.make(f"{text}{key.fingerprint}\n", error="m", micro=False)
    svg: str = made.svg_inline(scale=4, border=2)
    return svg


def _grouped(digits: str) -> list[str]:
    return [digits[at : at + GROUP] for at in range(0, len(digits), GROUP)]


def _time(at: int) -> str:
    local: datetime = from_ms(at).astimezone(LOCAL)
    return f"{local:%H:%M:%S ngày %d/%m/%Y}"
