"""Are ids unique, sortable and never going back?"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.ids import Ids
from tests.conftest import FakeClock


def test_an_id_is_32_hex_digits_led_by_the_time(ids: Ids, clock: FakeClock) -> None:
    """The first 12 digits are the UTC milliseconds."""
    new = ids.new()

    assert re.fullmatch("[0-9a-f]{32}", new)
    assert int(new[:12], 16) == clock.now_ms()


@given(st.lists(st.integers(min_value=0, max_value=2**47), min_size=2, max_size=50))
def test_ids_rise_whatever_the_clock_does(instants: list[int]) -> None:
    """Ids of one process are strictly rising, even when the clock jumps back."""
    left = iter(instants)
    ids = Ids(lambda: next(left))
    made = [ids.new() for _ in instants]

    assert made == sorted(set(made))


def test_a_clock_that_jumps_back_does_not_turn_the_order(
    ids: Ids, clock: FakeClock
) -> None:
    """After an hour back, the next id still sorts behind the last."""
    before = ids.new()
    clock.advance(timedelta(hours=-1))

    assert ids.new() > before


def test_threads_never_share_an_id(ids: Ids) -> None:
    """Four threads that make ids at once get different ones."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: ids.new(), range(4000)))

    assert len(set(made)) == len(made)
