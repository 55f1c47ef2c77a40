"""``/console/surveys``: scores by place, the answers, posters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import segno
from aiohttp import web

from bot.console.export import download
from bot.console.filters import Filter, ListQuery, parse
from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.reports import names as called
from bot.console.reports import room
from bot.console.reports.lists import days
from bot.console.reports.names import RATED, SCORES, share
from bot.console.reports.page import asked
from bot.console.reports.room import ratings_url
from bot.console.reports.view import OPINIONS
from bot.console.table import Cell, Column, Table, paged
from bot.console.today.view import Box, Line
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports import counter_book, entries, figures, words
from handlers.staff.reports.book import Book, Rated
from handlers.staff.reports.counter_book import Counter
from handlers.staff.reports.figures import Opinion
from handlers.staff.reports.period import MONTHS, QUARTER

MOST_POSTERS = 24
LONGEST_VALUE = 80


@action(Action.SEE_SURVEYS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the opinions of a period."""
    period = asked(at)
    book = await room.book(at, period.since, period.until)
    _, named = await counter_book.seen(at.desk)
    return at.html(
        "survey/page.html",
        f"Khảo sát {period.name}",
        period=period,
        wider=(period.widened(QUARTER), period.widened(MONTHS)),
        boxes=_boxes(book),
        columns=OPINIONS,
        kinds=_lines(book, "kind", named),
        counters=_lines(book, "counter", named),
        base=_base(at),
    )


@action(Action.SEE_SURVEYS)
async def answers(at: Visit) -> web.StreamResponse:
    """Show the answers behind a figure; the words to those who work on cases."""
    query = _query(at)
    rows = await _rows(at, query)
    page = paged(rows, query)
    may_read = at.may(Action.SEE_CASES)
    told = await _words(at, page) if may_read else {}
    _, named = await counter_book.seen(at.desk)
    table = Table(
        "Đánh giá của người dân",
        _columns(at, told, named, may_read=may_read),
        page,
        query,
        total=len(rows),
        empty="Chưa có đánh giá nào như vậy.",
        export=True,
    )
    return at.html(
        "survey/answers.html", "Các lượt đánh giá", table=table, base=room.RATINGS
    )


@action(Action.SEE_SURVEYS)
async def export(at: Visit) -> web.StreamResponse:
    """Return scores as a file; words never leave in one."""
    query = _query(at)
    rows = await _rows(at, query)
    _, named = await counter_book.seen(at.desk)
    chosen = _columns(at, {}, named, may_read=False)
    return download(at.request.match_info["kind"], "danh-gia", chosen, rows)


@action(Action.SEE_SURVEYS)
async def posters(at: Visit) -> web.StreamResponse:
    """Show posters with a QR code for chosen counters, to be printed."""
    wanted = at.request.query.getall("quay", [])[:MOST_POSTERS]
    _, named = await counter_book.seen(at.desk)
    used = {code: one.name for code, one in named.items() if one.is_used}
    made = [
        (used[code], url := _counter_url(at, code), qr(url))
        for code in dict.fromkeys(wanted)
        if code in used
    ]
    return at.html(
        "survey/posters.html",
        "Mã QR cho quầy",
        posters=made,
        choices=list(used.items()),
        chosen=wanted,
        has_base=bool(at.house.config.server.public_url),
    )


def qr(url: str) -> str:
    """Return a QR code as SVG."""
    made = segno.make(url, error="m")
    return str(made.svg_inline(scale=5, border=2, omitsize=False))


def _boxes(book: Book) -> list[Box]:
    mood, span = figures.opinion(book.ratings), (book.since, book.until)
    mean = "—" if mood.mean is None else f"{mood.mean:.1f}".replace(".", ",")
    low = sum(mood.scores[score] for score in (1, figures.LOW))
    return [
        Box(share(mood.share), "Hài lòng", ratings_url(*span, score="happy")),
        Box(str(mood.total), "Lượt đánh giá", ratings_url(*span)),
        Box(mean, "Điểm trung bình trên 5", ratings_url(*span)),
        Box(
            str(low),
            "Chưa hài lòng",
            ratings_url(*span, score="low"),
            tone="late" if low else "",
        ),
    ]


