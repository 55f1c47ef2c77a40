"""Is the lunar calendar the Vietnamese one, and does it lead there and back?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.lunar import LunarDate, lunar_month, to_lunar, to_solar
from scheduler.calendar.sky import new_moon, sun_longitude
from scheduler.errors import NoLunarDateError

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))

# DOMAIN.md 3.3: day/month of the lunar year, then its solar days in 2026 to 2035.
TABLE = {
    (23, 12): "10/02 30/01 19/01 06/02 26/01 16/01 04/02 23/01 11/02 31/01",
    (1, 1): "17/02 06/02 26/01 13/02 02/02 23/01 11/02 31/01 19/02 08/02",
    (15, 1): "03/03 20/02 09/02 27/02 16/02 06/02 25/02 14/02 05/03 22/02",
    (10, 3): "26/04 16/04 04/04 23/04 12/04 01/04 19/04 09/04 28/04 17/04",
    (15, 4): "31/05 20/05 09/05 27/05 16/05 04/06 23/05 13/05 01/06 22/05",
    (5, 5): "19/06 09/06 28/05 16/06 05/06 24/06 12/06 01/06 20/06 10/06",
    (15, 7): "27/08 16/08 03/09 24/08 13/08 01/09 20/08 09/08 28/08 18/08",
    (15, 8): "25/09 15/09 03/10 22/09 12/09 01/10 19/09 08/09 26/09 16/09",
}
ROWS = [
    (LunarDate(year - (month == 12), month, day), day_month, year)
    for (day, month), days in TABLE.items()
    for year, day_month in enumerate(days.split(), start=2026)
]


@pytest.mark.parametrize(("lunar", "day_month", "year"), ROWS)
def test_the_known_days_of_2026_to_2035(
    lunar: LunarDate, day_month: str, year: int
) -> None:
    """The feasts fall on the days that DOMAIN.md gives, and back again."""
    day, month = day_month.split("/")
    solar = date(year, int(month), int(day))

    assert to_solar(lunar) == solar
    assert to_lunar(solar) == lunar


@pytest.mark.parametrize(
    ("year", "vietnamese"),
    [
        (1968, date(1968, 1, 29)),
        (1969, date(1969, 2, 16)),
        (1985, date(1985, 1, 21)),
        (2007, date(2007, 2, 17)),
        (2025, date(2025, 1, 29)),
        (2030, date(2030, 2, 2)),
        (2053, date(2053, 2, 18)),
    ],
)
def test_tet_where_it_is_not_the_chinese_new_year(year: int, vietnamese: date) -> None:
    """UTC+7 gives the Vietnamese Tết; the Chinese one is a day or a month later."""
    assert to_solar(LunarDate(year, 1, 1)) == vietnamese


@pytest.mark.parametrize(
    ("year", "month"), [(1984, 0), (2025, 6), (2028, 5), (2031, 3), (2033, 11)]
)
def test_leap_months(year: int, month: int) -> None:
    """2025/6, 2028/5, 2031/3, 2033/11 are leap; Viet Nam had none in 1984."""
    leaps = [number for number in range(1, 13) if _has_leap(year, number)]

    assert leaps == ([month] if month else [])


def _has_leap(year: int, month: int) -> bool:
    try:
        lunar_month(year, month, leap=True)
    except NoLunarDateError:
        return False
    return True


def test_the_long_wait_of_1985() -> None:
    """In 1985 Viet Nam had Tết a month before China, and its leap month was the 2nd."""
    assert to_lunar(date(1985, 2, 20)) == LunarDate(1985, 2, 1)
    assert to_lunar(date(1985, 3, 21)) == LunarDate(1985, 2, 1, leap=True)


@given(DAYS)
def test_there_and_back(day: date) -> None:
    """Every day of 1900 to 2199 has one lunar date, which leads back to it."""
    assert to_solar(to_lunar(day)) == day


@given(DAYS.filter(lambda day: day < date(2199, 12, 31)))
def test_the_next_day_is_the_next(day: date) -> None:
    """A day later is the next of the month, or the first of the next one."""
    now, then = to_lunar(day), to_lunar(day + timedelta(days=1))

    if then.day == 1:
        assert now.day in (29, 30)
        assert (then.month, then.leap) in (
            (now.month % 12 + 1, False),
            (now.month, True),
        )
    else:
        assert then == LunarDate(now.year, now.month, now.day + 1, now.leap)


@given(DAYS)
def test_later_days_have_later_lunar_dates(day: date) -> None:
    """The order of days is kept: by year, month, leap after plain, and day."""
    later = min(day + timedelta(days=40), date(2199, 12, 31))

    def key(lunar: LunarDate) -> tuple[int, int, bool, int]:
        return (lunar.year, lunar.month, lunar.leap, lunar.day)

    assert key(to_lunar(day)) <= key(to_lunar(later))


@given(st.integers(1900, 2198))
def test_the_solstice_lies_in_month_eleven(year: int) -> None:
    """The sun passes 270 degrees within month 11 of every year."""
    month = lunar_month(year, 11)
    start = month.start.toordinal() + 1721424.5 - 7 / 24

    assert sun_longitude(start) < 270 <= sun_longitude(start + month.length)


@given(st.integers(-1236, 2472))
def test_new_moons_follow_each_other(number: int) -> None:
    """From one new moon to the next it is 29.2 to 29.9 days."""
    assert 29.2 < new_moon(number + 1) - new_moon(number) < 29.9


@pytest.mark.parametrize(
    "lunar",
    [
        LunarDate(2026, 6, 1, leap=True),
        LunarDate(2026, 1, 31),
        LunarDate(2026, 1, 0),
        LunarDate(2026, 13, 1),
        LunarDate(1800, 1, 1),
        LunarDate(2199, 12, 29),
        LunarDate(1899, 11, 1),
    ],
)
def test_days_that_do_not_exist(lunar: LunarDate) -> None:
    """A leap month that the year lacks, a 31st or a year too far is an error."""
    with pytest.raises(NoLunarDateError):
        to_solar(lunar)


@pytest.mark.parametrize("day", [date(1899, 12, 31), date(2200, 1, 1)])
def test_years_too_far(day: date) -> None:
    """Outside 1900 to 2199 nothing is promised."""
    with pytest.raises(NoLunarDateError):
        to_lunar(day)


def test_how_a_lunar_date_is_told() -> None:
    """A leap month is named."""
    assert str(LunarDate(2025, 6, 3, leap=True)) == "3/6 nhuận/2025"
