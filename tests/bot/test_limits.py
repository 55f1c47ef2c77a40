"""Is the platform's rate kept, and is there always room for a reply?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.wiring import TELEGRAM_A_MINUTE, TELEGRAM_BURST
from bot.limits import RateLimit


class Watch:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.at


def drained(limit: RateLimit, *, is_bulk: bool) -> int:
    """Take until the limit says wait; return how many were taken."""
    taken = 0
    while limit.take(is_bulk=is_bulk) == 0:
        taken += 1
    return taken


def test_a_second_holds_what_the_platform_allows() -> None:
    """A full bucket gives a second's worth, then tells the wait for one more."""
    watch = Watch()
    limit = RateLimit(10, watch)

    assert drained(limit, is_bulk=False) == 10
    assert limit.take() == pytest.approx(0.1)
    watch.at += 0.1
    assert limit.take() == 0
    assert limit.take() > 0


def test_bulk_leaves_three_tenths_to_replies() -> None:
    """However much bulk there is, 30 % of the rate is left for those who asked."""
    limit = RateLimit(10, Watch())

    assert drained(limit, is_bulk=True) == 7
    assert drained(limit, is_bulk=False) == 3


@pytest.mark.parametrize("per_second", [0.05, 0.5, 1.0, 1.2, 1.5, 2.0])
@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_slow_platform_starves_nobody(
    per_second: float,
    is_bulk: bool,
) -> None:
    """At the smallest rate a bulk message still goes, after the wait it was told."""
    watch = Watch()
    limit = RateLimit(per_second, watch)
    drained(limit, is_bulk=False)

    for _ in range(20):
        wait = limit.take(is_bulk=is_bulk)
        if wait == 0:
            return
        watch.at += wait + 1e-9
    pytest.fail("waited as told twenty times and still may not go")


def test_a_pause_stops_everybody_until_it_is_over() -> None:
    """After a 429 nobody takes anything, and the rest of the pause is told."""
    watch = Watch()
    limit = RateLimit(10, watch)
    limit.pause(30)

    assert limit.take() == pytest.approx(30)
    assert limit.paused_for == pytest.approx(30)
    watch.at += 20
    limit.pause(1)
    assert limit.take() == pytest.approx(10)
    watch.at += 10
    assert limit.take() == 0
    assert limit.paused_for == 0


@given(
    st.floats(0.1, 500),
    st.lists(st.tuples(st.floats(0, 2), st.booleans()), max_size=200),
)
def test_no_window_holds_more_than_rate_and_burst(
    per_second: float, steps: list[tuple[float, bool]]
) -> None:
    """Over any stretch of time at most burst plus rate times seconds are taken."""
    watch = Watch()
    limit = RateLimit(per_second, watch)
    taken = 0
    for seconds, is_bulk in steps:
        watch.at += seconds
        taken += limit.take(is_bulk=is_bulk) == 0

    passed = watch.at - 100.0
    assert taken <= max(1.0, per_second) + per_second * passed + 1e-6


def test_a_group_is_never_told_more_than_twenty_things_a_minute() -> None:
    """Five at once and fifteen a minute: whenever a minute begins, twenty at most."""
    watch = Watch()
    limit = RateLimit(TELEGRAM_A_MINUTE / 60, watch, TELEGRAM_BURST)
    taken: list[float] = []
    for _ in range(600):
        if limit.take() == 0:
            taken.append(watch.at)
        else:
            watch.at += 0.5

    assert len([at for at in taken if at == taken[0]]) == 5
    assert all(
        len([at for at in taken if begin <= at < begin + 60]) <= 20 for begin in taken
    )
