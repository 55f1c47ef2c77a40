"""Is what was put aside set right, and nothing asked beyond the caps of a day?"""

from __future__ import annotations

import pytest

from nlu.ai.budget import Budget, Caps, Taken
from tests.nlu.ai.fake import Book

MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


class Days:
    """The local day, moved by a test."""

    def __init__(self) -> None:
        self.day = MONDAY

    def __call__(self) -> str:
        """Return it."""
        return self.day


@pytest.fixture
def days() -> Days:
    return Days()


async def test_a_call_costs_what_the_server_counted(book: Book, days: Days) -> None:
    """What was put aside too much comes back."""
    budget = Budget(book, Caps(2, 1000), days)
    taken = await budget.take(900)

    assert taken == Taken(MONDAY, 900)
    assert await budget.settle(taken, 300) == 300
    assert book.days == {MONDAY: (1, 300)}


async def test_without_a_count_it_costs_the_most_it_can(book: Book, days: Days) -> None:
    """A time-out or a silent server: the tokens may have been spent."""
    budget = Budget(book, Caps(2, 1000), days)
    taken = await budget.take(900)

    assert taken is not None
    assert await budget.settle(taken, None) == 900
    assert book.days == {MONDAY: (1, 900)}


async def test_a_server_may_cost_more_than_thought(book: Book, days: Days) -> None:
    """Then the day is over earlier."""
    budget = Budget(book, Caps(5, 1000), days)
    taken = await budget.take(100)
    assert taken is not None
    await budget.settle(taken, 950)

    assert await budget.take(100) is None


@pytest.mark.parametrize("caps", [Caps(1, 1000), Caps(5, 150)])
async def test_the_caps_hold(book: Book, days: Days, caps: Caps) -> None:
    """Calls and tokens, whichever ends first; the next day begins anew."""
    budget = Budget(book, caps, days)

    assert await budget.take(100) is not None
    assert await budget.take(100) is None
    days.day = TUESDAY
    assert await budget.take(100) is not None


async def test_a_call_over_midnight_belongs_to_its_day(book: Book, days: Days) -> None:
    """It is set right where it was put aside."""
    budget = Budget(book, Caps(5, 1000), days)
    taken = await budget.take(100)
    assert taken is not None
    days.day = TUESDAY
    await budget.settle(taken, 40)

    assert book.days == {MONDAY: (1, 40)}


async def test_what_cannot_be_counted_is_not_spent(book: Book, days: Days) -> None:
    """Without the ledger nothing is asked."""
    book.is_away = True

    assert await Budget(book, Caps(5, 1000), days).take(1) is None
