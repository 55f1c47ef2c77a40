"""``/console/evidence/row/<id>``: one row: what it needs, its papers, adding one."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

from aiohttp import web

from bot.console.errors import BadFormError, ConsoleError, NoPageError
from bot.console.evidence.room import (
    HOME,
    jobs,
    last_summary,
    mode_name,
    room_of,
    tag_of,
)
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.dossier_room import file_paper
from handlers.cases.moments import from_ms, local_day
from handlers.staff.dossier.errors import (
    BadFileError,
    BadPaperError,
    DossierError,
    NoSuchPaperError,
)
from handlers.staff.dossier.paper import LONGEST, PLACES, NewPaper, listed, look, remove
from handlers.staff.permissions import Action
from messages.criteria.model import Criterion, Every
from storage.errors import FileDamagedError, FilesFullError

BAD = 400
LARGEST = 64 * 1024 * 1024
"""Bytes of a form: some photos at once; each alone may have ``dossier.paper_mb``."""
MOST_FILES = 12
SHOWN = frozenset({"image/jpeg", "image/png", "image/webp"})
EVERY = {Every.WEEK: "mỗi tuần", Every.MONTH: "mỗi tháng", Every.QUARTER: "mỗi quý"}
FIELDS = ("title", "day", "number", "note", "place", "until")


@action(Action.SEE_DOSSIER)
async def show(at: Visit) -> web.StreamResponse:
    """Show one row."""
    return await _page(at)


@action(Action.FILE_EVIDENCE)
async def add(at: Visit) -> web.StreamResponse:
    """File what was chosen: one paper each file."""
    kept = {name: (await at.text(name, 1200)).strip() for name in FIELDS}
    row = _row(at)
    try:
        files = await _files(at)
        for number, data in enumerate(files, start=1):
            new = _new(row, kept, number if len(files) > 1 else 0)
            await file_paper(at.house.config, room_of(at), new, data)
    except DossierError as error:
        return await _page(at, error, kept)
    except FilesFullError as error:
        raise ConsoleError(
            "Dạ, ổ đĩa đã đầy.", "Xin báo quản trị của đơn vị."
        ) from error
    said = f"Dạ, đã nộp {len(files)} giấy tờ vào dòng {row.number}."
    return at.go(f"{HOME}/row/{row.id}", said)


@action(Action.SEE_DOSSIER)
async def send(at: Visit) -> web.StreamResponse:
    """Send the file of a paper; that it was looked at is proved."""
    try:
        found, pieces = await look(room_of(at), at.request.match_info["paper"])
        body = await asyncio.to_thread(lambda: b"".join(pieces))
    except NoSuchPaperError as error:
        raise NoPageError from error
    except FileDamagedError as error:
        text = "Dạ, tệp này bị mất hoặc bị sửa trên đĩa nên không mở."
        raise ConsoleError(text, "Xin báo quản trị của đơn vị.") from error
    is_shown = found.media_type in SHOWN
    how = "inline" if is_shown else "attachment"
    name = f"giay-to-{found.paper_id[-6:]}{found.suffix}"
    return web.Response(
        body=body,
        headers={
            "Content-Type": found.media_type
            if is_shown
            else "application/octet-stream",
            "Content-Disposition": f'{how}; filename="{name}"',
            "Cache-Control": "private, max-age=600",
        },
    )


@action(Action.FILE_EVIDENCE)
async def ask(at: Visit) -> web.StreamResponse:
    """Ask why a paper is taken back."""
    return await _asked(at)


@action(Action.FILE_EVIDENCE)
async def take_back(at: Visit) -> web.StreamResponse:
    """Take a paper back."""
    paper_id, reason = at.request.match_info["paper"], await at.text("reason", 500)
    destroy = await at.text("destroy", 3) == "yes"
    room = room_of(at)
    mine = [one for one in await listed(room) if one.paper_id == paper_id]
    if not mine:
        raise NoPageError
    try:
        await remove(room, paper_id, reason, destroy=destroy)
    except NoSuchPaperError as error:
        raise NoPageError from error
    except DossierError as error:
        return await _asked(at, error)
    return at.go(f"{HOME}/row/{mine[0].criterion}", "Dạ, đã gỡ giấy tờ.")


async def _page(
    at: Visit, error: DossierError | None = None, kept: dict[str, str] | None = None
) -> web.Response:
    row = _row(at)
    papers = await listed(room_of(at), row.id)
    summary, seen_at = last_summary(await jobs(at))
    told = summary.get(row.id)
    words, tone = tag_of(told)
    today = local_day(from_ms(at.house.clock.now_ms())).isoformat()
    return at.html(
        "evidence/row.html",
        f"{row.number}. {row.title}",
        status=BAD if error else 200,
        row=row,
        mode=mode_name(row.mode),
        every=EVERY.get(row.papers.every, "") if row.papers else "",
        papers=papers,
        told=told,
        state=words,
        tone=tone,
        seen_at=seen_at,
        places=list(PLACES.items()),
        error=error,
        kept=dict.fromkeys(FIELDS, "") | (kept or {"day": today}),
        longest=LONGEST,
        megabytes=at.house.config.dossier.paper_mb,
        around=_around(at, row),
    )


async def _asked(at: Visit, error: DossierError | None = None) -> web.Response:
    paper_id = at.request.match_info["paper"]
    mine = [one for one in await listed(room_of(at)) if one.paper_id == paper_id]
    if not mine:
        raise NoPageError
    status = BAD if error else 200
    return at.html(
        "evidence/remove.html", "Gỡ giấy tờ", status=status, paper=mine[0], error=error
    )


def _row(at: Visit) -> Criterion:
    found = room_of(at).criteria.named(at.request.match_info["row"])
    if found is None or not found.is_scored:
        raise NoPageError
    return found


def _around(at: Visit, row: Criterion) -> dict[str, Criterion | None]:
    """Return the rows before and after, to file paper after paper."""
    rows = room_of(at).criteria.scored
    here = rows.index(row)
    return {
        "before": rows[here - 1] if here else None,
        "after": rows[here + 1] if here + 1 < len(rows) else None,
    }


async def _files(at: Visit) -> list[bytes]:
    form: Any = await at.form()
    given = [f for f in form.getall("file", ()) if isinstance(f, web.FileField)]
    read = [await asyncio.to_thread(one.file.read) for one in given]
    found = [data for data in read if data]
    if not found:
        raise BadFileError("Dạ, chưa chọn tệp nào.")
    if len(found) > MOST_FILES:
        raise BadFileError(f"Dạ, mỗi lần nhiều nhất {MOST_FILES} tệp.")
    return found


def _new(row: Criterion, kept: dict[str, str], number: int) -> NewPaper:
    title = f"{kept['title']} ({number})" if number else kept["title"]
    until = _day(kept["until"]) if kept["until"] else None
    if kept["place"] and kept["place"] not in PLACES:
        raise BadFormError
    return NewPaper(
        row.id,
        title,
        _day(kept["day"]),
        kept["number"],
        kept["note"],
        kept["place"],
        until,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadPaperError from error


SECTION = Section(
    (
        get("/evidence/row/{row}", show),
        post("/evidence/row/{row}", add, LARGEST),
        get("/evidence/paper/{paper}", send),
        get("/evidence/paper/{paper}/remove", ask),
        post("/evidence/paper/{paper}/remove", take_back),
    ),
    place=Place.EVIDENCE,
)
