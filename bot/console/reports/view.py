"""What stands in a report? The same sections on the page and in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.console.reports import names as called
from bot.console.reports.names import Names, share
from bot.console.reports.room import behind_url, looked_up_url, ratings_url
from bot.console.today.view import Box, Line, table
from handlers.staff.reports import figures
from handlers.staff.reports.book import Book
from handlers.staff.reports.entries import Figure, Part
from handlers.staff.reports.figures import SCORES, Opinion
from handlers.staff.reports.online import MonthNumbers, Numbers, Sheet
from handlers.staff.reports.period import Period
from handlers.staff.reports.working import told

WORK = ("Tiếp nhận", "Đã trả lời", "Đúng hạn", "Quá hạn", "Nửa số việc trong")
OPINIONS = ("Lượt", "Hài lòng", *(called.SCORES[score] for score in SCORES))
ONLINE = ("Tiếp nhận", "Trực tuyến", "Tỷ lệ", "Đã giải quyết", "Đúng hạn", "Tỷ lệ đúng")
LOOKED_UP = ("Lượt giải thích",)


@dataclass(frozen=True, slots=True)
class Section:
    """One table of the report."""

    title: str
    first: str
    columns: tuple[str, ...]
    lines: list[Line]
    empty: str = "Kỳ này chưa có."


def boxes(book: Book) -> list[Box]:
    """Return the figures at the top."""
    whole, mood = figures.of_book(book), figures.opinion(book.ratings)
    firsts = figures.tally((), book.firsts)

    def box(figure: Figure, value: str, small: str = "", tone: str = "") -> Box:
        url = behind_url(figure, book.since, book.until)
        return Box(value, called.FIGURES[figure], url, small, tone)

    return [
        box(Figure.RECEIVED, str(whole.received)),
        box(Figure.ANSWERED, str(whole.answered), _times(whole)),
        box(Figure.IN_TIME, share(whole.share), f"{whole.in_time} việc"),
        box(Figure.LATE, str(whole.late), "", "late" if whole.late else ""),
        box(Figure.FIRST, told(firsts.half), f"nửa số lần, {firsts.answered} lần"),
        Box(
            share(mood.share),
            "Người dân hài lòng",
            ratings_url(book.since, book.until),
            f"{mood.happy}/{mood.total} lượt đánh giá",
        ),
    ]


def parts(
    book: Book, period: Period, names: Names, field_of: Callable[[str], str]
) -> list[Section]:
    """Return the tables of a report, but for online results."""
    made = [
        Section("Theo kênh", "Kênh", WORK, table(book, Part.CHANNEL, names)),
        Section("Theo nguồn", "Nguồn", WORK, table(book, Part.SOURCE, names)),
        Section("Theo loại việc", "Loại việc", WORK, table(book, Part.KIND, names)),
        Section("Theo bộ phận", "Bộ phận", WORK, table(book, Part.OFFICE, names)),
        Section(
            "Theo người xử lý", "Người xử lý", WORK, table(book, Part.OWNER, names)
        ),
    ]
    if period.months > 1:
        made.insert(0, Section("Theo tháng", "Tháng", WORK, _months(book, period)))
    made.append(_fields(book, field_of))
    made.append(_opinions(book))
    return made


def online(sheet: Sheet) -> Section:
    """Return the numbers of procedures done online."""
    lines = [Line(one.month.title, _numbers(one)) for one in sheet.months]
    if sheet.total is not None and len(sheet.months) > 1:
        lines.append(Line("Cả kỳ", _cells(sheet.total, "")))
    return Section("Thủ tục hành chính trực tuyến", "Tháng", ONLINE, lines)


def _numbers(one: MonthNumbers) -> tuple[tuple[str, str], ...]:
    url = f"/console/reports/online?period={one.month.code}"
    if one.numbers is None:
        return (("chưa nhập", url), *[("—", "")] * (len(ONLINE) - 1))
    return _cells(one.numbers, url)


def _cells(one: Numbers, url: str) -> tuple[tuple[str, str], ...]:
    return (
        (str(one.received), url),
        (str(one.online), url),
        (share(one.online_share), ""),
        (str(one.finished), url),
        (str(one.in_time), url),
        (share(one.in_time_share), ""),
    )


def _times(whole: figures.Tally) -> str:
    if whole.half is None:
        return ""
    return f"nửa số việc trong {told(whole.half)}, lâu nhất {told(whole.longest)}"


def _months(book: Book, period: Period) -> list[Line]:
    lines = []
    for month in period.single():
        part = book.between(month.since, month.until)
        whole = figures.of_book(part)

        def url(figure: Figure, month: Period = month) -> str:
            return behind_url(figure, month.since, month.until)

        cells = (
            (str(whole.received), url(Figure.RECEIVED) if whole.received else ""),
            (str(whole.answered), url(Figure.ANSWERED) if whole.answered else ""),
            (share(whole.share), url(Figure.IN_TIME) if whole.in_time else ""),
            (str(whole.late), url(Figure.LATE) if whole.late else ""),
            (told(whole.half), ""),
        )
        lines.append(Line(month.title, cells))
    return lines


def _fields(book: Book, field_of: Callable[[str], str]) -> Section:
    lines = [
        Line(name, ((str(number), looked_up_url(book.since, book.until, name)),))
        for name, number in figures.fields(book.looked_up, field_of).items()
    ]
    title = "Thủ tục được tra cứu, theo lĩnh vực"
    return Section(title, "Lĩnh vực", LOOKED_UP, lines)


def _opinions(book: Book) -> Section:
    found = figures.opinions(book.ratings, lambda one: one.kind)
    lines = [
        Line(called.RATED.get(kind, kind), _scores(one, book, kind))
        for kind, one in found.items()
    ]
    return Section("Mức độ hài lòng", "Đánh giá", OPINIONS, lines)


def _scores(one: Opinion, book: Book, kind: str) -> tuple[tuple[str, str], ...]:
    def url(score: str) -> str:
        chosen = {"kind": kind} | ({"score": score} if score else {})
        return ratings_url(book.since, book.until, **chosen)

    return (
        (str(one.total), url("")),
        (share(one.share), url("happy")),
        *(
            (str(one.scores[score]), url(str(score)) if one.scores[score] else "")
            for score in SCORES
        ),
    )
