"""Are the days off those of the law, of the notices and of the swaps?"""

from __future__ import annotations

from datetime import date, timedelta

import holidays as library
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.holidays import DayOff, Holidays, Why
from scheduler.calendar.shipped import read, shipped
from scheduler.errors import BadDataError

OFF_2026 = {
    "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18",
    "2026-02-19", "2026-02-20", "2026-04-26", "2026-04-27", "2026-04-30",
    "2026-05-01", "2026-08-31", "2026-09-01", "2026-09-02", "2026-11-24",
}  # fmt: skip
YEARS = st.integers(2021, 2199)


def test_the_year_2026() -> None:
    """The notice of 2026: Tết 16-20/02, 27/04 in lieu, two swaps, 24/11."""
    assert {day.isoformat() for day in shipped().year(2026)} == OFF_2026
    assert shipped().worked_days(2026) == (date(2026, 1, 10), date(2026, 8, 22))
    assert shipped().is_confirmed(2026)


@pytest.mark.parametrize(
    ("day", "why", "code"),
    [
        ("2026-02-17", Why.HOLIDAY, "tet_nguyen_dan"),
        ("2026-04-27", Why.IN_LIEU, "gio_to"),
        ("2026-08-31", Why.SWAPPED, "hoan_doi"),
        ("2026-09-01", Why.HOLIDAY, "quoc_khanh"),
    ],
)
def test_why_a_day_is_off(day: str, why: Why, code: str) -> None:
    """Each day off names its reason, and the text it stands on."""
    found = shipped().day_off(date.fromisoformat(day))

    assert found is not None
    assert (found.why, found.code) == (why, code)
    assert found.source


def test_a_swap_that_nobody_confirmed_is_not_applied() -> None:
    """Monday 23/11/2026 is worked, Saturday 28/11 is not; the swap is known to wait."""
    pending = shipped().pending(date(2026, 11, 25), date(2026, 12, 1))

    assert shipped().day_off(date(2026, 11, 23)) is None
    assert not shipped().is_worked(date(2026, 11, 28))
    assert [swap.rest for swap in pending] == [date(2026, 11, 23)]
    assert shipped().pending(date(2026, 12, 1), date(2026, 12, 31)) == ()


def test_the_culture_day_begins_in_2026() -> None:
    """24/11 is off from 2026 on, not before."""
    assert shipped().day_off(date(2025, 11, 24)) is None
    assert shipped().day_off(date(2026, 11, 24)) is not None
    assert shipped().day_off(date(2030, 11, 25)) is not None  # Sunday, in lieu


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_library_knows_the_same_days(year: int) -> None:
    """Confirmed years equal ``holidays``, which misses one swap and one rest day."""
    theirs = set(library.country_holidays("VN", years=year))
    ours = set(shipped().year(year))
    known = {date(2026, 1, 2), date(2025, 2, 1)}

    assert (ours ^ theirs) - known == set()


@pytest.mark.parametrize("year", range(2027, 2036))
def test_outside_tet_the_library_agrees_for_years_to_come(year: int) -> None:
    """Days in lieu and the second day of 2/9 come out the same; Tết is a notice's."""
    theirs = set(library.country_holidays("VN", years=year))
    ours = set(shipped().year(year))

    assert {day for day in ours ^ theirs if day.month > 2} == set()


@given(YEARS)
def test_every_year_has_its_days(year: int) -> None:
    """Eleven days (twelve with 24/11) of which each at a weekend has one in lieu."""
    offs = shipped().year(year).values()
    paid = [off for off in offs if off.why is Why.HOLIDAY]
    lieu = [off for off in offs if off.why is Why.IN_LIEU]

    assert len(paid) == 11 + (year >= 2026)
    assert len(lieu) == sum(off.day.weekday() >= 5 for off in paid)
    assert all(off.day.weekday() < 5 for off in lieu)


@given(YEARS)
def test_a_day_in_lieu_comes_after_its_holiday(year: int) -> None:
    """Between a holiday at a weekend and its day in lieu nobody works."""
    offs = shipped().year(year)
    for off in offs.values():
        if off.why is Why.IN_LIEU:
            day = off.day - timedelta(days=1)
            while day.weekday() >= 5 or day in offs:
                if _is_its_holiday(offs.get(day), off):
                    break
                day -= timedelta(days=1)
            else:
                pytest.fail(off.day.isoformat())


def _is_its_holiday(found: DayOff | None, lieu: DayOff) -> bool:
    return found is not None and found.why is Why.HOLIDAY and found.code == lieu.code


def own(**facts: object) -> Holidays:
    """Return the shipped holidays with a commune's facts over them."""
    return read(facts)


def test_a_notice_of_the_commune_settles_a_year() -> None:
    """A notice for 2027 replaces what the rule supposed, and counts as confirmed."""
    days = ["2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09", "2027-02-10"]
    found = own(
        notices=[
            {"year": 2027, "confirmed": True, "dates": {"tet_nguyen_dan": days}},
        ]
    )

    february = [day.isoformat() for day in found.year(2027) if day.month == 2]
    assert february == days
    assert found.is_confirmed(2027)
    assert not shipped().is_confirmed(2027)


def test_a_swap_of_the_commune_replaces_the_open_one() -> None:
    """The same rest day, confirmed: off, worked, and nothing waits any more."""
    swap = {"rest": "2026-11-23", "worked": "2026-11-28", "confirmed": True}
    found = own(swaps=[swap])

    assert found.day_off(date(2026, 11, 23)) is not None
    assert found.is_worked(date(2026, 11, 28))
    assert found.pending(date(2026, 11, 1), date(2026, 11, 30)) == ()


@pytest.mark.parametrize(
    "facts",
    [
        {"notices": {}},
        {"notices": [{"year": "2027"}]},
        {"notices": [{"year": 2027, "dates": []}]},
        {"notices": [{"year": 2027, "dates": {"tet": ["2027-02-05"]}}]},
        {"notices": [{"year": 2027, "dates": {"gio_to": []}}]},
        {"notices": [{"year": 2027, "dates": {"gio_to": ["2026-04-16"]}}]},
        {"notices": [{"year": 2027, "ngay": []}]},
        {"swaps": [{"rest": "23-11"}]},
        {"swaps": ["2026-11-23"]},
        {"swaps": [{"rest": "2026-11-23", "worked": "mai"}]},
    ],
)
def test_facts_that_cannot_be_read(facts: dict[str, object]) -> None:
    """A wrong date, year, code or key is an error that names its entry."""
    with pytest.raises(BadDataError):
        read(facts)
