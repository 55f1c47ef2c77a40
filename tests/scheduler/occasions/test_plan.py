"""Are the greetings of a year on the right days and never at night?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml

from scheduler.calendar.year import occasions
from scheduler.errors import BadDataError
from scheduler.moments import LOCAL
from scheduler.occasions.plan import coming, one_of, planned
from scheduler.occasions.rule import Reach, read

TABLE = Path(__file__).with_name("lunar_days.yml")
USUAL = {"at": "06:45", "until": "20:30", "reach": "public"}


@pytest.mark.parametrize("year", range(2026, 2036))
def test_each_occasion_of_a_year_is_greeted_once(year: int) -> None:
    """A year holds exactly its occasions, less those that are made by hand only."""
    found = planned(date(year, 1, 1), date(year, 12, 31))
    expected = {o.code for o in occasions(year)} - {"phat_dan", "vu_lan"}

    assert {one.code for one in found} == expected
    assert len(found) == len(expected)
    assert all(time(6) <= one.due_at.time() < one.ends_at.time() for one in found)
    assert all(one.ends_at.time() < time(22) for one in found)


def test_lunar_days_equal_the_table_of_the_domain() -> None:
    """Every lunar day is the one that the table resolved, and there are enough."""
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    assert len(table) >= 9
    for code, days in table.items():
        for day in days:
            assert one_of(code, date.fromisoformat(day)) is not None, (code, day)


def test_a_draft_is_due_a_week_ahead_and_until_its_last_hour() -> None:
    """Coming greetings begin seven days ahead and end with the day's last hour."""
    tet = date(2027, 2, 6)
    first = datetime.combine(tet - timedelta(days=7), time(0, 0), LOCAL)
    last = datetime.combine(tet, time(20, 29), LOCAL)

    def codes(now: datetime) -> set[str]:
        return {one.code for one in coming(now)}

    assert "tet_nguyen_dan" not in codes(first - timedelta(minutes=1))
    assert "tet_nguyen_dan" in codes(first)
    assert "tet_nguyen_dan" in codes(last)
    assert "tet_nguyen_dan" not in codes(last + timedelta(minutes=1))


def test_a_commune_adds_its_own_day() -> None:
    """A local feast of the lunar calendar is greeted in public by default."""
    own = [{"code": "hoi_lang", "name": "Hội làng", "lunar": "10/02"}]
    found = planned(date(2027, 1, 1), date(2027, 12, 31), own)
    village = next(one for one in found if one.code == "hoi_lang")

    assert village.rule.reach is Reach.PUBLIC
    assert village.day == date(2027, 3, 17)


@pytest.mark.parametrize(
    "record",
    [
        {"at": "05:59"},
        {"until": "22:00"},
        {"at": "20:30"},
        {"reach": "everybody"},
        {"hour": "07:00"},
    ],
)
def test_a_rule_that_reaches_into_the_night_is_refused(record: dict[str, str]) -> None:
    """Bad hours, reaches and keys are refused when the file is read."""
    with pytest.raises(BadDataError):
        read({"defaults": USUAL, "rules": {"x": record}})