def _lines(book: Book, by: str, named: Mapping[str, Counter]) -> list[Line]:
    def key(one: Rated) -> str:
        return one.kind if by == "kind" else one.counter

    found = figures.opinions([one for one in book.ratings if key(one)], key)
    return [
        Line(_name(by, code, named), _cells(one, book, {by: code}))
        for code, one in found.items()
    ]


def _name(by: str, code: str, named: Mapping[str, Counter]) -> str:
    if by == "kind":
        return RATED.get(code, code)
    return named[code].name if code in named else code


def _cells(
    one: Opinion, book: Book, chosen: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    def url(score: str) -> str:
        more = {"score": score} if score else {}
        return ratings_url(book.since, book.until, **chosen, **more)

    return (
        (str(one.total), url("")),
        (share(one.share), url("happy") if one.happy else ""),
        *(
            (str(one.scores[score]), url(str(score)) if one.scores[score] else "")
            for score in figures.SCORES
        ),
    )


def _columns(
    at: Visit, told: dict[str, str], named: Mapping[str, Counter], *, may_read: bool
) -> list[Column[Rated]]:
    renderer = at.house.renderer

    def about(row: Rated) -> Cell:
        if row.counter:
            return Cell(_name("counter", row.counter, named))
        if not row.code:
            return Cell(RATED.get(row.kind, row.kind))
        url = f"/console/cases/{row.code}" if at.may(Action.SEE_CASES) else ""
        return Cell(row.code, url=url)

    def score(row: Rated) -> Cell:
        tone = (
            "good"
            if row.score >= figures.HAPPY
            else "bad"
            if row.score <= figures.LOW
            else ""
        )
        return Cell(f"{row.score}/5 {SCORES[row.score]}", tone=tone)

    columns: list[Column[Rated]] = [
        Column("Lúc", lambda row: renderer.when(row.at)),
        Column("Đánh giá", score),
        Column("Về", about),
        Column("Kênh", lambda row: called.channel(row.channel)),
    ]
    if may_read:
        columns.append(Column("Lời góp ý", lambda row: told.get(row.about, "—")))
    else:
        columns.append(
            Column("Lời góp ý", lambda row: "có" if row.item_id else "không")
        )
    return columns


async def _words(at: Visit, page: Sequence[Rated]) -> dict[str, str]:
    vault = at.house.units[at.unit_id].vault
    return await words.read(at.desk, vault, page)


async def _rows(at: Visit, query: ListQuery) -> list[Rated]:
    book = await room.book(at, *days(at))
    chosen = query.chosen
    return entries.rated(
        book,
        chosen.get("score", ""),
        chosen.get("kind", ""),
        chosen.get("counter", ""),
    )


def _query(at: Visit) -> ListQuery:
    keys = ("score", "kind", "counter", "from", "to")
    values = {key: at.request.query.get(key, "")[:LONGEST_VALUE] for key in keys}
    own = tuple(Filter(key, "", [(value, "")]) for key, value in values.items())
    return parse(at.request.query, own)


def _base(at: Visit) -> str:
    return at.house.config.server.public_url.rstrip("/")


def _counter_url(at: Visit, code: str) -> str:
    base = _base(at) or str(at.request.url.origin())
    several = len(at.house.gates) > 1
    return f"{base}/khao-sat/{code}" + (f"?xa={at.unit_id}" if several else "")


SECTION = Section(
    (
        get("/surveys", show),
        get("/surveys/answers", answers),
        get("/surveys/answers/export.{kind}", export),
        get("/surveys/posters", posters),
    ),
    item=Item(Place.SURVEYS, "/surveys", Action.SEE_SURVEYS),
)
