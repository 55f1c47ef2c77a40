"""Do the caps of a day hold, whoever counts and however often it restarts?"""

from __future__ import annotations

import asyncio
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import create_engine

from storage import ai_spending
from storage.database import Database
from storage.open import open_database
from storage.tables import metadata

UNIT, OTHER = "thanh-ha", "xa-khac"
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


async def take(
    database: Database,
    tokens: int = 10,
    unit: str = UNIT,
    day: str = MONDAY,
    calls: int = 3,
    most: int = 100,
) -> bool:
    """Take from the day."""
    work = partial(
        ai_spending.take,
        unit_id=unit,
        day=day,
        tokens=tokens,
        most_calls=calls,
        most_tokens=most,
    )
    return await database.write(work)


async def test_units_and_days_spend_apart(database: Database) -> None:
    """Each has its own row."""
    assert await take(database, 10)
    assert await take(database, 20, unit=OTHER)
    assert await take(database, 30, day=TUESDAY)
    await database.write(lambda c: ai_spending.settle(c, UNIT, MONDAY, -4))

    def spent(unit: str, day: str) -> partial[tuple[int, int]]:
        return partial(ai_spending.spent, unit_id=unit, day=day)

    assert await database.read(spent(UNIT, MONDAY)) == (1, 6)
    assert await database.read(spent(OTHER, MONDAY)) == (1, 20)
    assert await database.read(spent(UNIT, TUESDAY)) == (1, 30)
    assert await database.read(spent(OTHER, TUESDAY)) == (0, 0)


@pytest.mark.parametrize(("calls", "most"), [(3, 1000), (1000, 35), (0, 35), (3, 9)])
async def test_the_first_cap_ends_the_day(
    database: Database, calls: int, most: int
) -> None:
    """Whatever is refused leaves no trace."""
    taken = [await take(database, 10, calls=calls, most=most) for _ in range(5)]

    allowed = min(3, calls, most // 10)
    assert taken == [number < allowed for number in range(5)]
    found = await database.read(lambda c: ai_spending.spent(c, UNIT, MONDAY))
    assert found == (allowed, 10 * allowed)


async def test_many_at_once_do_not_pass_the_cap(
    database: Database, database_url: str
) -> None:
    """Two processes on one database: together as many as one alone."""
    second = open_database(database_url, exclusive=False)
    try:
        taken = await asyncio.gather(
            *(take(one, calls=7, most=10_000) for one in (database, second) * 10)
        )
    finally:
        await second.close()

    assert sum(taken) == 7


class Machine(RuleBasedStateMachine):
    """The row against a plain account."""

    CALLS, TOKENS = 6, 300

    def __init__(self) -> None:
        super().__init__()
        self.engine = create_engine("sqlite://")
        metadata.tables["ai_spending"].create(self.engine)
        self.calls = self.tokens = 0

    @rule(tokens=st.integers(0, 400))
    def take(self, tokens: int) -> None:
        """Take what fits."""
        fits = self.calls < self.CALLS and self.tokens + tokens <= self.TOKENS
        with self.engine.begin() as connection:
            told = ai_spending.take(
                connection,
                UNIT,
                MONDAY,
                tokens,
                most_calls=self.CALLS,
                most_tokens=self.TOKENS,
            )
        assert told is fits
        if fits:
            self.calls, self.tokens = self.calls + 1, self.tokens + tokens

    @rule(tokens=st.integers(-50, 50))
    def settle(self, tokens: int) -> None:
        """Set right; before the first call there is nothing to set right."""
        with self.engine.begin() as connection:
            ai_spending.settle(connection, UNIT, MONDAY, tokens)
        if self.calls:
            self.tokens += tokens

    @invariant()
    def they_agree(self) -> None:
        """The row says what the account says."""
        with self.engine.begin() as connection:
            assert ai_spending.spent(connection, UNIT, MONDAY) == (
                self.calls,
                self.tokens,
            )

    def teardown(self) -> None:
        """Let the memory go."""
        self.engine.dispose()


TestSpending = Machine.TestCase
