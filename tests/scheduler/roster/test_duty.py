"""Is there always somebody on duty or an explicit gap, and never somebody away?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.roster.model import ANY, Leave, Part, Plan, Shift, Slot
from scheduler.roster.book import Book
from scheduler.roster.duty import Duty, Gap, How, Why, on_duty
from scheduler.roster.times import end, part_at
from tests.scheduler.roster.plans import (
    EVERYBODY,
    MONDAY,
    SUNDAY,
    TUESDAY,
    at,
    book,
    shift,
)

NINE = at(MONDAY, "09:00")


def who(
    found: Book, when: datetime = NINE, channel: str = "zalo", field: str = ANY
) -> str:
    """Return who answers while the office is open, "" for a gap."""
    duty = on_duty(found, when, channel, field, is_open=True)
    return duty.staff_id if isinstance(duty, Duty) else ""


def test_the_holder_answers() -> None:
    """With nobody away the holder of the shift is on duty until the part ends."""
    mine = shift(MONDAY, Part.SANG, "an", "binh")
    found = on_duty(book(mine), NINE, "zalo", is_open=True)

    assert found == Duty("an", How.HOLDER, mine, at(MONDAY, "12:00"))


def test_the_deputy_stands_in() -> None:
    """While the holder is on leave the deputy answers."""
    away = [Leave("an", MONDAY, MONDAY)]
    found = on_duty(
        book(shift(MONDAY, Part.SANG, "an", "binh"), leave=away),
        NINE,
        "zalo",
        is_open=True,
    )

    assert isinstance(found, Duty)
    assert (found.staff_id, found.how) == ("binh", How.DEPUTY)


def test_then_the_standby_chain() -> None:
    """With holder and deputy away the first of the chain who can answers."""
    away = [Leave(one, MONDAY, MONDAY) for one in ("an", "binh", "cuc")]
    chain = book(
        shift(MONDAY, Part.SANG, "an", "binh"), leave=away, standby=("cuc", "dung")
    )
    found = on_duty(chain, NINE, "zalo", is_open=True)

    assert found == Duty("dung", How.STANDBY, None, at(MONDAY, "12:00"))


def test_a_gap_says_why() -> None:
    """Nothing written down and everybody away are different faults."""
    empty = on_duty(book(), NINE, "zalo", is_open=True)
    away = book(shift(MONDAY, Part.SANG, "an"), leave=[Leave("an", MONDAY, TUESDAY)])
    nobody = on_duty(away, NINE, "zalo", is_open=True)

    assert empty == Gap(Why.NO_SHIFT, at(MONDAY, "12:00"))
    assert nobody == Gap(Why.ALL_AWAY, at(MONDAY, "12:00"))


def test_who_left_is_passed_over() -> None:
    """A shift of somebody who no longer works here goes to the deputy."""
    found = book(shift(MONDAY, Part.SANG, "an", "binh"), active=("binh",))

    assert who(found) == "binh"


@pytest.mark.parametrize(
    ("channel", "field", "expected"),
    [
        ("zalo", "ho_tich", "an"),
        ("zalo", "dat_dai", "binh"),
        ("facebook", "dat_dai", "binh"),
        ("zalo", ANY, "cuc"),
        ("hotline", ANY, "dung"),
        ("hotline", "ho_tich", "dung"),
    ],
)
def test_the_shift_that_fits_best(channel: str, field: str, expected: str) -> None:
    """Exact duty, then the field anywhere, then the channel, then everything."""
    found = book(
        shift(MONDAY, Part.SANG, "an", on="zalo", about="ho_tich"),
        shift(MONDAY, Part.SANG, "binh", about="dat_dai"),
        shift(MONDAY, Part.SANG, "cuc", on="zalo"),
        shift(MONDAY, Part.SANG, "dung"),
    )

    assert who(found, channel=channel, field=field) == expected


def test_somebody_on_the_channel_is_better_than_nobody() -> None:
    """A question of no field, or another one, goes to whoever is there."""
    found = book(
        shift(MONDAY, Part.SANG, "binh", on="facebook"),
        shift(MONDAY, Part.SANG, "an", on="zalo", about="ho_tich"),
        standby=("dung",),
    )

    assert who(found) == "an"
    assert who(found, field="dat_dai") == "an"
    assert who(found, channel="hotline") == "dung"


def test_a_broader_shift_helps_when_the_exact_one_is_away() -> None:
    """Before the standby chain is called, everybody on duty is tried."""
    found = book(
        shift(MONDAY, Part.SANG, "an", on="zalo"),
        shift(MONDAY, Part.SANG, "binh"),
        leave=[Leave("an", MONDAY, MONDAY)],
        standby=("dung",),
    )

    assert who(found) == "binh"


def test_a_rest_day_has_its_night_shift() -> None:
    """While the office is closed "ngoài giờ" of the day holds by day too."""
    found = book(shift(SUNDAY, Part.NGOAI_GIO, "an"), shift(SUNDAY, Part.CHIEU, "binh"))
    morning = on_duty(found, at(SUNDAY, "09:00"), "zalo", is_open=False)
    afternoon = on_duty(found, at(SUNDAY, "14:00"), "zalo", is_open=False)
    night = on_duty(found, at(SUNDAY + timedelta(1), "05:00"), "zalo", is_open=False)

    assert [d.staff_id for d in (morning, afternoon, night) if isinstance(d, Duty)] == [
        "an",
        "binh",
        "an",
    ]


def test_an_open_office_is_no_night_shift() -> None:
    """A missing morning is a gap although somebody has the night."""
    assert who(book(shift(MONDAY, Part.NGOAI_GIO, "an"))) == ""


@pytest.mark.parametrize(
    ("leave", "clock", "expected"),
    [
        (Leave("an", TUESDAY, TUESDAY), "23:30", "an"),
        (Leave("an", MONDAY, MONDAY), "23:30", "binh"),
        (Leave("an", MONDAY, MONDAY, Part.SANG), "23:30", "an"),
        (Leave("an", MONDAY, MONDAY, Part.NGOAI_GIO), "23:30", "binh"),
    ],
)
def test_leave_and_the_night(leave: Leave, clock: str, expected: str) -> None:
    """A night is free for who is on leave on the day it begins."""
    found = book(shift(MONDAY, Part.NGOAI_GIO, "an", "binh"), leave=[leave])

    assert who(found, at(MONDAY, clock)) == expected


def test_leave_begins_at_midnight() -> None:
    """Leave on Tuesday ends Monday's night shift at midnight."""
    found = book(
        shift(MONDAY, Part.NGOAI_GIO, "an", "binh"),
        leave=[Leave("an", TUESDAY, TUESDAY)],
    )

    assert who(found, at(TUESDAY, "00:30")) == "binh"


