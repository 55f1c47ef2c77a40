"""Are faults of the roster told days ahead, each once, and nothing else?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.staff.roster.model import ANY, Leave, Part, Slot
from scheduler.office_hours import WeeklyHours
from scheduler.roster.book import Book
from scheduler.roster.warnings import Problem, Warned, Watch, warnings
from tests.scheduler.roster.plans import (
    EVERYBODY,
    MONDAY,
    SUNDAY,
    TUESDAY,
    at,
    book,
    shift,
)

HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
WATCH = Watch(HOURS, ("zalo",), frozenset(EVERYBODY), days=1)
SEVEN = at(MONDAY, "07:00")
HALVES = (Part.SANG, Part.CHIEU)


def told(found: Book, watch: Watch = WATCH, clock: str = "07:00") -> list[Warned]:
    """Return the warnings on Monday."""
    return list(warnings(found, at(MONDAY, clock), watch))


def problems(found: Book, watch: Watch = WATCH) -> list[Problem]:
    """Return what is wrong on Monday, in order."""
    return [one.problem for one in told(found, watch)]


def test_a_whole_day_without_a_fault() -> None:
    """Holder and deputy for both halves, everybody reachable: nothing to say."""
    found = book(*(shift(MONDAY, part, "an", "binh") for part in HALVES))

    assert told(found) == []


def test_an_empty_day() -> None:
    """Each half of a working day without anybody is a gap on each channel."""
    watch = Watch(HOURS, ("zalo", "hotline"), frozenset(), days=1)
    expected = [
        Warned(Problem.GAP, Slot(MONDAY, part, channel))
        for part in HALVES
        for channel in ("hotline", "zalo")
    ]

    assert told(book(), watch) == expected


def test_only_the_standby_chain() -> None:
    """Somebody would answer, yet nobody was assigned."""
    assert problems(book(standby=("an",))) == [Problem.STANDBY_ONLY] * 2


def test_a_rest_day_needs_nobody_unless_always() -> None:
    """On Sunday there is no gap; with ``always`` every part must be staffed."""
    sunday = at(SUNDAY, "07:00")
    always = Watch(HOURS, ("zalo",), frozenset(), days=1, always=True)

    assert list(warnings(book(), sunday, WATCH)) == []
    assert [one.slot.part for one in warnings(book(), sunday, always)] == list(Part)
    night = book(shift(SUNDAY, Part.NGOAI_GIO, "an", "binh"))
    covered = Watch(HOURS, ("zalo",), frozenset({"an", "binh"}), days=1, always=True)
    assert list(warnings(night, sunday, covered)) == []


def test_a_public_holiday_needs_nobody() -> None:
    """Before Tết the seventh day ahead may be a holiday: no gap on it."""
    watch = Watch(HOURS, ("zalo",), frozenset(), days=1)

    assert list(warnings(book(), at(MONDAY.replace(day=24), "07:00"), watch)) == []


def test_hours_that_are_not_published() -> None:
    """Weekdays are looked at all the same, and Sunday is not."""
    watch = Watch(WeeklyHours.parse({}), ("zalo",), frozenset(), days=7)
    days = [one.slot.day for one in warnings(book(), SEVEN, watch)]

    assert len(days) == 10
    assert SUNDAY not in days


def test_what_is_over_is_not_told() -> None:
    """At noon the morning is past mending."""
    assert [one.slot.part for one in told(book(), clock="12:00")] == [Part.CHIEU]


def test_leave_that_leaves_a_shift() -> None:
    """The holder on leave is told; with a deputy it is no gap."""
    away = [Leave("an", MONDAY, MONDAY, Part.SANG)]
    found = book(*(shift(MONDAY, p, "an", "binh") for p in HALVES), leave=away)

    assert told(found) == [Warned(Problem.ON_LEAVE, Slot(MONDAY, Part.SANG, ANY), "an")]


def test_a_deputy_on_leave_counts() -> None:
    """The deputy too must be there."""
    away = [Leave("binh", MONDAY, MONDAY, Part.CHIEU)]
    found = book(*(shift(MONDAY, p, "an", "binh") for p in HALVES), leave=away)

    assert told(found) == [
        Warned(Problem.ON_LEAVE, Slot(MONDAY, Part.CHIEU, ANY), "binh")
    ]


def test_leave_in_the_second_half_of_a_night() -> None:
    """A night shift that runs into a day of leave is told."""
    away = [Leave("an", TUESDAY, TUESDAY)]
    night = shift(MONDAY, Part.NGOAI_GIO, "an", "binh")
    watch = Watch(HOURS, (), frozenset(EVERYBODY), days=1)

    assert problems(book(night, leave=away), watch) == [Problem.ON_LEAVE]


def test_everybody_away_is_a_gap_too() -> None:
    """Gap first, then whose leave it is."""
    away = [Leave(one, MONDAY, MONDAY) for one in ("an", "binh")]
    found = book(shift(MONDAY, Part.SANG, "an", "binh", on="zalo"), leave=away)
    watch = Watch(
        WeeklyHours.parse({"t2": ["07:30-11:30"]}), ("zalo",), frozenset(EVERYBODY), 1
    )

    assert problems(found, watch) == [
        Problem.GAP,
        Problem.ON_LEAVE,
        Problem.ON_LEAVE,
    ]


def test_who_left_and_who_has_no_deputy() -> None:
    """Somebody gone is told at each shift; so is a shift without a deputy."""
    found = book(
        shift(MONDAY, Part.SANG, "an", "binh"),
        shift(MONDAY, Part.CHIEU, "binh"),
        active=("binh",),
    )

    assert problems(found) == [Problem.GONE, Problem.NO_DEPUTY]


def test_who_cannot_be_alerted_is_told_once() -> None:
    """A week of shifts gives one line a person; the chain counts as well."""
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    found = book(
        *(shift(day, part, "an", "binh") for day in days for part in HALVES),
        standby=("an", "cuc"),
    )
    watch = Watch(HOURS, ("zalo",), frozenset({"binh"}))
    lost = [
        one.staff_id
        for one in warnings(found, SEVEN, watch)
        if one.problem is Problem.UNREACHABLE
    ]

    assert sorted(lost) == ["an", "cuc"]


def test_a_chain_that_names_somebody_gone() -> None:
    """The standby chain is checked, too."""
    watch = Watch(HOURS, (), frozenset(EVERYBODY), days=1)

    assert problems(book(standby=("an", "left")), watch) == [Problem.GONE]


@pytest.mark.parametrize(("days", "gaps"), [(1, 2), (7, 10), (14, 20)])
def test_how_far_ahead(days: int, gaps: int) -> None:
    """Two halves of each working day."""
    watch = Watch(HOURS, ("zalo",), frozenset(), days)

    assert len(told(book(), watch)) == gaps
