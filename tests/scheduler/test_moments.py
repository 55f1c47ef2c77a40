"""Is what people write read as the day or instant they mean?"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.errors import BadDateError, BadMomentError
from scheduler.moments import (
    LOCAL,
    local_day,
    local_instant,
    parse_date,
    parse_moment,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        (" 24/11/2026 ", date(2026, 11, 24)),
        ("2026-11-24T21:30", datetime(2026, 11, 24, 21, 30, tzinfo=LOCAL)),
        ("2026-11-24 21:30:15", datetime(2026, 11, 24, 21, 30, 15, tzinfo=LOCAL)),
        ("2026-11-24T20:00Z", datetime(2026, 11, 25, 3, 0, tzinfo=LOCAL)),
        ("2026-11-24T20:00+07:00", datetime(2026, 11, 24, 20, 0, tzinfo=LOCAL)),
    ],
)
def test_moments(text: str, expected: date) -> None:
    """A day stays a day; an instant without a zone is one of the commune."""
    found = parse_moment(text)

    assert type(found) is type(expected)
    assert found == expected


@pytest.mark.parametrize(
    "text",
    ["", "hôm nay", "2026-02-30", "31/02/2026", "2026-11-24T25:00", "24/11"],
)
def test_what_is_no_moment(text: str) -> None:
    """Days that do not exist and words are errors that name the text."""
    with pytest.raises(BadMomentError):
        parse_moment(text)
    with pytest.raises(BadDateError):
        parse_date(text)


@given(st.dates())
def test_a_day_written_down_is_the_same_day(day: date) -> None:
    """ISO and Vietnamese writing lead back to the day, and a day is itself."""
    assert parse_date(day.isoformat()) == day
    assert parse_date(f"{day.day}/{day.month}/{day.year:04}") == day
    assert parse_date(day) == day


@given(st.datetimes(datetime(1980, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_are_written_and_read(at: datetime) -> None:
    """An instant in any zone comes back as the same instant, in local time."""
    found = parse_moment(at.isoformat())

    assert found == at
    assert local_day(found) == at.astimezone(LOCAL).date()
    assert local_instant(found) == at


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but the one error comes out of a strange text."""
    with suppress(BadMomentError):
        assert isinstance(parse_moment(text), date)


def test_a_bare_day_means_its_first_minute() -> None:
    """As an instant a day is midnight in the commune."""
    day = date(2026, 11, 24)

    assert local_day(day) == day
    assert local_instant(day) == datetime.combine(day, time(), LOCAL)
