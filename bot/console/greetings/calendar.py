"""``/console/greetings/calendar``: what goes out in twelve months, and its feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from aiohttp import web

from bot.broadcast_calendar import Coming, coming
from bot.broadcast_days import days_of
from bot.broadcast_words import STATES, whom
from bot.console.guard import Section, action, get, post
from bot.console.nav import Place
from bot.console.visit import Visit
from bot.public.calendar_feed import PATH
from handlers.staff.greetings import feeds
from handlers.staff.permissions import Action
from scheduler.moments import LOCAL

HERE = "/console/greetings/calendar"
YEAR = timedelta(days=365)


@action(Action.SEE_LETTERS)
async def show(at: Visit) -> web.StreamResponse:
    """Show what goes out, month by month, to how many and at which hour."""
    return await _page(at)


@action(Action.SEE_LETTERS)
async def open_feed(at: Visit) -> web.StreamResponse:
    """Make a new address; the old one closes. It is shown this once."""
    secret = await feeds.open_feed(at.desk)
    base = at.house.config.server.public_url or f"http://{at.request.host}"
    return await _page(at, f"{base.rstrip('/')}{PATH}/{secret}.ics")


@action(Action.SEE_LETTERS)
async def close_feed(at: Visit) -> web.StreamResponse:
    """Close the address."""
    await feeds.close_feed(at.desk)
    return at.go(HERE, "Dạ, đã đóng đường dẫn lịch.")


async def _page(at: Visit, address: str = "") -> web.Response:
    now = at.house.clock.now_ms()
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(LOCAL).date()
    days = days_of(at.house.config.units[at.unit_id])
    rows = await at.desk.look(
        Action.SEE_LETTERS,
        lambda c: coming(c, at.unit_id, days, today, today + YEAR, now),
    )
    months = [(month, list(part)) for month, part in groupby(rows, _month)]
    return at.html(
        "greetings/calendar.html",
        "Lịch gửi 12 tháng",
        months=months,
        states=STATES,
        whom=whom,
        count=len(rows),
        address=address,
        has_feed=await feeds.has_feed(at.desk),
    )


def _month(one: Coming) -> date:
    return one.at.date().replace(day=1)


SECTION = Section(
    (
        get("/greetings/calendar", show),
        post("/greetings/calendar/feed", open_feed),
        post("/greetings/calendar/close", close_feed),
    ),
    place=Place.LETTERS,
)
