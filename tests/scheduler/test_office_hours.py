"""Are office hours told truly, holidays, swaps and lunch included?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import BadDateError, BadDayError, BadSpanError
from scheduler.office_hours import LOCAL, Span, WeeklyHours, is_public_holiday

WEEK = {"t2-t6": ["07:30-11:30", "13:30-17:00"], "t7": ["07:30-11:30"]}
HOURS = WeeklyHours.parse(WEEK)


def local(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """Return an instant of 2026 in the commune."""
    return datetime(2026, month, day, hour, minute, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (local(23, 7, 29), False),
        (local(23, 7, 30), True),
        (local(23, 11, 29), True),
        (local(23, 11, 30), False),
        (local(23, 13, 30), True),
        (local(23, 17, 0), False),
        (local(24, 9, 0), False),
        (local(28, 9, 0), True),
        (local(28, 14, 0), False),
        (local(29, 9, 0), False),
        (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), True),
    ],
)
def test_open_or_closed(at: datetime, *, expected: bool) -> None:
    """Lunch, evening, Sunday and 24/11 are closed; UTC is understood."""
    assert HOURS.is_open(at) is expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (local(23, 6), local(23, 7, 30)),
        (local(23, 12), local(23, 13, 30)),
        (local(23, 18), local(25, 7, 30)),
        (local(27, 18), local(28, 7, 30)),
        (local(28, 12), local(30, 7, 30)),
        (local(13, 18, month=2), local(14, 7, 30, month=2)),
    ],
)
def test_the_next_opening(at: datetime, expected: datetime) -> None:
    """The next opening leaps over lunch, holidays and Sundays."""
    assert expected == HOURS.next_opening(at)


def test_swapped_days() -> None:
    """A day off is closed; a worked Saturday has the hours of a weekday."""
    hours = WeeklyHours.parse(
        {"t2-t6": WEEK["t2-t6"]}, days_off=["23/11/2026"], working_days=["2026-11-28"]
    )

    assert not hours.is_open(local(23, 9))
    assert hours.is_open(local(28, 14))
    assert hours.next_opening(local(22, 9)) == local(25, 7, 30)


def test_a_working_day_beats_a_holiday() -> None:
    """A unit that works on a public holiday says so and is open."""
    hours = WeeklyHours.parse(WEEK, working_days=[date(2026, 11, 24)])

    assert hours.is_open(local(24, 9))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 2, 17), True),
        (date(2026, 4, 27), True),
        (date(2026, 9, 2), True),
        (date(2026, 11, 24), True),
        (date(2025, 11, 24), False),
        (date(2030, 2, 2), True),
        (date(2026, 11, 23), False),
    ],
)
def test_public_holidays(day: date, *, expected: bool) -> None:
    """Tết, Giỗ Tổ and its day in lieu, 2/9, and 24/11 from 2026 on."""
    assert is_public_holiday(day) is expected


def test_the_hours_in_one_phrase() -> None:
    """Days with equal hours are told together."""
    assert HOURS.describe() == (
        "thứ Hai đến thứ Sáu: 07:30-11:30, 13:30-17:00; thứ Bảy: 07:30-11:30"
    )


def test_hours_that_are_not_set() -> None:
    """Nothing configured: never open, nothing to say, no search without end."""
    hours = WeeklyHours.parse({})

    assert not hours.is_open(local(23, 9))
    assert hours.describe() == ""
    assert hours.next_opening(local(23, 9)) == local(23, 9)


def test_other_ways_to_write() -> None:
    """Single days, lists and "7h30" are read too."""
    hours = WeeklyHours.parse({"T2, t4": [" 7h30 - 11g30 "], "CN": ["08:00-09:00"]})

    assert hours.week[0] == hours.week[2] == (Span(time(7, 30), time(11, 30)),)
    assert hours.describe() == (
        "thứ Hai: 07:30-11:30; thứ Tư: 07:30-11:30; Chủ nhật: 08:00-09:00"
    )


@pytest.mark.parametrize("key", ["", "t8", "mon", "t6-t2", "t2-", "t2-t3-t4"])
def test_days_that_are_none(key: str) -> None:
    """A wrong day is refused with its text."""
    with pytest.raises(BadDayError):
        WeeklyHours.parse({key: ["07:30-11:30"]})


def test_a_day_named_twice() -> None:
    """Two entries for one day contradict each other."""
    with pytest.raises(BadDayError):
        WeeklyHours.parse({"t2-t6": ["07:30-11:30"], "t3": ["07:30-11:30"]})


@pytest.mark.parametrize(
    "spans",
    [
        ["7-11"],
        ["25:00-26:00"],
        ["11:30-07:30"],
        ["07:30-07:30"],
        ["07:30-11:30", "11:00-17:00"],
    ],
)
def test_times_that_are_none(spans: list[str]) -> None:
    """Backward, impossible and overlapping times are refused."""
    with pytest.raises(BadSpanError):
        WeeklyHours.parse({"t2": spans})


@pytest.mark.parametrize("text", ["24-11-2026", "31/02/2026", "2026-13-01", "mai"])
def test_dates_that_are_none(text: str) -> None:
    """A date that does not exist is refused."""
    with pytest.raises(BadDateError):
        WeeklyHours.parse(WEEK, days_off=[text])


INSTANTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001  hypothesis adds the zone itself
    datetime(2035, 12, 1),  # noqa: DTZ001  hypothesis adds the zone itself
    timezones=st.sampled_from([UTC, LOCAL]),
)
MINUTES = st.integers(0, 24 * 60 - 1)


@st.composite
def weeks(draw: st.DrawFn) -> WeeklyHours:
    """Draw weekly hours with up to two spans a day."""
    week = []
    for _ in range(7):
        cuts = sorted(draw(st.sets(MINUTES, max_size=4)))
        pairs = zip(cuts[::2], cuts[1::2], strict=False)
        week.append(tuple(Span(_clock(start), _clock(end)) for start, end in pairs))
    return WeeklyHours(tuple(week))


def _clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


@given(weeks(), INSTANTS)
def test_at_the_next_opening_it_is_open_and_was_closed(
    hours: WeeklyHours, at: datetime
) -> None:
    """The next opening lies ahead, is open, and nothing opened before it."""
    opening = hours.next_opening(at)

    assert opening >= at
    if not hours.describe():
        assert opening == at
        assert not hours.is_open(at)
    elif opening > at:
        assert hours.is_open(opening)
        assert not hours.is_open(opening - timedelta(minutes=1)) or any(
            span.end == opening.timetz().replace(tzinfo=None)
            for span in hours.spans(opening.date())
        )


@given(weeks(), INSTANTS, st.integers(1, 600))
def test_a_closed_desk_stays_closed_until_its_opening(
    hours: WeeklyHours, at: datetime, minutes: int
) -> None:
    """Between a closed moment and the next opening the desk is never open."""
    opening = hours.next_opening(at)
    later = at + timedelta(minutes=minutes)

    if hours.describe() and not hours.is_open(at) and later < opening:
        assert not hours.is_open(later)


@given(weeks())
def test_described_hours_can_be_read_back(hours: WeeklyHours) -> None:
    """The phrase names every span of every day that has one."""
    said = hours.describe()

    assert bool(said) == any(hours.week)
    assert all(str(span) in said for spans in hours.week for span in spans)
