"""``/don-khieu-nai/<secret>``: a complaint to download, print and sign, for some days.

The page itself shows no word of it, because platforms fetch links that stand in
messages. Nothing is cached, indexed, counted or logged; the secret is in no log.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import structlog
from aiohttp import web
from sqlalchemy import Connection

from bot.clock import Clock, from_ms, to_ms
from bot.complaint_papers import LIFE, opened, paper_id
from bot.public.shared import HEADERS, style_sheet, templates
from bot.runtime import UnitRuntime
from messages.petitions.complaint import Complaint
from storage import complaint_papers
from storage.database import Database
from storage.errors import StorageError

Row = dict[str, Any]
Serve = Callable[[web.Request], Awaitable[web.Response]]

SORRY = "Dạ, xin lỗi, hệ thống đang gặp trục trặc. Xin thử lại sau ít phút ạ."
SWEEP = timedelta(hours=1)
PRIVATE = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    ),
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
_PATH = "/don-khieu-nai/{secret:[0-9a-f]{32}}"
_KIND = "{kind:pdf|docx}"
_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

log = structlog.get_logger("complaint_page")


class ComplaintPages:
    """Serves papers of the units of this process, and sweeps them out in time."""

    def __init__(
        self, units: Mapping[str, UnitRuntime], database: Database, clock: Clock
    ) -> None:
        self._units = units
        self._database = database
        self._clock = clock
        self._lock = asyncio.Lock()
        self._environment = templates()

    def add_routes(self, app: web.Application) -> None:
        """Serve page, files, deletion and style; sweep while the server runs."""
        app.router.add_get(_PATH, self._discreet(self.show))
        app.router.add_get(f"{_PATH}/don-khieu-nai.{_KIND}", self._discreet(self.file))
        app.router.add_post(f"{_PATH}/xoa", self._discreet(self.delete))
        app.router.add_get("/don-khieu-nai-static/complaint.css", self.style)
        app.cleanup_ctx.append(self._sweeping)

    async def show(self, request: web.Request) -> web.Response:
        """Return the page with the two files to fetch; not a word of the paper."""
        unit_id, _ = await self._found(request)
        unit = self._units[unit_id].services.unit
        return self._page(
            "complaint.html", secret=request.match_info["secret"], unit=unit
        )

    async def file(self, request: web.Request) -> web.Response:
        """Return the paper as PDF or Word."""
        kind = request.match_info["kind"]
        unit_id, row = await self._found(request)
        vault = self._units[unit_id].vault
        told = opened(vault.unwrap(row["person_id"], row["wrapped_key"]), row)
        async with self._lock:  # one compiler, which threads may not share
            content = await asyncio.to_thread(_file, kind, told, row["created_at"])
        saved = {"Content-Disposition": f'attachment; filename="don-khieu-nai.{kind}"'}
        return web.Response(
            body=content, content_type=_TYPES[kind], headers=PRIVATE | saved
        )

    async def delete(self, request: web.Request) -> web.Response:
        """Delete the paper at once."""
        unit_id, row = await self._found(request)
        name = row["item_id"]
        await self._database.write(lambda c: complaint_papers.drop(c, unit_id, name))
        return self._page("complaint_gone.html", is_deleted=True)

    async def style(self, _request: web.Request) -> web.Response:
        """Return the style sheet."""
        return style_sheet("complaint.css")

    async def sweep(self) -> int:
        """Delete what is too old; return how many papers went."""
        return sum([await self._drop_old(unit_id) for unit_id in self._units])

    async def _drop_old(self, unit_id: str) -> int:
        return await self._database.write(
            lambda c: complaint_papers.drop_old(c, unit_id, self._oldest)
        )

    @property
    def _oldest(self) -> int:
        """Papers made before then (UTC ms) are gone, swept or not."""
        return to_ms(self._clock.now() - LIFE)

    async def _found(self, request: web.Request) -> tuple[str, Row]:
        """Return unit and row of a secret; raises HTTPGone with a page."""
        secret = request.match_info["secret"]
        names = {key: paper_id(u.vault.keys, secret) for key, u in self._units.items()}

        def look(connection: Connection) -> Iterator[tuple[str, Row]]:
            for unit_id, name in names.items():
                row = complaint_papers.get(connection, unit_id, name)
                if row is not None and row["created_at"] >= self._oldest:
                    yield unit_id, row

        found = await self._database.read(lambda c: next(look(c), None))
        if found is None:
            page = self._html("complaint_gone.html", is_deleted=False)
            raise web.HTTPGone(text=page, content_type="text/html", headers=PRIVATE)
        return found

    def _page(self, name: str, **values: object) -> web.Response:
        page = self._html(name, **values)
        return web.Response(text=page, content_type="text/html", headers=PRIVATE)

    def _html(self, name: str, **values: object) -> str:
        return self._environment.get_template(name).render(**values)

    def _discreet(self, serve: Serve) -> Serve:
        """Whatever breaks is answered kindly and logged without the address."""

        async def served(request: web.Request) -> web.Response:
            try:
                return await serve(request)
            except web.HTTPException:
                raise
            except Exception as error:
                log.exception("complaint_page_failed", error=type(error).__name__)
                return web.Response(text=SORRY, status=503, headers=PRIVATE)

        return served

    async def _sweeping(self, _app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._run())
        yield
        task.cancel()

    async def _run(self) -> None:
        while True:
            try:
                await self.sweep()
            except StorageError as error:
                log.warning("complaint_sweep_failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP.total_seconds())


def _file(kind: str, told: Complaint, created_at: int) -> bytes:
    """Return the bytes; typesetting is loaded when somebody asks for it first."""
    from messages.petitions import files as made  # noqa: PLC0415  30 MB few need

    make = made.pdf if kind == "pdf" else made.docx
    return make(told, from_ms(created_at))
