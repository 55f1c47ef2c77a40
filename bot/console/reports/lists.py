"""``/console/reports/entries``, ``…/procedures``: what stands behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from aiohttp import web

from bot.console.errors import NoPageError
from bot.console.export import download
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get
from bot.console.nav import Place
from bot.console.render import Renderer
from bot.console.reports import names as called
from bot.console.reports import room
from bot.console.reports.names import Names, field_of, names
from bot.console.table import Cell, Column, Table, paged
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports import entries
from handlers.staff.reports.book import LookedUp
from handlers.staff.reports.entries import Behind, Figure, Part
from handlers.staff.reports.period import FIRST_YEAR, LAST_YEAR, start_ms
from handlers.staff.reports.working import told

LONGEST = timedelta(days=3700)
LONGEST_VALUE = 80
TERMS = (Figure.ANSWERED, Figure.IN_TIME, Figure.LATE, Figure.FIRST)
"""Figures of terms: when it was done, how long it took."""
NOW = (Figure.OPEN, Figure.OVERDUE, Figure.DUE, Figure.WAITING)
"""Figures of this moment: no days belong to them."""


@action(Action.SEE_REPORTS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the cases behind a figure."""
    query = _query(at)
    rows, called_by = await _rows(at, query), await names(at)
    title = _title(query, called_by)
    table = Table(
        _days_told(at) if _figure(query) not in NOW else "Tính đến lúc này",
        columns(
            at.house.renderer,
            called_by,
            may_open=at.may(Action.SEE_CASES),
            has_terms=_figure(query) in TERMS,
        ),
        paged(rows, query),
        query,
        total=len(rows),
        empty="Không có việc nào đứng sau con số này.",
        export=True,
    )
    return at.html("reports/list.html", title, table=table, base=room.ENTRIES)


@action(Action.SEE_REPORTS)
async def export(at: Visit) -> web.StreamResponse:
    """Return the cases behind a figure as a file."""
    query = _query(at)
    rows = await _rows(at, query)
    has_terms = _figure(query) in TERMS
    chosen = columns(
        at.house.renderer, await names(at), may_open=False, has_terms=has_terms
    )
    return download(at.request.match_info["kind"], "so-lieu", chosen, rows)


@action(Action.SEE_REPORTS)
async def procedures(at: Visit) -> web.StreamResponse:
    """Show which procedures of a field were explained, and when."""
    query = parse(at.request.query, _own(at, "field", "from", "to"))
    field = query.chosen.get("field", "")
    since, until = days(at)
    book = await room.book(at, since, until)
    rows = entries.looked_up(book, field, field_of(at))[::-1]
    table = Table(
        _days_told(at),
        _looked_up(at),
        paged(rows, query),
        query,
        total=len(rows),
        empty="Chưa có lượt tra cứu nào.",
    )
    title = f"Tra cứu thủ tục: {field}"
    return at.html("reports/list.html", title, table=table, base="")


def days(at: Visit) -> tuple[int, int]:
    """Return the time that an address speaks of, UTC ms; without days: today.

    Raises NoPageError for what is no time.
    """
    today = room.today(at).isoformat()
    first = _day(at.request.query.get("from", today))
    last = _day(at.request.query.get("to", today))
    if not timedelta() <= last - first <= LONGEST:
        raise NoPageError
    return start_ms(first), start_ms(last + timedelta(1))


def columns(
    renderer: Renderer, called_by: Names, *, may_open: bool, has_terms: bool
) -> list[Column[Behind]]:
    """Return the columns of a list of cases."""

    def code(row: Behind) -> Cell:
        url = f"/console/cases/{row.case.code}" if may_open else ""
        return Cell(row.case.code, url=url, small=called.state(row.case.state))

    def due(row: Behind) -> str:
        at = row.term.due_at if row.term else row.case.due_at
        return renderer.when(at)

    heads: list[Column[Behind]] = [
        Column("Mã", code),
        Column("Loại việc", lambda row: called.kind(row.case.kind)),
        Column("Kênh", lambda row: called.channel(row.case.channel)),
        Column("Người xử lý", lambda row: called_by.owner(row.case.owner)),
        Column("Tiếp nhận", lambda row: renderer.when(row.case.at)),
        Column("Hạn", due),
    ]
    if not has_terms:
        return heads
    return [
        *heads,
        Column("Xong", lambda row: renderer.when(row.term.at if row.term else None)),
        Column("Kết quả", _result),
        Column(
            "Giờ làm việc", lambda row: told(row.term.minutes if row.term else None)
        ),
    ]


def _result(row: Behind) -> Cell:
    if row.term is None:
        return Cell("—")
    if row.term.is_in_time:
        return Cell("Đúng hạn", tone="good")
    return Cell("Quá hạn", tone="bad")


def _looked_up(at: Visit) -> list[Column[LookedUp]]:
    catalogue, renderer = at.services.catalogue, at.house.renderer

    def name(row: LookedUp) -> Cell:
        found = catalogue.get(row.code)
        return Cell(found.name if found else row.code, small=row.code)

    return [
        Column("Thủ tục", name),
        Column("Lúc", lambda row: renderer.when(row.at)),
    ]


async def _rows(at: Visit, query: ListQuery) -> list[Behind]:
    since, until = days(at)
    book = await room.book(at, since, until)
    part = Part(query.chosen.get("by", Part.ALL.value))
    return entries.behind(book, _figure(query), part, query.chosen.get("value", ""))


def _figure(query: ListQuery) -> Figure:
    return Figure(query.chosen.get("figure", Figure.RECEIVED.value))


def _query(at: Visit) -> ListQuery:
    own = (
        Filter("figure", "", [(one.value, "") for one in Figure]),
        Filter("by", "", [(one.value, "") for one in Part]),
        *_own(at, "value", "from", "to"),
    )
    return parse(at.request.query, own)


def _own(at: Visit, *keys: str) -> tuple[Filter, ...]:
    """Keep parts of the address as they are, for the next page of the list."""
    values = {key: at.request.query.get(key, "")[:LONGEST_VALUE] for key in keys}
    return tuple(Filter(key, "", [(value, "")]) for key, value in values.items())


def _title(query: ListQuery, called_by: Names) -> str:
    part = Part(query.chosen.get("by", Part.ALL.value))
    title = called.FIGURES[_figure(query)]
    if part is Part.ALL:
        return title
    return f"{title}: {called_by.of(part, query.chosen.get('value', ''))}"


def _days_told(at: Visit) -> str:
    since, until = days(at)
    shown: Callable[[int], str] = at.house.renderer.environment.filters["day"]
    first, last = shown(since), shown(until - 1)
    return f"Ngày {first}" if first == last else f"Từ {first} đến {last}"


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise NoPageError from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NoPageError
    return found


SECTION = Section(
    (
        get("/reports/entries", show),
        get("/reports/entries/export.{kind}", export),
        get("/reports/procedures", procedures),
    ),
    place=Place.REPORTS,
)
