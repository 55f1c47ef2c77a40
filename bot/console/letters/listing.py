"""``/console/letters``: which letters are there, what waits, is celebration stopped?"""

from __future__ import annotations

from aiohttp import web

from bot.console.export import download
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get, post
from bot.console.letters.room import (
    HOME,
    ROADS,
    STATES,
    WAITS,
    kind_names,
    room_of,
    url_of,
)
from bot.console.nav import Item, Place
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from handlers.staff.letters import occasions, reading, steps
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LetterRoom
from handlers.staff.permissions import Action
from messages.letters.lint.run import lint_kind
from nlu.normalise import fold

STATE = Filter("state", "Tình trạng", [(s.value, STATES[s][0]) for s in LetterState])
ASKS = frozenset({"too_late", "mourned", "withdrawn", "faulty"})
"""Why a letter waits that only a person can answer."""
BOOK_YEARS = (2020, 2100)


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the list."""
    room = await room_of(at)
    filters = (Filter("kind", "Loại thư", kind_names(room)), STATE)
    query = parse(at.request.query, filters, ())
    rows = [one for one in await _rows(room, query) if _fits(one, query)]
    table = Table(
        "Thư của đơn vị",
        _columns(),
        paged(rows, query),
        query,
        total=len(rows),
        filters=filters,
        empty="Chưa có thư nào ở đây. Thư mới soạn sẽ hiện trong danh sách này.",
        live="letter",
        searchable=True,
    )
    waiting = await reading.listed(room, [LetterState.CHECKED])
    scheduled = await reading.listed(room, [LetterState.SCHEDULED])
    return at.html(
        "letters/list.html",
        "Thư & lời chúc",
        table=table,
        asks=sum(str(one.row["waits_for"]) in ASKS for one in scheduled),
        waiting=len(waiting),
        told=len(await occasions.waiting(room)),
        owed=len(await reading.owed_apologies(room)),
        is_stopped=await reading.is_stopped(room),
    )


@action(Action.APPROVE_LETTERS)
async def stop(at: Visit) -> web.StreamResponse:
    """Stop all celebration, or allow it again."""
    is_stopped = await at.text("stop", 2) == "1"
    held = await steps.stop_celebrations(await room_of(at), is_stopped=is_stopped)
    if is_stopped:
        said = f"Dạ, đã dừng mọi lời chúc mừng; giữ lại {held} tin chưa gửi đi."
        return at.go(HOME, said)
    return at.go(HOME, "Dạ, lời chúc mừng được gửi trở lại.")


@action(Action.SEE_LETTERS)
async def book(at: Visit) -> web.StreamResponse:
    """Show the register of a year."""
    room = await room_of(at)
    year = _year(at, room)
    query = parse(at.request.query, (), ())
    rows = await reading.book(room, year)
    table = Table(
        f"Sổ thư năm {year}",
        _book_columns(),
        paged(rows, query),
        query,
        total=len(rows),
        empty="Năm nay chưa có thư nào được ký. Thư vào sổ khi lãnh đạo duyệt và ký.",
        live="letter",
    )
    return at.html("letters/book.html", f"Sổ thư năm {year}", table=table, year=year)


@action(Action.SEE_LETTERS)
async def export_book(at: Visit) -> web.StreamResponse:
    """Return the register as a file."""
    room = await room_of(at)
    rows = await reading.book(room, _year(at, room))
    return download(at.request.match_info["kind"], "so-thu", _book_columns(), rows)


@action(Action.SEE_LETTERS)
async def templates(at: Visit) -> web.StreamResponse:
    """Show the kinds with what a trial of all hard cases finds."""
    room = await room_of(at)
    tried = at.request.query.get("try", "")
    chosen = next((kind for kind in room.kinds if kind.code == tried), None)
    problems = lint_kind(chosen) if chosen is not None else ()
    return at.html(
        "letters/templates.html",
        "Mẫu thư",
        kinds=list(room.kinds),
        tried=chosen,
        problems=problems,
    )


async def _rows(room: LetterRoom, query: ListQuery) -> list[Kept]:
    state, kind = query.chosen.get("state"), query.chosen.get("kind", "")
    return await reading.listed(room, [LetterState(state)] if state else [], kind)


def _fits(one: Kept, query: ListQuery) -> bool:
    told = fold(f"{one.names} {one.kind.name} {one.row['number'] or ''}".lower())
    return all(word in told for word in fold(query.words.lower()).split())


def _columns() -> list[Column[Kept]]:
    return [
        Column("Gửi tới", _name),
        Column("Loại thư", lambda one: one.kind.name),
        Column("Tình trạng", state_of),
        Column("Số", _number, is_number=True),
    ]


def _book_columns() -> list[Column[Kept]]:
    return [
        Column("Số", _number, is_number=True),
        Column("Ngày ký", lambda one: one.signed.get("day", "—")),
        Column("Loại thư", lambda one: one.kind.name),
        Column("Gửi tới", _name),
        Column("Người ký", lambda one: one.signed.get("nguoi_ky", "—")),
        Column("Cách gửi", lambda one: ROADS.get(str(one.row["channel"]), "—")),
        Column("Tình trạng", state_of),
    ]


def _name(one: Kept) -> Cell:
    shown = one.names or "(đã xóa theo yêu cầu)"
    return Cell(shown, url=url_of(one.letter_id))


def _number(one: Kept) -> str:
    return f"{one.row['number']}/{one.row['year']}" if one.row["number"] else "—"


def state_of(one: Kept) -> Cell:
    """Say where a letter stands, and what it waits for."""
    text, tone = STATES[one.life.state]
    why = str(one.row["waits_for"] or "")
    return Cell(text, tone=tone, small=WAITS.get(why, ""))


def _year(at: Visit, room: LetterRoom) -> int:
    text = at.request.query.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0  # noqa: PLR2004
    return year if BOOK_YEARS[0] <= year <= BOOK_YEARS[1] else room.today().year


SECTION = Section(
    (
        get("/letters", show),
        post("/letters/stop", stop),
        get("/letters/book", book),
        get("/letters/book/export.{kind}", export_book),
        get("/letters/templates", templates),
    ),
    item=Item(Place.LETTERS, "/letters", Action.SEE_LETTERS),
)
