"""``/console/reports``: a month, a quarter or a year in figures, and as files."""

from __future__ import annotations

from collections.abc import Iterator

from aiohttp import web

from bot.console.export import download
from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.reports import room, view
from bot.console.reports.names import field_of, names
from bot.console.table import Column
from bot.console.today.view import Box
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports import online
from handlers.staff.reports.period import MONTHS, QUARTER, Period

FileLine = tuple[str, str, str, str]


@action(Action.SEE_REPORTS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the report of a period."""
    period = asked(at)
    book = await room.book(at, period.since, period.until)
    sections = view.parts(book, period, await names(at), field_of(at))
    sheet = await online.read(at.desk, period)
    return at.html(
        "reports/page.html",
        f"Báo cáo {period.name}",
        period=period,
        wider=(period.widened(QUARTER), period.widened(MONTHS)),
        months=Period(period.year, 1, MONTHS).single(),
        boxes=view.boxes(book),
        sections=sections,
        online=view.online(sheet),
        is_over=period.until <= book.now,
    )


@action(Action.SEE_REPORTS)
async def export(at: Visit) -> web.StreamResponse:
    """Return the report as a file: one line a figure."""
    period = asked(at)
    book = await room.book(at, period.since, period.until)
    sections = view.parts(book, period, await names(at), field_of(at))
    sections.append(view.online(await online.read(at.desk, period)))
    columns: list[Column[FileLine]] = [
        Column("Bảng", lambda row: row[0]),
        Column("Mục", lambda row: row[1]),
        Column("Chỉ số", lambda row: row[2]),
        Column("Giá trị", lambda row: row[3], is_number=True),
    ]
    lines = list(_lines(period, view.boxes(book), sections))
    kind = at.request.match_info["kind"]
    return download(kind, f"bao-cao-{period.code.lower()}", columns, lines)


def asked(at: Visit) -> Period:
    """Return the period of the address, this month without one.

    Raises BadPeriodError.
    """
    code = at.request.query.get("period", "")
    if not code:
        return Period.month_of(at.house.clock.now())
    return Period.parse(code)


def _lines(
    period: Period, boxes: list[Box], sections: list[view.Section]
) -> Iterator[FileLine]:
    for box in boxes:
        yield "Chung", period.name, box.label, box.value
    for section in sections:
        for line in section.lines:
            for name, (text, _) in zip(section.columns, line.cells, strict=True):
                yield section.title, line.name, name, text


SECTION = Section(
    (get("/reports", show), get("/reports/export.{kind}", export)),
    item=Item(Place.REPORTS, "/reports", Action.SEE_REPORTS),
)
