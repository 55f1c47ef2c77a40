"""Is a token pair replaced whole, and is a renewal cut in half noticed?"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import tokens
from storage.database import Database
from tests.storage.rows import UNIT

CHANNEL = "zalo"


def pair(version: int, sealed: bytes = b"pair") -> dict[str, Any]:
    """Return a token row."""
    return {
        "unit_id": UNIT,
        "channel": CHANNEL,
        "sealed": sealed,
        "seed_mac": "m1",
        "access_expires_at": 90_000,
        "refresh_issued_at": 1000,
        "version": version,
        "updated_at": 1000,
    }


def begin(connection: Connection, owner: str = "w1", channel: str = CHANNEL) -> bool:
    """Write the intent to refresh."""
    return tokens.begin(connection, UNIT, channel, owner=owner, seed_mac="m1", at=2000)


async def test_there_is_no_token_at_first(database: Database) -> None:
    """Neither pair nor intent in an empty database."""
    assert await database.read(lambda c: tokens.load(c, UNIT, CHANNEL)) is None
    assert await database.read(lambda c: tokens.intent(c, UNIT, CHANNEL)) is None


async def test_one_renewal_at_a_time(database: Database) -> None:
    """The second holder is told no, and the intent names the first."""
    assert await database.write(begin)
    assert not await database.write(lambda c: begin(c, "w2"))

    found = await database.read(lambda c: tokens.intent(c, UNIT, CHANNEL))
    assert found is not None
    assert (found["owner"], found["started_at"]) == ("w1", 2000)


async def test_of_many_at_once_one_renews(database: Database) -> None:
    """Processes that notice at the same moment: exactly one gets the intent."""
    answers = await asyncio.gather(
        *(database.write(partial(begin, owner=f"w{n}")) for n in range(5))
    )

    assert sorted(answers) == [False] * 4 + [True]


async def test_channels_renew_apart(database: Database) -> None:
    """An intent of one channel does not stop another."""
    assert await database.write(begin)
    assert await database.write(lambda c: begin(c, channel="zalo_bot"))


async def test_a_new_pair_ends_the_doubt(database: Database) -> None:
    """save() replaces the pair and closes the intent together."""
    await database.write(begin)
    await database.write(lambda c: tokens.save(c, pair(1)))
    await database.write(begin)
    await database.write(lambda c: tokens.save(c, pair(2, b"newer")))

    loaded = await database.read(lambda c: tokens.load(c, UNIT, CHANNEL))
    assert loaded == pair(2, b"newer")
    assert await database.read(lambda c: tokens.intent(c, UNIT, CHANNEL)) is None


async def test_a_save_that_fails_leaves_the_intent(database: Database) -> None:
    """When the transaction breaks after save(), old pair and intent are both there."""
    await database.write(lambda c: tokens.save(c, pair(1)))
    await database.write(begin)

    def broken(connection: Connection) -> None:
        tokens.save(connection, pair(2))
        raise RuntimeError("cut")

    with pytest.raises(RuntimeError, match="cut"):
        await database.write(broken)
    assert await database.read(lambda c: tokens.load(c, UNIT, CHANNEL)) == pair(1)
    assert await database.read(lambda c: tokens.intent(c, UNIT, CHANNEL)) is not None


async def test_a_clear_answer_ends_the_doubt(database: Database) -> None:
    """A refusal of the platform closes the intent and keeps the pair."""
    await database.write(lambda c: tokens.save(c, pair(1)))
    await database.write(begin)
    await database.write(lambda c: tokens.clear_intent(c, UNIT, CHANNEL))

    assert await database.read(lambda c: tokens.intent(c, UNIT, CHANNEL)) is None
    assert await database.read(lambda c: tokens.load(c, UNIT, CHANNEL)) == pair(1)
