"""Does a year of the clock greet each day once, on its day, and never at night?"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from handlers.staff.greetings import acts
from scheduler.calendar.year import occasions
from scheduler.moments import LOCAL
from storage import greetings
from storage.keys import KeyRing
from storage.sqlite import SqliteDatabase
from tests.bot.broadcast.support import UNIT, commune
from tests.conftest import FakeClock

HOURS = (0, 5, 7, 17, 20, 23)


@pytest.mark.parametrize("year", [2027])
async def test_a_year_day_by_day(
    sqlite_database: SqliteDatabase, ring: KeyRing, clock: FakeClock, year: int
) -> None:
    """Every day of the calendar is drafted ahead, approved, and posted on its day."""
    commune_ = commune(sqlite_database, ring, clock)
    day = date(year, 1, 1) - timedelta(days=8)
    while day <= date(year, 12, 31):
        for hour in HOURS:
            commune_.at(day, hour, 55)
            await commune_.round()
        rows = await sqlite_database.read(
            lambda c: greetings.listed(c, UNIT, ["draft"])
        )
        for row in rows:
            await acts.approve(commune_.desk, str(row["greeting_id"]), 1)
        day += timedelta(days=1)

    posted = [at.astimezone(LOCAL) for at, _ in commune_.page.posts]
    expected = Counter(
        one.date for one in occasions(year) if one.code not in {"phat_dan", "vu_lan"}
    )
    of_year = [at for at in posted if at.year == year]
    assert Counter(at.date() for at in of_year) == expected
    assert all(6 <= at.hour < 22 for at in posted)
    rows = await sqlite_database.read(lambda c: greetings.listed(c, UNIT))
    assert {row["state"] for row in rows if row["day"] <= f"{year}-12-31"} == {"done"}
