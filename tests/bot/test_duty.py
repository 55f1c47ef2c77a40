"""Does the board in memory follow the roster, the day and the people?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import parse_config
from bot.duty import DutyBoard
from bot.services import load_services
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.departure import leave as depart
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile
from handlers.staff.permissions import Role
from handlers.staff.roster import leave
from handlers.staff.roster.model import Leave, Part, Shift, Slot, local_date
from handlers.staff.roster.shifts import set_shifts, set_standby
from scheduler.office_hours import WeeklyHours
from storage.database import Database
from storage.errors import StorageUnavailableError
from storage.ids import Ids
from storage.keys import KeyRing
from tests.bot.support import UNIT as SERVED
from tests.bot.support import FaultyDatabase, document, platforms
from tests.bot.test_services import BIRTH, catalogue
from tests.conftest import START, FakeClock
from tests.storage.rows import UNIT

HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
TODAY = local_date(START)
DAY = timedelta(days=1)


@pytest.fixture
def desk(database: Database, ring: KeyRing, ids: Ids, clock: FakeClock) -> Desk:
    """The operator of the unit."""
    return Desk(database, UNIT, ring.unit(UNIT), ids, clock.now_ms)


@pytest.fixture
async def board(desk: Desk, clock: FakeClock) -> DutyBoard:
    """A board over two people: An may be named, Bình not."""
    an = NewMember("an", Profile("Nguyễn Thị An", "Công chức", "0220 111"))
    await add(desk, replace(an, is_public=True))
    await add(desk, NewMember("binh", Profile("Trần Văn Bình", "", "0220 222")))
    made = DutyBoard(UNIT, desk.keys, clock, HOURS)
    assert await made.refresh(desk.database) is True
    return made


async def test_an_empty_board_is_a_gap(desk: Desk, clock: FakeClock) -> None:
    """Before anything was read, and with nothing written, nobody is on duty."""
    made = DutyBoard(UNIT, desk.keys, clock, HOURS)

    assert made.on_duty(START, "zalo") is None
    await made.refresh(desk.database)
    assert made.on_duty(START, "zalo") is None


async def test_a_shift_is_known_after_one_look(board: DutyBoard, desk: Desk) -> None:
    """A change is read once; then nothing is read until the next."""
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG, "zalo"), "an", "binh")])
    assert board.on_duty(START, "zalo") is None

    assert await board.refresh(desk.database) is True
    assert await board.refresh(desk.database) is False
    found = board.on_duty(START, "zalo")
    assert found is not None
    assert (found.staff_id, found.name, found.title) == (
        "an",
        "Nguyễn Thị An",
        "Công chức",
    )
    assert (found.phone, found.is_shift) == ("0220 111", True)
    assert found.until.hour == 12
    assert board.on_duty(START, "facebook") is None


async def test_who_is_not_public_is_not_named(board: DutyBoard, desk: Desk) -> None:
    """Neither name nor own number; the number of the shift is published by itself."""
    slot = Slot(TODAY, Part.SANG, "zalo")
    await set_shifts(desk, [Shift(slot, "binh")])
    await board.refresh(desk.database)
    found = board.on_duty(START, "zalo")
    assert found is not None
    assert (found.staff_id, found.name, found.title, found.phone) == (
        "binh",
        "",
        "",
        "",
    )
    await set_shifts(desk, [Shift(slot, "binh", phone="0220 999")])
    await board.refresh(desk.database)
    again = board.on_duty(START, "zalo")

    assert again is not None
    assert again.phone == "0220 999"


async def test_leave_and_departure_are_followed(board: DutyBoard, desk: Desk) -> None:
    """Holder on leave: the deputy; the deputy gone: the standby chain."""
    await add(desk, NewMember("cuc", Profile("Lê Thị Cúc"), frozenset({Role.HEAD})))
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG), "an", "binh")])
    await set_standby(desk, ["cuc"])
    await leave.record(desk, Leave("an", TODAY, TODAY))
    await board.refresh(desk.database)
    assert getattr(board.on_duty(START, "zalo"), "staff_id", "") == "binh"
    await depart(desk, "binh")
    await board.refresh(desk.database)
    found = board.on_duty(START, "zalo")

    assert found is not None
    assert (found.staff_id, found.is_shift) == ("cuc", False)


async def test_a_new_day_is_read_without_a_change(
    board: DutyBoard, desk: Desk, clock: FakeClock
) -> None:
    """The days ahead come into memory as days go by."""
    later = TODAY + 4 * DAY
    await set_shifts(desk, [Shift(Slot(later, Part.SANG), "an")])
    await board.refresh(desk.database)
    assert board.on_duty(START + 4 * DAY, "zalo") is None
    clock.advance(4 * DAY)

    assert await board.refresh(desk.database) is True
    assert board.on_duty(clock.now(), "zalo") is not None


async def test_tomorrow_and_last_night_are_held(board: DutyBoard, desk: Desk) -> None:
    """Tomorrow can be asked about; before morning last night's shift still holds."""
    slots = [Slot(TODAY, Part.NGOAI_GIO), Slot(TODAY + DAY, Part.TOI)]
    await set_shifts(desk, [Shift(slot, "an") for slot in slots])
    await board.refresh(desk.database)
    five_tomorrow = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)

    assert board.on_duty(five_tomorrow, "zalo") is not None
    assert board.on_duty(START + DAY + timedelta(hours=11), "zalo") is not None
    assert board.on_duty(START + 30 * DAY, "zalo") is None


async def test_an_outage_keeps_what_is_held(board: DutyBoard, desk: Desk) -> None:
    """While the database is away the last roster goes on answering."""
    await set_shifts(desk, [Shift(Slot(TODAY, Part.SANG), "an")])
    await board.refresh(desk.database)
    away = FaultyDatabase(desk.database)
    away.is_away = True

    with pytest.raises(StorageUnavailableError):
        await board.refresh(away)
    assert board.on_duty(START, "zalo") is not None


async def test_the_services_of_a_unit_ask_the_board(
    desk: Desk, ring: KeyRing, clock: FakeClock, ids: Ids, tmp_path: Path
) -> None:
    """A shift written while the service runs is known; no services are made anew."""
    await catalogue(desk.database, ids, clock, BIRTH)
    raw = document(platforms(), "http://127.0.0.1:9")
    config = parse_config(raw, {}, tmp_path)
    unit = (await load_services(config, desk.database, clock, ring))[SERVED]
    mine = replace(desk, unit_id=SERVED, keys=ring.unit(SERVED))
    await add(mine, NewMember("an", Profile("Nguyễn Thị An")))
    await set_shifts(mine, [Shift(Slot(TODAY, Part.SANG), "an")])
    before = unit.services

    assert await unit.refresh(desk.database) is False
    assert unit.services is before
    assert before.roster is not None
    found = before.roster.on_duty(START, "zalo")
    assert found is not None
    assert found.staff_id == "an"
