"""``/console/catalogue/import``: what would a file change? And versions."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.console.catalogue.parcel import LARGEST_FORM, Parcel, returned, uploaded
from bot.console.catalogue.renewal import renew
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.catalogue import files, office
from handlers.staff.catalogue.errors import CatalogueError, ChangedMeanwhileError
from handlers.staff.catalogue.model import Plan
from handlers.staff.catalogue.preview import differences
from handlers.staff.permissions import Action
from handlers.staff.roster.view import today

BAD = 400


@action(Action.EDIT_CATALOGUE)
async def ask(at: Visit) -> web.StreamResponse:
    """Show where to choose a file."""
    return _ask(at)


@action(Action.EDIT_CATALOGUE)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what the file would change; nothing is written."""
    parcel, is_whole = await uploaded(at), bool(await at.text("replace"))
    try:
        plan = await _plan(at, parcel, replace=is_whole)
    except CatalogueError as error:
        return _ask(at, error)
    return at.html(
        "catalogue/preview.html",
        "Xem trước khi nhập",
        report=plan.report,
        rows=await differences(at.desk, plan),
        parcel=parcel.sealed(at),
        is_whole=is_whole,
        head=plan.head or "",
    )


@action(Action.EDIT_CATALOGUE)
async def put(at: Visit) -> web.StreamResponse:
    """Import the file that was looked at."""
    parcel, is_whole = await returned(at), bool(await at.text("replace"))
    seen = await at.text("head", 40)
    try:
        plan = await _plan(at, parcel, replace=is_whole)
        if (plan.head or "") != seen:
            raise ChangedMeanwhileError(
                "Dạ, danh mục vừa được người khác sửa.", "Xin xem trước lại lần nữa."
            )
        report = await office.put(at.desk, plan)
    except CatalogueError as error:
        return _ask(at, error)
    await renew(at)
    added, changed = len(report.added), len(report.changed)
    said = f"Dạ, đã nhập: thêm {added}, sửa {changed}, bỏ {len(report.removed)}."
    return at.go("/console/catalogue/versions", said)


@action(Action.SEE_CATALOGUE)
async def versions(at: Visit) -> web.StreamResponse:
    """Show the versions of all that the commune wrote itself."""
    found = await office.versions(at.desk)
    return at.html("catalogue/versions.html", "Các bản của danh mục", versions=found)


@action(Action.EDIT_CATALOGUE)
async def restore(at: Visit) -> web.StreamResponse:
    """Ask, then go back to a whole version."""
    version = await at.text("version", 40)
    if not await at.text("sure"):
        return at.ask(
            "Dùng lại bản cũ",
            "Mọi sửa đổi riêng của xã sẽ trở lại như bản đã chọn. Bản đang dùng vẫn "
            "được giữ trong danh sách, có thể quay lại.",
            to="/console/catalogue/versions",
            back="/console/catalogue/versions",
            button="Dùng lại bản này",
            hidden={"version": version, "sure": "1"},
        )
    await office.restore(at.desk, version)
    await renew(at)
    return at.go("/console/catalogue/versions", "Dạ, đã dùng lại bản cũ.")


async def _plan(at: Visit, parcel: Parcel, *, replace: bool) -> Plan:
    as_of = today(at.desk)
    with parcel.on_disk() as path:
        batch = await asyncio.to_thread(files.read, path, as_of)
    return await office.staged(at.desk, batch, replace=replace)


def _ask(at: Visit, error: CatalogueError | None = None) -> web.Response:
    status = BAD if error else 200
    return at.html("catalogue/import.html", "Nhập tệp", status=status, error=error)


SECTION = Section(
    (
        get("/catalogue/import", ask),
        post("/catalogue/import", preview, LARGEST_FORM),
        post("/catalogue/import/put", put, LARGEST_FORM),
        get("/catalogue/versions", versions),
        post("/catalogue/versions", restore),
    ),
    place=Place.CATALOGUE,
)
