"""``/console/catalogue``: which procedures does the unit answer about?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from bot.console.catalogue.renewal import catalogue
from bot.console.catalogue.search import rank
from bot.console.export import TYPES
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from handlers.staff.catalogue import export, office
from handlers.staff.catalogue.effective import UnitCatalogue
from handlers.staff.permissions import Action
from nlu.model import Entry
from nlu.normalise import fold

LEVEL = Filter("level", "Nơi giải quyết", [("commune", "Tại xã"), ("else", "Nơi khác")])
OWN = Filter("own", "Phần riêng của xã", [("yes", "Có phần xã tự sửa")])
FILTERS = (LEVEL, OWN)
SORTS = ("name", "code", "field")
FILES = {
    "xlsx": TYPES["xlsx"],
    "yaml": "application/yaml",
    "jsonl": "application/x-ndjson",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One procedure in the list."""

    entry: Entry
    is_own: bool


@action(Action.SEE_CATALOGUE)
async def show(at: Visit) -> web.StreamResponse:
    """Show the list."""
    query = parse(at.request.query, FILTERS, SORTS)
    rows = await _rows(at, query)
    table = Table(
        "Thủ tục",
        COLUMNS,
        paged(rows, query),
        query,
        total=len(rows),
        filters=FILTERS,
        empty="Không có thủ tục nào như vậy. Xin thử ít chữ hơn, không cần gõ dấu.",
        live="catalogue",
        searchable=True,
    )
    return at.html("catalogue/list.html", "Danh mục thủ tục", table=table)


@action(Action.SEE_CATALOGUE)
async def save_file(at: Visit) -> web.StreamResponse:
    """Return the whole catalogue as a file that can be imported again."""
    kind = at.request.match_info["kind"]
    if kind not in FILES:
        raise web.HTTPNotFound
    found = await catalogue(at)
    body = await asyncio.to_thread(lambda: _written(kind, found))
    name = f'attachment; filename="danh-muc.{kind}"'
    headers = {"Content-Type": FILES[kind], "Content-Disposition": name}
    return web.Response(body=body, headers=headers)


def _written(kind: str, found: UnitCatalogue) -> bytes:
    with TemporaryDirectory(prefix="thanthien-") as folder:
        path = Path(folder) / f"danh-muc.{kind}"
        export.write(path, found.all(), kind)
        return path.read_bytes()


async def _rows(at: Visit, query: ListQuery) -> list[Line]:
    own = await office.own_words(at.desk)
    entries = (await catalogue(at)).entries()
    lines = (Line(one, one.code in own) for one in entries)
    chosen = [line for line in lines if _is_chosen(line, query)]
    words = fold(query.words.lower()).split()
    ranked = [(rank(line.entry, words), line) for line in chosen]
    fits = [(near, line) for near, line in ranked if near is not None]
    if query.sort:
        fits.sort(key=lambda pair: _key(pair[1], query.sort), reverse=query.is_down)
    else:
        fits.sort(key=lambda pair: (pair[0], _key(pair[1], "name")))
    return [line for _, line in fits]


def _is_chosen(line: Line, query: ListQuery) -> bool:
    level = query.chosen.get("level")
    if level is not None and line.entry.commune != (level == "commune"):
        return False
    return line.is_own or "own" not in query.chosen


def _key(line: Line, sort: str) -> str:
    entry = line.entry
    told = {"code": entry.code, "field": entry.field}.get(sort, entry.name)
    return fold(told.lower())


def _name(line: Line) -> Cell:
    url = f"/console/catalogue/procedure?code={line.entry.code}"
    return Cell(line.entry.name, url=url, small=line.entry.code)


def _place(line: Line) -> Cell:
    if line.entry.commune:
        return Cell("Tại xã", tone="good")
    return Cell("Nơi khác", tone="quiet")


def _own(line: Line) -> Cell:
    return Cell("Xã đã sửa", tone="warn") if line.is_own else Cell("Bản gốc")


COLUMNS: tuple[Column[Line], ...] = (
    Column("Thủ tục", _name, sort="name"),
    Column("Lĩnh vực", lambda line: line.entry.field, sort="field"),
    Column("Giải quyết", _place),
    Column("Lời của", _own),
)

SECTION = Section(
    (get("/catalogue", show), get("/catalogue/export.{kind}", save_file)),
    item=Item(Place.CATALOGUE, "/catalogue", Action.SEE_CATALOGUE),
)
