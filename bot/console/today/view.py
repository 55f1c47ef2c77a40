"""What does the leader see first? Figures with the address of the list behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.console.render import day as day_of
from bot.console.reports.names import Names, channel, kind, share
from bot.console.reports.room import behind_url, ratings_url
from handlers.cases.moments import from_ms, local_day
from handlers.staff.reports import figures
from handlers.staff.reports.book import Book, Received
from handlers.staff.reports.entries import KEYS, Figure, Part
from handlers.staff.reports.figures import Tally, WeekFigures
from handlers.staff.reports.working import told
from messages.charts import Chart, Series, columns

DAY_MS = 86_400_000
DATE = 5
"""So many characters of a date are its day and month."""


@dataclass(frozen=True, slots=True)
class Box:
    """One figure; ``tone`` is "first", "late" or ""."""

    value: str
    label: str
    url: str
    small: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table of figures: a name and values with their lists."""

    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """A chart, what its colours mean, and the same as a table."""

    title: str
    svg: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case that waits for somebody."""

    code: str
    kind: str
    channel: str
    since: int


def boxes(book: Book, day: Book, month: Book) -> list[Box]:
    """Return the figures of the page; ``day`` and ``month`` are parts of ``book``."""
    now, tally = (book.now, book.now), figures.of_book(month)
    mood = figures.opinion(month.ratings)
    month_span = (month.since, month.until)
    return [
        Box(
            str(len(day.received)),
            "Mới hôm nay",
            behind_url(Figure.RECEIVED, day.since, day.until),
        ),
        Box(
            str(len(book.due_today)),
            "Đến hạn hôm nay",
            behind_url(Figure.DUE, *now),
        ),
        _late(book),
        _open(book),
        Box(
            share(tally.share),
            "Trả lời đúng hạn",
            behind_url(Figure.ANSWERED, *month_span),
            f"{tally.in_time}/{tally.answered} việc trong tháng",
        ),
        Box(
            share(mood.share),
            "Người dân hài lòng",
            ratings_url(*month_span),
            f"{mood.happy}/{mood.total} lượt đánh giá trong tháng",
        ),
    ]


def _late(book: Book) -> Box:
    late = book.overdue
    url = behind_url(Figure.OVERDUE, book.now, book.now)
    tone = "late" if late else ""
    return Box(str(len(late)), "Quá hạn, chưa trả lời", url, "", tone)


def _open(book: Book) -> Box:
    url = behind_url(Figure.OPEN, book.now, book.now)
    if not book.open:
        return Box("0", "Việc đang mở", url, "Không còn việc tồn.")
    oldest = book.open[0]
    age = (book.now - oldest.at) // DAY_MS
    when = f"{age} ngày" if age else "hôm nay"
    return Box(
        str(len(book.open)), "Việc đang mở", url, f"Lâu nhất: {oldest.code}, {when}"
    )


def waiting(cases: Sequence[Received], most: int = 5) -> list[Waiting]:
    """Return the first of some cases, the longest waiting first."""
    return [
        Waiting(one.code, kind(one.kind), channel(one.channel), one.at)
        for one in cases[:most]
    ]


def table(book: Book, part: Part, names: Names) -> list[Line]:
    """Return received, answered, share in time, usual time, by something of a case."""
    return [
        Line(names.of(part, value), _cells(book, tally, part, value))
        for value, tally in figures.grouped(book, KEYS[part]).items()
    ]


def _cells(
    book: Book, tally: Tally, part: Part, value: str
) -> tuple[tuple[str, str], ...]:
    def url(figure: Figure) -> str:
        return behind_url(figure, book.since, book.until, part, value)

    return (
        (str(tally.received), url(Figure.RECEIVED) if tally.received else ""),
        (str(tally.answered), url(Figure.ANSWERED) if tally.answered else ""),
        (share(tally.share), url(Figure.IN_TIME) if tally.in_time else ""),
        (str(tally.late), url(Figure.LATE) if tally.late else ""),
        (told(tally.half), ""),
    )


def trends(book: Book) -> list[Trend]:
    """Return three charts over the last weeks."""
    weeks = figures.weeks(book)
    return [_work(weeks), _in_time(weeks), _mood(weeks)]


def _work(weeks: Sequence[WeekFigures]) -> Trend:
    title = "Tiếp nhận và trả lời mỗi tuần"
    received = [one.tally.received for one in weeks]
    answered = [one.tally.answered for one in weeks]
    chart = Chart(
        "work",
        title,
        f"{len(weeks)} tuần: tiếp nhận {sum(received)}, trả lời {sum(answered)};"
        f" tuần này tiếp nhận {received[-1]}, trả lời {answered[-1]}.",
        _labels(weeks),
        (Series("Tiếp nhận", received, 1), Series("Trả lời", answered, 2)),
    )
    lines = [
        Line(
            _span(one),
            (
                _number(one, Figure.RECEIVED, one.tally.received),
                _number(one, Figure.ANSWERED, one.tally.answered),
            ),
        )
        for one in weeks
    ]
    keys = ("Tiếp nhận", "Trả lời")
    return Trend(title, columns(chart), keys, keys, tuple(lines))


def _in_time(weeks: Sequence[WeekFigures]) -> Trend:
    title = "Tỷ lệ trả lời đúng hạn"
    shares = [one.tally.share for one in weeks]
    chart = Chart(
        "in-time", title, _told(shares), _labels(weeks), (Series("", shares, 2),), True
    )
    lines = [
        Line(
            _span(one),
            (
                (share(one.tally.share), ""),
                _number(one, Figure.LATE, one.tally.late),
            ),
        )
        for one in weeks
    ]
    names = ("Đúng hạn", "Số việc quá hạn")
    return Trend(title, columns(chart), (), names, tuple(lines))


def _mood(weeks: Sequence[WeekFigures]) -> Trend:
    title = "Tỷ lệ người dân hài lòng"
    shares = [one.opinion.share for one in weeks]
    chart = Chart(
        "mood", title, _told(shares), _labels(weeks), (Series("", shares, 1),), True
    )
    lines = [
        Line(
            _span(one),
            (
                (share(one.opinion.share), ""),
                _rated(one),
            ),
        )
        for one in weeks
    ]
    names = ("Hài lòng", "Lượt đánh giá")
    return Trend(title, columns(chart), (), names, tuple(lines))


def _told(shares: Sequence[float | None]) -> str:
    known = [one for one in shares if one is not None]
    if not known:
        return f"{len(shares)} tuần qua chưa có số liệu."
    last = f"tuần này {share(shares[-1])}" if shares[-1] is not None else ""
    low, high = share(min(known)), share(max(known))
    said = f"{len(shares)} tuần: thấp nhất {low}, cao nhất {high}"
    return f"{said}; {last or 'tuần này chưa có'}."


def _labels(weeks: Sequence[WeekFigures]) -> list[str]:
    return [day_of(one.since)[:DATE] for one in weeks]


def _span(one: WeekFigures) -> str:
    last = local_day(from_ms(one.until - 1))
    return f"{day_of(one.since)[:DATE]} – {last:%d/%m}"


def _number(one: WeekFigures, figure: Figure, number: int) -> tuple[str, str]:
    """Return a figure, with its list when there is something in it."""
    url = behind_url(figure, one.since, one.until) if number else ""
    return str(number), url


def _rated(one: WeekFigures) -> tuple[str, str]:
    number = one.opinion.total
    return str(number), ratings_url(one.since, one.until) if number else ""
