"""Are monthly results kept in the log: the last counts, all stay, none is half true?"""

from __future__ import annotations

import pytest

from handlers.staff.people.errors import NotAllowedError
from handlers.staff.permissions import Role
from handlers.staff.reports import online
from handlers.staff.reports.errors import (
    BadNumbersError,
    BadPeriodError,
    StaleNumbersError,
)
from handlers.staff.reports.online import Numbers
from handlers.staff.reports.period import Period
from tests.handlers.staff.office import StaffOffice

OCTOBER = Period.parse("2026-10")


async def test_the_last_entry_counts_and_all_are_proven(
    staff_office: StaffOffice,
) -> None:
    """A correction replaces; a quarter adds up; the log holds both entries."""
    await staff_office.hire("chanh", Role.HEAD)
    desk = staff_office.as_("chanh")
    await online.record(desk, OCTOBER, Numbers(100, 70, 90, 88), 0)
    await online.record(desk, OCTOBER, Numbers(120, 90, 110, 110), 1)
    await online.record(desk, Period.parse("2026-11"), Numbers(80, 60, 90, 80), 0)
    sheet = await online.read(desk, Period.parse("2026-Q4"))

    assert sheet.total == Numbers(200, 150, 200, 190)
    assert [one.version for one in sheet.months] == [2, 1, 0]
    assert sheet.months[0].by == "chanh"
    assert (await staff_office.tags()).count("staff:online_result:recorded") == 3
    with pytest.raises(StaleNumbersError):
        await online.record(desk, OCTOBER, Numbers(1, 1, 1, 1), 1)


async def test_what_cannot_be_is_refused(staff_office: StaffOffice) -> None:
    """More online than received, a month to come, a quarter; nothing is written."""
    await staff_office.hire("chanh", Role.HEAD)
    desk = staff_office.as_("chanh")
    for numbers in (
        Numbers(1, 2, 0, 0),
        Numbers(1, 1, 1, 2),
        Numbers(-1, -1, 0, 0),
        Numbers(10**7, 0, 0, 0),
    ):
        with pytest.raises(BadNumbersError):
            await online.record(desk, OCTOBER, numbers, 0)
    for period in ("2026-12", "2026-Q3"):
        with pytest.raises(BadPeriodError):
            await online.record(desk, Period.parse(period), Numbers(1, 1, 1, 1), 0)
    for place in ("board", "wall"):
        with pytest.raises(BadNumbersError):
            await online.publish(desk, OCTOBER, place)
    assert "staff:online_result:recorded" not in await staff_office.tags()


async def test_publishing_is_written_down(staff_office: StaffOffice) -> None:
    """Where, when and by whom; only the head of the office may."""
    await staff_office.hire("chanh", Role.HEAD)
    await staff_office.hire("lanh", Role.LEADER)
    desk = staff_office.as_("chanh")
    await online.record(desk, OCTOBER, Numbers(100, 70, 90, 88), 0)
    await online.publish(desk, OCTOBER, "board")
    (found,) = (await online.read(desk, OCTOBER)).published

    assert (found.place, found.by) == ("board", "chanh")
    with pytest.raises(NotAllowedError):
        await online.publish(staff_office.as_("lanh"), OCTOBER, "board")
