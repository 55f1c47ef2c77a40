"""``/console/today``: what waits for the leader, what is late, how the weeks went."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.console.guard import Section, action, get
from bot.console.nav import Item, Place
from bot.console.reports import room
from bot.console.reports.names import names
from bot.console.today import view
from bot.console.visit import Visit
from handlers.staff.permissions import Action
from handlers.staff.reports.entries import Figure, Part
from handlers.staff.reports.figures import weeks_since
from handlers.staff.reports.period import Period, start_ms


@action(Action.SEE_REPORTS)
async def show(at: Visit) -> web.StreamResponse:
    """Show the page."""
    day, now = room.today(at), at.house.clock.now_ms()
    begin, end = start_ms(day), start_ms(day + timedelta(1))
    book = await room.book(at, min(weeks_since(now), _month(at).since), end)
    month = book.between(_month(at).since, end)
    called = await names(at)
    return at.html(
        "today/page.html",
        "Hôm nay",
        waiting=view.waiting(book.waiting),
        waiting_total=len(book.waiting),
        waiting_url=room.behind_url(Figure.WAITING, now, now),
        letters=book.letters,
        boxes=view.boxes(book, book.between(begin, end), month),
        late=view.waiting(book.overdue),
        late_url=room.behind_url(Figure.OVERDUE, now, now),
        trends=view.trends(book),
        month=_month(at),
        kinds=view.table(month, Part.KIND, called),
        owners=view.table(month, Part.OWNER, called),
        day=day,
    )


def _month(at: Visit) -> Period:
    return Period.month_of(at.house.clock.now())


SECTION = Section(
    (get("/today", show),), item=Item(Place.TODAY, "/today", Action.SEE_REPORTS)
)
