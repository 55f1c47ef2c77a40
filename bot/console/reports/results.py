"""``/console/reports/online``, ``…/published``: enter and publish online results."""

from __future__ import annotations

from dataclasses import asdict, fields

from aiohttp import web

from bot.console.export import download
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.reports.names import names, share
from bot.console.reports.page import asked
from bot.console.table import Column
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports import online
from handlers.staff.reports.errors import ReportError, StaleNumbersError
from handlers.staff.reports.online import PLACES, MonthNumbers, Numbers
from handlers.staff.reports.period import Period

BAD = 400
LABELS = {
    "received": "Hồ sơ tiếp nhận trong tháng",
    "online": "Trong đó nộp trực tuyến",
    "finished": "Hồ sơ đã giải quyết trong tháng",
    "in_time": "Trong đó trước hạn, đúng hạn",
}


@action(Action.SEE_REPORTS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the numbers of a month, with a form for those who enter them."""
    return await _form(at, _month(at))


@action(Action.RECORD_RESULTS)
async def record(at: Visit) -> web.StreamResponse:
    """Enter the numbers of a month."""
    month = Period.parse(await at.text("period", 10))
    kept = {name: (await at.text(name, 12)).strip() for name in LABELS}
    seen = await at.text("version", 6)
    try:
        numbers = _numbers(kept)
        version = int(seen) if seen.isascii() and seen.isdigit() else 0
        await online.record(at.desk, month, numbers, version)
    except StaleNumbersError:
        typed = {LABELS[name]: text for name, text in kept.items()}
        return at.stale(f"/console/reports/online?period={month.code}", typed)
    except ReportError as error:
        return await _form(at, month, kept, error)
    return at.go(
        f"/console/reports/published?period={month.code}",
        "Dạ, đã lưu số liệu. Đây là bảng để công khai.",
    )


@action(Action.SEE_REPORTS)
async def published(at: Visit) -> web.StreamResponse:
    """Show the sheet to be put up: numbers and shares, month by month."""
    return await _sheet(at)


@action(Action.RECORD_RESULTS)
async def publish(at: Visit) -> web.StreamResponse:
    """Write down where the sheet was put up."""
    period = Period.parse(await at.text("period", 10))
    try:
        await online.publish(at.desk, period, await at.text("place", 20))
    except ReportError as error:
        return await _sheet(at, period, error)
    return at.go(
        f"/console/reports/published?period={period.code}",
        "Dạ, đã ghi vào sổ minh chứng.",
    )


@action(Action.SEE_REPORTS)
async def export(at: Visit) -> web.StreamResponse:
    """Return the sheet as a file."""
    period = asked(at)
    sheet = await online.read(at.desk, period)
    columns = [Column("Tháng", lambda row: row.month.name), *_columns()]
    name = f"cong-khai-{period.code.lower()}"
    return download(at.request.match_info["kind"], name, columns, sheet.months)


def _columns() -> list[Column[MonthNumbers]]:
    def of(title: str, name: str) -> Column[MonthNumbers]:
        return Column(title, lambda row: _shown(row.numbers, name), is_number=True)

    return [
        of("Tiếp nhận", "received"),
        of("Trực tuyến", "online"),
        of("Tỷ lệ trực tuyến", "online_share"),
        of("Đã giải quyết", "finished"),
        of("Trước hạn, đúng hạn", "in_time"),
        of("Tỷ lệ đúng hạn", "in_time_share"),
    ]


def _shown(numbers: Numbers | None, name: str) -> str:
    if numbers is None:
        return "—"
    value = getattr(numbers, name)
    return share(value) if name.endswith("share") else str(value)


async def _form(
    at: Visit,
    month: Period,
    kept: dict[str, str] | None = None,
    error: ReportError | None = None,
) -> web.Response:
    sheet = await online.read(at.desk, month)
    (found,) = sheet.months
    known = asdict(found.numbers) if found.numbers else {}
    values = {field.name: str(known.get(field.name, "")) for field in fields(Numbers)}
    return at.html(
        "reports/online.html",
        f"Kết quả trực tuyến {month.name}",
        status=BAD if error else 200,
        month=month,
        found=found,
        by=(await names(at)).owner(found.by) if found.by else "",
        kept=kept or values,
        labels=LABELS,
        error=error,
    )


async def _sheet(
    at: Visit, period: Period | None = None, error: ReportError | None = None
) -> web.Response:
    chosen = period or asked(at)
    sheet = await online.read(at.desk, chosen)
    called = await names(at)
    columns = _columns()
    lines = [
        (one.month.title, [column.shown(one).text for column in columns])
        for one in sheet.months
    ]
    if sheet.total is not None and len(sheet.months) > 1:
        whole = MonthNumbers(chosen, sheet.total, 0)
        lines.append(("Cả kỳ", [column.shown(whole).text for column in columns]))
    return at.html(
        "reports/published.html",
        f"Công khai kết quả thủ tục trực tuyến {chosen.name}",
        status=BAD if error else 200,
        period=chosen,
        full_name=at.services.unit.full_name or f"UBND {at.services.unit.name}",
        heads=[column.title for column in columns],
        lines=lines,
        total=sheet.total,
        places=list(PLACES.items()),
        published=[
            (PLACES.get(one.place, one.place), one.at, called.owner(one.by))
            for one in sheet.published
        ],
        error=error,
    )


def _month(at: Visit) -> Period:
    """Return the month of the address, the first one of a longer period."""
    period = asked(at)
    return Period(period.year, period.month, 1)


def _numbers(kept: dict[str, str]) -> Numbers:
    def number(name: str) -> int:
        text = kept[name].replace(".", "").replace(" ", "")
        return int(text) if text.isascii() and text.isdigit() else -1

    return Numbers(
        number("received"), number("online"), number("finished"), number("in_time")
    )


SECTION = Section(
    (
        get("/reports/online", show),
        post("/reports/online", record),
        get("/reports/published", published),
        post("/reports/published", publish),
        get("/reports/published/export.{kind}", export),
    ),
    place=Place.REPORTS,
)
