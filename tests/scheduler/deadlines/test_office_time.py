"""Do promised hours run only while somebody is at the desk?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.deadlines.office_time import after_office_hours
from scheduler.moments import LOCAL
from scheduler.office_hours import WeeklyHours

WEEK = {"t2-t6": ["07:30-11:30", "13:30-17:00"], "t7": ["07:30-11:30"]}
HOURS = WeeklyHours.parse(WEEK)
INSTANTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001  the strategy adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001
    timezones=st.just(LOCAL),
)
MINUTES = st.integers(1, 3000)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """Return an instant of November 2026 in the commune."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LOCAL)


def later(at: datetime, minutes: int) -> datetime:
    """Return the instant so many staffed minutes later."""
    found = after_office_hours(HOURS, at, timedelta(minutes=minutes))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("at", "minutes", "expected"),
    [
        (local(23, 8), 60, local(23, 9)),
        (local(23, 10, 30), 60, local(23, 11, 30)),
        (local(23, 11), 60, local(23, 14)),
        (local(23, 12), 60, local(23, 14, 30)),
        (local(20, 16, 30), 60, local(21, 8)),
        (local(21, 11), 60, local(23, 8)),
        (local(23, 16, 30), 60, local(25, 8)),
        (local(23, 7, 30), 450, local(23, 17)),
        (local(23, 7, 30), 451, local(25, 7, 31)),
    ],
)
def test_lunch_saturdays_and_holidays(
    at: datetime, minutes: int, expected: datetime
) -> None:
    """Lunch, nights, Sunday and 24/11 do not count, Saturday morning does."""
    assert expected == later(at, minutes)


@given(INSTANTS, MINUTES, MINUTES)
def test_parts_add_up(at: datetime, first: int, second: int) -> None:
    """So many minutes and then so many more are as many together."""
    assert later(later(at, first), second) == later(at, first + second)


@given(INSTANTS, MINUTES, st.integers(0, 10000))
def test_later_in_later_due(at: datetime, minutes: int, wait: int) -> None:
    """Who comes later is never due earlier, nor ever at once."""
    assert later(at, minutes) <= later(at + timedelta(minutes=wait), minutes)
    assert later(at, minutes) >= at + timedelta(minutes=minutes)


@given(INSTANTS, MINUTES)
def test_it_ends_at_the_desk(at: datetime, minutes: int) -> None:
    """A moment before the end somebody is there."""
    assert HOURS.is_open(later(at, minutes) - timedelta(seconds=1))


def test_an_office_without_hours() -> None:
    """Where no hours are set nothing can be promised."""
    hour = timedelta(hours=1)

    assert after_office_hours(WeeklyHours.parse({}), local(23, 8), hour) is None


def test_a_saturday_worked_for_another_day_has_full_hours() -> None:
    """22/08/2026 was worked for 31/08: the afternoon too; 31/08 was closed."""
    saturday, monday = date(2026, 8, 22), date(2026, 8, 31)

    assert HOURS.spans(saturday) == HOURS.week[0]
    assert HOURS.spans(monday) == ()
