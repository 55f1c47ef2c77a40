"""``/console/evidence/build``: ask for a dossier, take it when it is there."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from aiohttp import web
from sqlalchemy import Connection

from bot.console.errors import ConsoleError, NoPageError
from bot.console.evidence.overview import page
from bot.console.evidence.room import HOME, room_of
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.dossier_job import begin
from bot.dossier_room import point_at, point_now
from bot.dossier_sweep import sweep
from handlers.cases.moments import LOCAL, from_ms
from handlers.model import Tag
from handlers.staff.dossier import log
from handlers.staff.dossier.build import READ, Ask
from handlers.staff.dossier.errors import BadPeriodError, DossierError
from handlers.staff.dossier.log import Line
from handlers.staff.dossier.pack import published
from handlers.staff.dossier.paper import listed
from handlers.staff.dossier.published import Published, of_papers, of_results, quarters
from handlers.staff.permissions import Action
from handlers.staff.reports.period import Period
from messages.letters.office import Office
from storage import dossier
from storage.errors import FileDamagedError
from storage.file_folder import FileFolder

MINUTE = 60


@action(Action.SEE_DOSSIER)
async def build(at: Visit) -> web.StreamResponse:
    """Begin a dossier; the page shows how far it is."""
    kept = {
        name: (await at.text(name, 20)).strip() for name in ("first", "last", "as_of")
    }
    try:
        ask = Ask(_day(kept["first"]), _day(kept["last"]))
        house = at.house.service.installation
        instant = _instant(kept["as_of"])
        if instant is not None and instant > at.house.clock.now_ms():
            raise BadPeriodError(hint="Thời điểm lập lại phải là lúc đã qua.")
        point = (
            await point_now(house, at.desk, ask)
            if instant is None
            else await point_at(at.desk, instant)
        )
    except DossierError as error:
        return await page(at, error=error, kept=kept)
    now, job_id = at.house.clock.now_ms(), at.house.ids.new()
    row = {
        "unit_id": at.unit_id,
        "job_id": job_id,
        "state": dossier.WAITING,
        "step": READ,
        "done": 0,
        "total": 0,
        "asked_by": at.staff_id,
        "first_day": kept["first"],
        "last_day": kept["last"],
        "as_of": point.at,
        "asked_at": now,
        "updated_at": now,
        "size": 0,
        "file_mac": None,
        "summary": None,
    }
    await at.house.database.write(lambda c: dossier.add_job(c, row))
    begin(house, at.unit_id, job_id)
    return at.go(f"{HOME}#jobs", "Dạ, đang lập hồ sơ. Trang tự cập nhật tiến độ.")


@action(Action.SEE_DOSSIER)
async def take(at: Visit) -> web.StreamResponse:
    """Send a dossier; that somebody took it is proved."""
    job_id = at.request.match_info["job"][:32]
    await sweep(at.house.service.installation, at.unit_id)

    def work(connection: Connection) -> dict[str, object]:
        row = dossier.job(connection, at.unit_id, job_id)
        if row is None or not row["file_mac"]:
            raise NoPageError
        at.desk.prove(connection, Tag.DOSSIER_TAKEN, job_id)
        return row

    row = await at.desk.change(Action.SEE_DOSSIER, work)
    vault = await at.house.database.read(
        lambda c: dossier.vault(c, at.unit_id, at.gate.keys)
    )
    if vault is None:
        raise NoPageError
    folder = FileFolder(at.house.service.installation.files_folder)
    name = f"ho-so-{row['first_day']}-{row['last_day']}.zip"
    response = web.StreamResponse(
        headers={
            "Content-Type": "application/zip",
            "Content-Length": str(row["size"]),
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        }
    )
    pieces = folder.read(vault, str(row["file_mac"]))
    try:
        first = await asyncio.to_thread(next, pieces, b"")
        await response.prepare(at.request)
        await response.write(first)
        while piece := await asyncio.to_thread(next, pieces, b""):
            await response.write(piece)
    except FileDamagedError as error:
        raise ConsoleError("Dạ, tệp hồ sơ không mở được.", "Xin lập lại.") from error
    return response


@action(Action.SEE_DOSSIER)
async def shown(at: Visit) -> web.StreamResponse:
    """Show what was made public in a quarter, or give it as a paper to post."""
    now = at.house.clock.now_ms()
    quarter = Period.month_of(from_ms(now)).widened(3)
    if wanted := at.request.query.get("period", ""):
        quarter = Period.parse(wanted[:10]).widened(3)
    found = await _published(at, quarter)
    rows = [
        one.row()
        for _, mine in quarters(found, quarter.first, quarter.last)
        for one in mine
    ]
    return at.html(
        "evidence/published.html",
        f"Đã công khai {quarter.name}",
        quarter=quarter,
        rows=rows,
    )


@action(Action.SEE_DOSSIER)
async def paper(at: Visit) -> web.StreamResponse:
    """Return the list as PDF."""
    quarter = Period.parse(at.request.match_info["period"][:10]).widened(3)
    found = await _published(at, quarter)
    lists = quarters(found, quarter.first, quarter.last)
    unit = at.house.config.units[at.unit_id]
    data: dict[str, object] = {
        "agency": Office(unit.name, unit.full_name).heading,
        "quarters": [
            {"name": period.title, "rows": [one.row() for one in mine]}
            for period, mine in lists
        ],
    }
    made = from_ms(at.house.clock.now_ms() // 1000 * 1000)
    body = await asyncio.to_thread(published, data, made)
    name = f"cong-khai-{quarter.code.lower()}.pdf"
    how = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type="application/pdf", headers=how)


async def _published(at: Visit, quarter: Period) -> list[Published]:
    papers = await listed(room_of(at))

    def work(connection: Connection) -> list[Line]:
        tag = Tag.RESULTS_PUBLISHED.value
        return log.tagged(connection, at.unit_id, tag, quarter.since)

    results = await at.desk.look(Action.SEE_DOSSIER, work)
    found = of_papers(papers) + of_results(results)
    return [one for one in found if quarter.first <= one.first <= quarter.last]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriodError from error


def _instant(text: str) -> int | None:
    """Read what a datetime-local field gives, to the end of its minute."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=LOCAL)
    except ValueError as error:
        raise BadPeriodError(hint="Thời điểm lập lại chưa đúng dạng.") from error
    return round(found.timestamp() * 1000) + MINUTE * 1000 - 1


SECTION = Section(
    (
        post("/evidence/build", build),
        get("/evidence/build/{job}", take),
        get("/evidence/published", shown),
        get("/evidence/published/{period}.pdf", paper),
    ),
    place=Place.EVIDENCE,
)
