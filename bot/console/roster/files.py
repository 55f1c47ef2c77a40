"""``/console/roster/files``: shifts from a spreadsheet, to one, and onto paper."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from bot.console.catalogue.hints import on_page
from bot.console.catalogue.parcel import LARGEST_FORM, returned, uploaded
from bot.console.catalogue.renewal import renew
from bot.console.export import TYPES
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.roster.days import ONE, read_date
from bot.console.visit import Visit
from handlers.staff.people.errors import PeopleError
from handlers.staff.permissions import Action
from handlers.staff.roster import export, imports, sheet
from handlers.staff.roster.view import View, seen, today
from handlers.staff.roster.words import slot_name

BAD = 400
MONTH = 31
MOST_DAYS = 366
SHOWN = 300


@action(Action.MANAGE_ROSTER)
async def ask(at: Visit) -> web.StreamResponse:
    """Show where to choose a file."""
    return _ask(at)


@action(Action.MANAGE_ROSTER)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what the file would change; nothing is written."""
    parcel, is_whole = await uploaded(at), bool(await at.text("replace"))
    try:
        with parcel.on_disk() as path:
            report = await imports.preview(at.desk, path, replace_days=is_whole)
    except PeopleError as error:
        return _ask(at, on_page(error))
    groups = [
        ("Thêm", "good", [slot_name(one) for one in report.added[:SHOWN]]),
        ("Đổi người hoặc số", "warn", [slot_name(o) for o in report.changed[:SHOWN]]),
        ("Bỏ", "bad", [slot_name(one) for one in report.removed[:SHOWN]]),
    ]
    return at.html(
        "roster/preview.html",
        "Xem trước bảng trực",
        counts=report.counts(),
        groups=groups,
        refused=report.refused[:SHOWN],
        parcel=parcel.sealed(at),
        is_whole=is_whole,
        has_changes=bool(report.added or report.changed or report.removed),
    )


@action(Action.MANAGE_ROSTER)
async def put(at: Visit) -> web.StreamResponse:
    """Write the file that was looked at."""
    parcel, is_whole = await returned(at), bool(await at.text("replace"))
    try:
        with parcel.on_disk() as path:
            report = await imports.apply(at.desk, path, replace_days=is_whole)
    except PeopleError as error:
        return _ask(at, on_page(error))
    await renew(at)
    counts = report.counts()
    added, changed, gone = counts["added"], counts["changed"], counts["removed"]
    said = f"Dạ, đã nhập bảng trực: thêm {added}, đổi {changed}, bỏ {gone} ca."
    return at.go("/console/roster", said)


@action(Action.SEE_ROSTER)
async def save_file(at: Visit) -> web.StreamResponse:
    """Return the shifts of some days as a spreadsheet that can be imported again."""
    first, last = _span(at, at.request.query.get("from"), at.request.query.get("to"))
    view = await seen(at.desk, first, last)
    body = await asyncio.to_thread(_written, view)
    return _attached(body, TYPES["xlsx"], f"bang-truc-{first}.xlsx")


@action(Action.MANAGE_ROSTER)
async def printed(at: Visit) -> web.StreamResponse:
    """Return the assignment of duty to print and sign; that it was made is proved."""
    first, last = _span(at, await at.text("from", 20), await at.text("to", 20))
    unit = at.house.config.units[at.unit_id]
    made = await sheet.made(at.desk, unit.name, unit.place, first, last)
    await sheet.prove(at.desk, made)
    name = f"phan-cong-truc-{first}.html"
    return _attached(made.page.encode(), "text/html; charset=utf-8", name)


def _ask(at: Visit, error: PeopleError | None = None) -> web.Response:
    now = today(at.desk)
    return at.html(
        "roster/files.html",
        "Nhập, xuất, in bảng trực",
        status=BAD if error else 200,
        error=error,
        first=now.isoformat(),
        last=(now + (MONTH - 1) * ONE).isoformat(),
    )


def _span(at: Visit, first: str | None, last: str | None) -> tuple[date, date]:
    begin = read_date(first or "", today(at.desk))
    end = read_date(last or "", begin + (MONTH - 1) * ONE)
    return begin, min(max(begin, end), begin + MOST_DAYS * ONE)


def _written(view: View) -> bytes:
    with TemporaryDirectory(prefix="thanthien-") as folder:
        path = Path(folder) / "bang-truc.xlsx"
        export.write(path, view)
        return path.read_bytes()


def _attached(body: bytes, kind: str, name: str) -> web.Response:
    headers = {
        "Content-Type": kind,
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return web.Response(body=body, headers=headers)


SECTION = Section(
    (
        get("/roster/files", ask),
        post("/roster/files", preview, LARGEST_FORM),
        post("/roster/files/put", put, LARGEST_FORM),
        get("/roster/export.xlsx", save_file),
        post("/roster/sheet", printed),
    ),
    place=Place.PEOPLE,
)
