"""Does every instant belong to exactly one part of one day of duty?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.roster.model import LOCAL, Part
from scheduler.roster.times import begin, end, part_at, parts_at
from tests.scheduler.roster.plans import MONDAY, SUNDAY, TUESDAY, at

INSTANTS = st.timedeltas(timedelta(), timedelta(days=1000)).map(
    lambda later: datetime(2026, 1, 1, tzinfo=UTC) + later
)


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        ("00:00", (MONDAY, Part.NGOAI_GIO)),
        ("06:59", (MONDAY, Part.NGOAI_GIO)),
        ("07:00", (TUESDAY, Part.SANG)),
        ("11:59", (TUESDAY, Part.SANG)),
        ("12:00", (TUESDAY, Part.CHIEU)),
        ("17:30", (TUESDAY, Part.TOI)),
        ("22:00", (TUESDAY, Part.NGOAI_GIO)),
        ("23:59", (TUESDAY, Part.NGOAI_GIO)),
    ],
)
def test_parts_of_a_day(clock: str, expected: object) -> None:
    """Before seven it is still the night of the day before."""
    assert part_at(at(TUESDAY, clock)) == expected


@given(INSTANTS)
def test_an_instant_lies_in_its_part(instant: datetime) -> None:
    """The part found begins at or before the instant and ends after it."""
    day, part = part_at(instant)

    assert begin(day, part) <= instant < end(day, part)


@given(st.dates(MONDAY, SUNDAY), st.sampled_from(list(Part)))
def test_parts_follow_each_other(day: object, part: Part) -> None:
    """The instant at which a part ends belongs to the next: no gap, no overlap."""
    assert isinstance(day, type(MONDAY))
    last = end(day, part)

    assert part_at(last - timedelta(microseconds=1)) == (day, part)
    assert begin(*part_at(last)) == last
    assert last.tzinfo is LOCAL


def test_by_day_the_closed_office_has_two_parts() -> None:
    """On a Sunday morning the day's "ngoài giờ" holds behind the morning's shift."""
    morning = at(SUNDAY, "09:00")

    assert parts_at(morning, is_open=False) == (
        (SUNDAY, Part.SANG),
        (SUNDAY, Part.NGOAI_GIO),
    )
    assert parts_at(morning, is_open=True) == ((SUNDAY, Part.SANG),)
    night = at(SUNDAY, "23:00")
    assert parts_at(night, is_open=False) == ((SUNDAY, Part.NGOAI_GIO),)
