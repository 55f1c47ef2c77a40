"""Are figures what one counts by hand, and are the lists behind them the same rows?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.people.errors import NotAllowedError
from handlers.staff.permissions import Role
from handlers.staff.reports import figures
from handlers.staff.reports.book import Book, load
from handlers.staff.reports.entries import KEYS, Figure, Part, behind, rated
from handlers.staff.reports.errors import BadPeriodError
from handlers.staff.reports.period import Period
from handlers.staff.reports.working import WorkingTime, told
from scheduler.escalation.work_time import USUAL
from tests.handlers.staff.office import StaffOffice
from tests.handlers.staff.reports.made import code, fill, ms

NOVEMBER = Period.parse("2026-11")


async def autumn(office: StaffOffice, since: int, until: int) -> Book:
    """Return the invented autumn as somebody of the leaders reads it."""
    await office.hire("lanh", Role.LEADER)
    desk = office.desk
    await desk.database.write(lambda c: fill(c, desk.ids, desk.unit_id))
    return await load(office.as_("lanh"), WorkingTime(USUAL), since, until)


async def test_a_month_counted_by_hand(staff_office: StaffOffice) -> None:
    """Four came in November, two were answered, one of them in time; sealed: none."""
    book = await autumn(staff_office, NOVEMBER.since, NOVEMBER.until)
    whole = figures.of_book(book)

    assert (whole.received, whole.answered, whole.in_time, whole.late) == (4, 2, 1, 1)
    assert whole.share == 50
    # Case 1: Monday 8:00 to Tuesday 9:00 is 3.5 + 3.5 + 1.5 h; case 2 three days more.
    assert whole.longest == 3 * 450
    assert whole.half == (510 + 3 * 450) // 2
    assert [one.minutes for one in book.firsts] == [30]
    assert [one.code for one in book.open] == [code(4), code(3), code(6)]
    assert [one.code for one in book.overdue] == [code(4)]
    assert [one.code for one in book.due_today] == [code(6)]
    assert [one.code for one in book.waiting] == [code(3)]


async def test_parts_add_up_to_the_whole(staff_office: StaffOffice) -> None:
    """By channel, kind, person: each part's list has as many lines as its figure."""
    book = await autumn(staff_office, NOVEMBER.since, NOVEMBER.until)

    for part in Part:
        groups = figures.grouped(book, KEYS[part])
        assert sum(one.received for one in groups.values()) == len(book.received)
        for value, one in groups.items():
            assert len(behind(book, Figure.RECEIVED, part, value)) == one.received
            assert len(behind(book, Figure.ANSWERED, part, value)) == one.answered
            assert len(behind(book, Figure.IN_TIME, part, value)) == one.in_time
            assert len(behind(book, Figure.LATE, part, value)) == one.late
    by_channel = figures.grouped(book, KEYS[Part.CHANNEL])
    assert {name: one.received for name, one in by_channel.items()} == {
        "zalo": 2,
        "desk": 1,
        "facebook": 1,
    }


async def test_opinions_and_look_ups(staff_office: StaffOffice) -> None:
    """Of November's two answers one was satisfied; two look-ups, both of one code."""
    book = await autumn(staff_office, NOVEMBER.since, NOVEMBER.until)
    mood = figures.opinion(book.ratings)

    assert (mood.total, mood.happy, mood.share, mood.mean) == (2, 1, 50, 3.5)
    assert [one.code for one in rated(book, "happy")] == [code(1)]
    assert [one.counter for one in rated(book, "2")] == ["quay-1"]
    assert figures.fields(book.looked_up, lambda _code: "Hộ tịch") == {"Hộ tịch": 2}


async def test_twelve_weeks(staff_office: StaffOffice) -> None:
    """The present week is last; what is older than twelve weeks is in none."""
    now = staff_office.clock.now_ms()
    since = figures.weeks_since(now)
    book = await autumn(staff_office, since, now + 1)
    weeks = figures.weeks(book)

    assert since == ms("2026-09-07 00:00")
    assert [one.tally.received for one in weeks[-2:]] == [3, 1]
    assert sum(one.tally.received for one in weeks) == 5
    assert [one.tally.share for one in weeks[-2:]] == [50, None]


async def test_an_officer_reads_no_reports(staff_office: StaffOffice) -> None:
    """Reports are for leaders, the head of the office and auditors."""
    await staff_office.hire("an", Role.OFFICER)
    with pytest.raises(NotAllowedError):
        await load(staff_office.as_("an"), WorkingTime(USUAL), 0, 1)


def test_periods() -> None:
    """Months, quarters and years begin and end at local midnight."""
    quarter = Period.parse("2026-Q4")

    assert (NOVEMBER.name, quarter.name) == ("tháng 11/2026", "quý IV/2026")
    assert Period.parse("2026").name == "năm 2026"
    assert NOVEMBER.since == ms("2026-11-01 00:00")
    assert NOVEMBER.until == ms("2026-12-01 00:00")
    assert [one.code for one in quarter.single()] == ["2026-10", "2026-11", "2026-12"]
    assert NOVEMBER.moved(2).code == "2027-01"
    assert quarter.moved(-4).code == "2025-Q4"
    assert NOVEMBER.widened(3) == quarter


@given(st.text(max_size=8))
def test_a_period_is_read_or_refused(text: str) -> None:
    """Nothing else can come of an address."""
    try:
        found = Period.parse(text)
    except BadPeriodError:
        return
    assert Period.parse(found.code) == found
    assert found.since < found.until


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_working_time_adds_up(first: int, second: int, third: int) -> None:
    """A time in two parts is as long as the whole, but for a cut minute."""
    base = ms("2026-11-01 00:00")
    a, b, c = sorted(base + one for one in (first, second, third))
    work = WorkingTime(USUAL)

    assert 0 <= work.minutes(a, c) - work.minutes(a, b) - work.minutes(b, c) <= 1


def test_working_time_in_words() -> None:
    """Nobody reads minutes beyond a day."""
    assert [told(one) for one in (None, 45, 200, 1561)] == [
        "—",
        "45 phút",
        "3 giờ 20 phút",
        "26 giờ",
    ]
