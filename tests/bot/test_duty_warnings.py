"""Are staff told of a hole in the roster, once a day, and left alone otherwise?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.config import parse_config
from bot.duty_warnings import DutyWarnings, watched
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile, Route
from handlers.staff.roster.model import Part, Shift, Slot, local_date
from handlers.staff.roster.shifts import set_shifts
from scheduler.office_hours import WeeklyHours
from storage import operations
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import notice
from tests.bot.cli.conftest import DOCUMENT
from tests.bot.support import FaultyDatabase
from tests.conftest import START, FakeClock
from tests.storage.rows import UNIT

HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30"]})
TODAY = local_date(START)
DAY = timedelta(days=1)


@pytest.fixture
async def desk(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Desk:
    """Two people who can be reached, and no shift."""
    made = Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms)
    for code in ("an", "binh"):
        routes = {Route.PHONE: "0911111111"}
        await add(made, NewMember(code, Profile(code), routes=routes))
    return made


@pytest.fixture
def watcher(desk: Desk, clock: FakeClock) -> DutyWarnings:
    """The watcher of that unit."""
    return DutyWarnings(UNIT, desk.keys, clock, HOURS, desk.ids, ("zalo",))


async def told(database: Database) -> list[tuple[str, str, str]]:
    """Return kind, day and number of the unseen notices, in order."""
    rows = await database.read(operations.open_notices)
    return sorted((row["kind"], row["subject"], row["detail"]) for row in rows)


async def test_a_unit_without_a_roster_is_left_alone(
    watcher: DutyWarnings, desk: Desk
) -> None:
    """Nobody asked for a roster, nobody hears that it is empty."""
    assert await watcher.tell(desk.database) == 0
    assert await told(desk.database) == []


async def test_gaps_are_told_by_day(watcher: DutyWarnings, desk: Desk) -> None:
    """Of the week ahead Monday is covered, Tuesday 24/11 is a holiday, the rest not."""
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG, "zalo"), "an", "binh")])
    assert await watcher.tell(desk.database) == 3

    assert await told(desk.database) == [
        ("roster_gap", (TODAY + n * DAY).isoformat(), "1") for n in (2, 3, 4)
    ]


async def test_once_a_day(watcher: DutyWarnings, desk: Desk, clock: FakeClock) -> None:
    """What is unseen is not told twice; what was seen comes again on the next day."""
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG, "zalo"), "an")])
    assert await watcher.tell(desk.database) == 3
    assert await watcher.tell(desk.database) == 0
    await desk.database.write(lambda c: c.execute(notice.update().values(seen_at=1)))
    assert await watcher.tell(desk.database) == 0
    clock.advance(DAY)

    assert await watcher.tell(desk.database) == 4
    assert len(await told(desk.database)) == 4
    clock.advance(DAY)
    await watcher.tell(desk.database)
    kinds: list[Any] = await told(desk.database)
    assert len(kinds) == len(set(kinds))


async def test_an_outage_is_tried_again(watcher: DutyWarnings, desk: Desk) -> None:
    """A day on which the database was away is not lost."""
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG, "zalo"), "an")])
    away = FaultyDatabase(desk.database)
    away.is_away = True
    with pytest.raises(Exception, match="away"):
        await watcher.tell(away)

    assert await watcher.tell(desk.database) == 3


def test_what_must_be_staffed(tmp_path: Any) -> None:
    """Platforms in use and the telephone, as criterion I.3.b names them."""
    config = parse_config(DOCUMENT, {}, tmp_path)

    assert watched(config.units["thanh-ha"]) == ("zalo", "facebook", "hotline")
