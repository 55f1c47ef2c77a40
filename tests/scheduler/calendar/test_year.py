"""Does a year list its occasions on the right days, each once?"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.calendar.feast import Feast
from scheduler.calendar.lunar import to_lunar
from scheduler.calendar.year import Tone, occasions
from scheduler.errors import BadDataError, BadYearError, NoLunarDateError

OWN = {"code": "le_hoi_lang", "name": "Lễ hội làng", "lunar": "12/02"}


@given(st.integers(1900, 2199))
def test_each_occasion_once_a_year_and_in_order(year: int) -> None:
    """Thirty-seven of them (24/11 only from 2026 on), sorted, all in that year."""
    found = occasions(year)
    counts = Counter(one.code for one in found)

    assert len(found) == 36 + (year >= 2026)
    assert set(counts.values()) == {1}
    assert [one.date for one in found] == sorted(one.date for one in found)
    assert {one.date.year for one in found} == {year}


@given(st.integers(1900, 2199))
def test_new_years_eve_is_the_day_before_tet(year: int) -> None:
    """Giao thừa is the 29th or 30th of the last month, Tết the next day."""
    by_code = {one.code: one.date for one in occasions(year)}
    eve, tet = by_code["giao_thua"], by_code["tet_nguyen_dan"]

    assert (tet - eve).days == 1
    assert to_lunar(tet).day == to_lunar(tet).month == 1
    if eve.year == year:
        assert to_lunar(eve).day in (29, 30)


@pytest.mark.parametrize(
    ("code", "day", "day_off"),
    [
        ("giao_thua", "2026-02-16", True),
        ("tet_nguyen_dan", "2026-02-17", True),
        ("ong_cong_ong_tao", "2026-02-10", False),
        ("gio_to", "2026-04-26", True),
        ("trung_thu", "2026-09-25", False),
        ("quoc_khanh", "2026-09-02", True),
        ("van_hoa_viet_nam", "2026-11-24", True),
        ("nha_giao", "2026-11-20", False),
    ],
)
def test_days_of_2026(code: str, day: str, *, day_off: bool) -> None:
    """Lunar and solar days, days off and plain ones."""
    (found,) = (one for one in occasions(2026) if one.code == code)

    assert (found.date.isoformat(), found.day_off) == (day, day_off)
    assert found.name


def test_some_days_are_no_festivals() -> None:
    """27/07 is for thanks, Giỗ Tổ for remembrance; from memory means not verified."""
    by_code = {one.code: one.observance for one in occasions(2026)}

    assert by_code["thuong_binh_liet_si"].tone is Tone.THANK
    assert by_code["gio_to"].tone is Tone.MOURN
    assert not by_code["nha_giao"].verified
    assert by_code["gio_to"].verified


def test_a_commune_adds_and_replaces() -> None:
    """Its own day joins the list; one with a shipped code takes that place."""
    renamed = {"code": "phap_luat", "name": "Ngày Pháp luật xã", "solar": "08/11"}
    found = {one.code: one for one in occasions(2026, [OWN, renamed])}

    assert found["le_hoi_lang"].date == date(2026, 3, 30)
    assert found["phap_luat"].date == date(2026, 11, 8)
    assert found["phap_luat"].name == "Ngày Pháp luật xã"
    assert len(found) == 38


@pytest.mark.parametrize("year", [1899, 2200, 0])
def test_years_too_far(year: int) -> None:
    """Only 1900 to 2199 can be listed."""
    with pytest.raises(BadYearError):
        occasions(year)


@pytest.mark.parametrize(
    "record",
    [
        {"code": "a", "name": "A"},
        {"name": "A", "solar": "01/01"},
        {"code": "a", "name": "A", "solar": "29/02"},
        {"code": "a", "name": "A", "solar": "1/1"},
        {"code": "a", "name": "A", "lunar": "30/01"},
        {"code": "a", "name": "A", "lunar": "01/01", "solar": "01/01"},
        {"code": "a", "name": "A", "solar": "01/01", "tone": "vui"},
        {"code": "a", "name": "A", "solar": "01/01", "since": "nay"},
        {"code": "a", "name": "A", "solar": "01/01", "mau": "do"},
        "ngày hội",
    ],
)
def test_records_that_cannot_be_read(record: Any) -> None:
    """A day that some years lack, an unknown tone or key is an error."""
    with pytest.raises(BadDataError):
        occasions(2026, [record])


def test_a_feast_late_in_the_lunar_year() -> None:
    """The 20th of month 11 falls in a solar year once, twice or not at all."""
    feast = Feast(20, 11, is_lunar=True)
    days = [feast.days_in(year) for year in range(1901, 2199)]

    assert {len(some) for some in days} == {0, 1, 2}
    for some in days:
        assert all((to_lunar(day).day, to_lunar(day).month) == (20, 11) for day in some)


def test_a_feast_that_a_year_lacks() -> None:
    """Asking for the one day of such a year is an error."""
    feast = Feast(20, 11, is_lunar=True)
    year = next(y for y in range(2000, 2100) if not feast.days_in(y))

    with pytest.raises(NoLunarDateError):
        feast.on(year)
