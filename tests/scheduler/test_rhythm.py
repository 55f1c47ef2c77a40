"""Is a job due at the same instants, whoever asks and when?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rhythm import Daily, Every, Rhythm, between, instant_of, name_of

RHYTHMS: list[Rhythm] = [
    Every(1),
    Every(5),
    Every(15),
    Every(30),
    Daily(7, 30),
    Daily(0),
]
INSTANTS = st.integers(0, 4 * 366 * 24 * 3600).map(
    lambda seconds: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@pytest.mark.parametrize("rhythm", RHYTHMS, ids=str)
@given(now=INSTANTS)
def test_the_latest_is_past_and_the_next_is_not(rhythm: Rhythm, now: datetime) -> None:
    """The latest instant is at or before now, the one after it later."""
    latest = rhythm.latest(now)

    assert latest <= now < rhythm.step(latest)
    assert rhythm.latest(latest) == latest
    assert instant_of(name_of(latest)) == latest


def test_every_morning_is_local() -> None:
    """Half past seven in the commune is half past midnight UTC."""
    now = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)

    assert name_of(Daily(7, 30).latest(now)) == "2026-11-25T00:30Z"


def test_between_leaves_both_ends_out() -> None:
    """Missed are the instants after the known one and before the one now due."""
    first = datetime(2026, 11, 25, tzinfo=UTC)
    missed = list(between(Every(15), first, first + timedelta(hours=1)))

    assert [at.minute for at in missed] == [15, 30, 45]
