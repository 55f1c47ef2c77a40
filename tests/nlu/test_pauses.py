"""The collector rests while something is built, and no longer."""

from __future__ import annotations

import gc

import pytest

from nlu.pauses import uncollected


def test_the_collector_rests_and_goes_on() -> None:
    """It is off inside and on after."""
    with uncollected():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_collector_goes_on_when_building_fails() -> None:
    """A spoilt catalogue does not leave it off."""
    with pytest.raises(ZeroDivisionError), uncollected():
        _ = 1 // 0

    assert gc.isenabled()


def test_a_pause_inside_a_pause_ends_with_the_outer_one() -> None:
    """Two engines built within each other do not wake the collector early."""
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()

    assert gc.isenabled()
