"""Are the empty weeks, months and quarters named, and no others?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff.dossier.spans import gaps, spans, told
from messages.criteria.model import Every

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("every", "number"), [(Every.WEEK, 53), (Every.MONTH, 12), (Every.QUARTER, 4)]
)
def test_a_year_is_cut_up(every: Every, number: int) -> None:
    """No day is left out and none is in two."""
    found = spans(every, FIRST, LAST)
    days = [d for s in found for d in (s.first, s.last)]

    assert len(found) == number
    assert (days[0], days[-1]) == (FIRST, LAST)
    assert all(
        b - a == timedelta(1) for a, b in zip(days[1::2], days[2::2], strict=False)
    )


@given(st.sets(st.dates(FIRST, LAST)), st.sampled_from(list(Every)))
def test_a_gap_has_none_of_the_days(days: set[date], every: Every) -> None:
    """Every day is in a span that is no gap."""
    missing = gaps(every, FIRST, LAST, days)
    rest = [s for s in spans(every, FIRST, LAST) if s.is_over and s not in missing]

    assert not any(span.has(day) for span in missing for day in days)
    assert all(any(s.has(day) for day in days) for s in rest) or every is Every.ONCE


def test_few_gaps_are_named_and_many_counted() -> None:
    """A reader learns which months, or how many weeks."""
    months = gaps(Every.MONTH, FIRST, date(2026, 3, 31), [date(2026, 2, 1)])

    assert told(months, Every.MONTH) == "chưa có ở tháng 1/2026, tháng 3/2026"
    assert gaps(Every.MONTH, date(2026, 3, 1), date(2026, 3, 30), []) == []
    assert "52 tuần" in told(gaps(Every.WEEK, FIRST, LAST, []), Every.WEEK)