DAYS = st.dates(MONDAY - timedelta(days=1), MONDAY + timedelta(days=2))
PEOPLE = st.sampled_from([*EVERYBODY, "left"])
CHANNELS = st.sampled_from(["zalo", "facebook", "hotline", ANY])
FIELDS = st.sampled_from(["ho_tich", "dat_dai", ANY])
SHIFTS = st.builds(
    Shift,
    st.builds(Slot, DAYS, st.sampled_from(list(Part)), CHANNELS, FIELDS),
    PEOPLE,
    st.none() | PEOPLE,
)
LEAVE = st.builds(
    lambda who, day, length, part: Leave(who, day, day + timedelta(length), part),
    PEOPLE,
    DAYS,
    st.integers(0, 2),
    st.none() | st.sampled_from(list(Part)),
)
PLANS = st.builds(
    Plan,
    st.lists(SHIFTS, max_size=12).map(tuple),
    st.lists(LEAVE, max_size=5).map(tuple),
    st.lists(PEOPLE, max_size=3, unique=True).map(tuple),
)
MOMENTS = st.integers(0, 2 * 24 * 60 - 1).map(
    lambda minutes: at(MONDAY, "00:00") + timedelta(minutes=minutes)
)


def is_on_leave(one: Leave, when: datetime) -> bool:
    """Whether a leave holds, told apart from the code under test."""
    duty_day: date = part_at(when)[0]
    if one.part is None:
        return one.first <= when.date() <= one.last or one.first <= duty_day <= one.last
    return part_at(when) in {
        (one.first + timedelta(days=n), one.part)
        for n in range((one.last - one.first).days + 1)
    }


@given(plan=PLANS, when=MOMENTS, channel=CHANNELS, field=FIELDS, is_open=st.booleans())
def test_always_an_answer_or_a_gap(
    plan: Plan, when: datetime, channel: str, field: str, *, is_open: bool
) -> None:
    """Whoever answers works here, is not on leave, and is named in the roster."""
    found = on_duty(Book.of(plan, EVERYBODY), when, channel, field, is_open=is_open)
    away = {one.staff_id for one in plan.leave if is_on_leave(one, when)}
    able = set(EVERYBODY) - away

    assert isinstance(found, Duty | Gap)
    assert found.until == end(*part_at(when))
    if isinstance(found, Duty):
        assert found.staff_id in able
        people = found.shift.people if found.shift else plan.standby
        assert found.staff_id in people
    else:
        assert not able & set(plan.standby)
        exact = {
            shift.slot: shift
            for shift in plan.shifts
            if (shift.slot.day, shift.slot.part) == part_at(when)
            and shift.slot.channel in (channel, ANY)
        }
        assert not any(able & set(one.people) for one in exact.values())
