"""Do working days add up, whatever the day and however many?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.coverage import coverage
from scheduler.calendar.holidays import Why
from scheduler.calendar.shipped import read, shipped
from scheduler.calendar.working_days import WorkCalendar
from scheduler.errors import NoWorkingDayError

COUNTRY = WorkCalendar(shipped())
DAYS = st.dates(date(2024, 1, 1), date(2045, 12, 31))
NUMBERS = st.integers(0, 130)
OWN = st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=12)


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Return a calendar with days off and worked days of a commune's own."""
    return WorkCalendar(shipped(), draw(OWN), draw(OWN))


@given(calendars(), DAYS, NUMBERS)
def test_adding_then_counting(calendar: WorkCalendar, day: date, number: int) -> None:
    """From a day to its n-th working day there are n working days."""
    assert calendar.count(day, calendar.add(day, number)) == number


@given(calendars(), DAYS, NUMBERS)
def test_back_and_counting(calendar: WorkCalendar, day: date, number: int) -> None:
    """Counting back is the same the other way round."""
    assert calendar.count(day, calendar.add(day, -number)) == -number


@given(calendars(), DAYS, st.integers(1, 60))
def test_the_nth_day_is_worked_and_the_first_such(
    calendar: WorkCalendar, day: date, number: int
) -> None:
    """The n-th working day is a working day and no earlier day counts as many."""
    found = calendar.add(day, number)

    assert calendar.is_working(found)
    assert calendar.count(day, found - timedelta(days=1)) == number - 1


@given(calendars(), DAYS, st.integers(0, 40), NUMBERS)
def test_later_in_later_out(
    calendar: WorkCalendar, day: date, days: int, number: int
) -> None:
    """Who comes later is never due earlier, and more days are never fewer."""
    later = day + timedelta(days=days)

    assert calendar.add(day, number) <= calendar.add(later, number)
    assert calendar.add(day, number) < calendar.add(day, number + 1)


@given(calendars(), DAYS)
def test_rolling(calendar: WorkCalendar, day: date) -> None:
    """Rolling gives the first working day from a day on, and rolling twice the same."""
    found = calendar.roll(day)
    between = range((found - day).days)

    assert calendar.is_working(found)
    assert not any(calendar.is_working(day + timedelta(days=n)) for n in between)
    assert calendar.roll(found) == found


@given(DAYS)
def test_a_day_off_has_a_reason_or_is_a_weekend(day: date) -> None:
    """Whatever is not worked is a weekend or names why."""
    if COUNTRY.is_working(day):
        assert COUNTRY.day_off(day) is None
    else:
        assert day.weekday() >= 5 or COUNTRY.day_off(day) is not None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),
        ("2026-11-28", False),
        ("2026-08-22", True),
        ("2026-08-23", False),
        ("2026-08-31", False),
        ("2026-02-20", False),
        ("2026-02-23", True),
    ],
)
def test_days_of_2026(day: str, *, expected: bool) -> None:
    """Holidays, weekends, a worked Saturday and plain days."""
    assert COUNTRY.is_working(date.fromisoformat(day)) is expected


def test_what_the_commune_says_beats_the_country() -> None:
    """Own days off are off and say so; own working days beat both."""
    tuesday, wednesday = date(2026, 11, 24), date(2026, 11, 25)
    own = WorkCalendar(shipped(), frozenset({tuesday, wednesday}), frozenset({tuesday}))
    found = own.day_off(wednesday)

    assert own.is_working(tuesday)
    assert own.day_off(tuesday) is None
    assert found is not None
    assert found.why is Why.OWN


def test_an_office_that_never_works() -> None:
    """Months without a working day are a mistake, not a search without end."""
    first = date(2026, 3, 1)
    closed = frozenset(first + timedelta(days=n) for n in range(100))

    with pytest.raises(NoWorkingDayError):
        WorkCalendar(shipped(), closed).add(first, 1)


def test_the_next_sixty_days_are_known() -> None:
    """In March 2026 everything stands on the notice."""
    found = coverage(COUNTRY, date(2026, 3, 1))

    assert found.is_complete
    assert found.warnings() == ()
    assert found.last == date(2026, 4, 30)


def test_the_next_sixty_days_are_not_known() -> None:
    """In November 2026 a swap is open and the notice of 2027 is missing."""
    found = coverage(COUNTRY, date(2026, 11, 20))

    assert not found.is_complete
    assert found.years == (2027,)
    assert [swap.rest for swap in found.swaps] == [date(2026, 11, 23)]
    assert len(found.warnings()) == 2
    assert "2027" in found.warnings()[0]
    assert "23/11/2026, làm bù ngày 28/11/2026" in found.warnings()[1]


def test_a_commune_that_decided_is_not_asked_again() -> None:
    """Once 23/11 stands in its own lists, the swap is no question any more."""
    for days_off, working in (
        ({date(2026, 11, 23)}, set()),
        (set(), {date(2026, 11, 23)}),
    ):
        own = WorkCalendar(shipped(), frozenset(days_off), frozenset(working))
        assert coverage(own, date(2026, 11, 20)).swaps == ()


def test_an_open_day_off_without_a_day_worked_for_it() -> None:
    """A swap may name no working day; the sentence then names none."""
    holidays = read({"swaps": [{"rest": "2026-12-31", "source": "dự kiến"}]})
    found = coverage(WorkCalendar(holidays), date(2026, 12, 1), 30)

    (warning,) = found.warnings()
    assert warning.startswith("Chưa xác nhận việc nghỉ ngày 31/12/2026 (dự kiến):")
