"""``/console/greetings/groups``: who may be greeted as what, and who comes in?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from aiohttp import web

from bot.console.catalogue.parcel import LARGEST_FORM, Parcel, returned, uploaded
from bot.console.errors import NoPageError
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.greetings import segments
from handlers.staff.greetings.segments import Member
from handlers.staff.permissions import Action
from scheduler.moments import LOCAL
from scheduler.occasions.rule import groups

HERE = "/console/greetings/groups"
BAD = 400


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the groups with their numbers, and the way to fill them."""
    return await _page(at)


@action(Action.WRITE_LETTERS)
async def preview(at: Visit) -> web.StreamResponse:
    """Show what each row would become; nothing is written."""
    parcel = await uploaded(at)
    try:
        _, rows = await _rows(parcel)
    except CatalogueError as error:
        return await _page(at, error)
    found = await segments.looked(at.desk, rows, groups(), _today(at))
    return at.html(
        "greetings/groups_look.html",
        "Xem trước khi lưu",
        good=[one for one in found if not one.problem],
        bad=[one for one in found if one.problem],
        names=groups(),
        parcel=parcel.sealed(at),
    )


@action(Action.WRITE_LETTERS)
async def put(at: Visit) -> web.StreamResponse:
    """Keep the rows that can be kept."""
    parcel = await returned(at)
    try:
        mark, rows = await _rows(parcel)
    except CatalogueError as error:
        return await _page(at, error)
    added, refused = await segments.put(at.desk, mark, rows, groups(), _today(at))
    said = f"Dạ, đã thêm {added} người vào nhóm."
    if refused:
        said += f" Còn {len(refused)} dòng chưa lưu được."
    return at.go(HERE, said, is_good=not refused)


@action(Action.WRITE_LETTERS)
async def clear(at: Visit) -> web.StreamResponse:
    """Empty a group, after asking."""
    group = str(at.request.match_info["group"])
    if group not in groups():
        raise NoPageError
    if await at.text("sure", 3) != "yes":
        question = (
            f"Bỏ mọi người khỏi nhóm {groups()[group]}? Việc này không lấy lại được."
        )
        to = f"{HERE}/{group}/clear"
        return at.ask("Bỏ một nhóm", question, to=to, back=HERE, hidden={"sure": "yes"})
    gone = await segments.clear(at.desk, group)
    return at.go(HERE, f"Dạ, đã bỏ {gone} người khỏi nhóm.")


async def _page(at: Visit, error: CatalogueError | None = None) -> web.Response:
    numbers = await segments.counts(at.desk)
    return at.html(
        "greetings/groups.html",
        "Nhóm người nhận lời chúc",
        status=BAD if error else 200,
        error=error,
        rows=[(code, name, numbers.get(code, 0)) for code, name in groups().items()],
    )


async def _rows(parcel: Parcel) -> tuple[str, list[Member]]:
    with parcel.on_disk() as path:
        return await asyncio.to_thread(segments.read, path)


def _today(at: Visit) -> str:
    now = datetime.fromtimestamp(at.house.clock.now_ms() / 1000, UTC)
    return now.astimezone(LOCAL).date().isoformat()


SECTION = Section(
    (
        get("/greetings/groups", show),
        post("/greetings/groups", preview, LARGEST_FORM),
        post("/greetings/groups/put", put, LARGEST_FORM),
        post("/greetings/groups/{group}/clear", clear),
    ),
    place=Place.LETTERS,
)
