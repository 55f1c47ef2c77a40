"""From where do figures come, and under which address lies the list behind one?"""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlencode

from bot.console.visit import Visit
from bot.own_hours import hours
from handlers.cases.moments import from_ms, local_day
from handlers.staff.reports.book import Book, load
from handlers.staff.reports.entries import Figure, Part
from handlers.staff.reports.working import WorkingTime
from scheduler.escalation.work_time import USUAL
from scheduler.office_hours import WeeklyHours

ENTRIES = "/console/reports/entries"
RATINGS = "/console/surveys/answers"
LOOKED_UP = "/console/reports/procedures"


def week(at: Visit) -> WeeklyHours:
    """Return the hours of the unit; the usual ones of an office when none are set."""
    own = hours(at.settings)
    if own.describe():
        return own
    return WeeklyHours(USUAL.week, own.days_off, own.working_days, own.holidays)


async def book(at: Visit, since: int, until: int) -> Book:
    """Read what happened between two instants (UTC ms)."""
    return await load(at.desk, WorkingTime(week(at)), since, until)


def behind_url(
    figure: Figure,
    since: int,
    until: int,
    part: Part = Part.ALL,
    value: str = "",
) -> str:
    """Return the address of the list behind a figure."""
    pairs = {"figure": figure.value, **_days(since, until)}
    if part is not Part.ALL:
        pairs |= {"by": part.value, "value": value}
    return f"{ENTRIES}?{urlencode(pairs)}"


def ratings_url(since: int, until: int, **chosen: str) -> str:
    """Return the address of the answers to the survey behind a figure."""
    return f"{RATINGS}?{urlencode({**_days(since, until), **chosen})}"


def looked_up_url(since: int, until: int, field: str) -> str:
    """Return the address of the explanations of a field's procedures."""
    return f"{LOOKED_UP}?{urlencode({**_days(since, until), 'field': field})}"


def _days(since: int, until: int) -> dict[str, str]:
    """Return first and last day (local) of a time that begins and ends at midnight."""
    first, after = local_day(from_ms(since)), local_day(from_ms(until))
    return {"from": first.isoformat(), "to": (after - timedelta(1)).isoformat()}


def today(at: Visit) -> date:
    """Return the local day."""
    return local_day(at.house.clock.now())
