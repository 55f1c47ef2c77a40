"""Does the adapter hand the law's dates to cases, as instants, and refuse the rest?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.config import Unit
from bot.deadlines import deadlines_of
from handlers.cases.case import Pause
from handlers.cases.errors import DeadlineRefusedError
from handlers.cases.ports import Deadlines
from scheduler.office_hours import WeeklyHours
from tests.bot.support import document, platforms

EVENING = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
"""21:30 on Wednesday in the commune, outside office hours."""
HOURS = {"t2-t6": ["07:30-11:30", "13:30-17:00"]}


def made(**unit: object) -> Deadlines:
    """Return the deadlines of a unit with these settings."""
    channels = document(platforms(), "http://127.0.0.1:9")["units"]["thanh-ha"]
    settings = Unit.model_validate(channels | {"office_hours": HOURS} | unit)
    return deadlines_of(settings, WeeklyHours.parse(settings.office_hours))


def test_days_of_the_law_end_with_the_local_day() -> None:
    """Five working days from a Wednesday night; due until 24:00 in the commune."""
    due = made().due("phan_anh_chuyen", EVENING)

    assert due.date == date(2026, 12, 2)
    assert due.at == datetime(2026, 12, 2, 17, 0, tzinfo=UTC)
    assert due.is_law


def test_a_promise_in_hours_is_due_at_its_instant() -> None:
    """One office hour after an evening message is 08:30 of the next morning."""
    due = made().due("phan_anh_tra_loi", EVENING, goal="acknowledge")

    assert due.at == datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
    assert not due.is_law


def test_without_office_hours_an_hour_becomes_a_day() -> None:
    """A unit that published no hours is not held to one of them."""
    due = made(office_hours={}).due("hua_ho_tro", EVENING, goal="acknowledge")

    assert due.date == date(2026, 11, 25)
    assert due.at == datetime(2026, 11, 25, 17, 0, tzinfo=UTC)


def test_a_day_off_of_the_unit_moves_the_day() -> None:
    """What the commune announces counts as the country's days off do."""
    due = made(days_off=["2026-11-27"]).due("phan_anh_chuyen", EVENING)

    assert due.date == date(2026, 12, 3)


def test_extensions_and_pauses_reach_the_rule() -> None:
    """Five more days; days of a pause left out; no date while it lasts."""
    deadlines = made()
    longer = deadlines.due("hua_kien_nghi", EVENING, ["gia_han"])
    assert longer.date == date(2026, 12, 16)
    stop = Pause("hua_kien_nghi", "cho_bo_sung", date(2026, 11, 26))
    stopped = deadlines.due("hua_kien_nghi", EVENING, pauses=[stop])
    assert (stopped.date, stopped.at) == (None, None)
    ended = Pause("hua_kien_nghi", "cho_bo_sung", stop.start, date(2026, 11, 30))
    resumed = deadlines.due("hua_kien_nghi", EVENING, pauses=[ended])
    assert resumed.date == date(2026, 12, 11)


@pytest.mark.parametrize(
    ("rule", "extensions", "goal"),
    [
        ("khong_co", [], ""),
        ("phan_anh_chuyen", ["gia_han"], ""),
        ("phan_anh_chuyen", [], "acknowledge"),
    ],
)
def test_what_no_rule_allows_is_refused_in_vietnamese(
    rule: str, extensions: list[str], goal: str
) -> None:
    """Unknown rules, extensions and steps are one error of cases with a hint."""
    with pytest.raises(DeadlineRefusedError) as caught:
        made().due(rule, EVENING, extensions, goal=goal)

    assert caught.value.hint


def test_a_day_before_the_law_is_refused() -> None:
    """A rule not yet in force on the day of receipt gives no date."""
    with pytest.raises(DeadlineRefusedError):
        made().due("dlcn_xoa", datetime(2025, 6, 1, tzinfo=UTC))
