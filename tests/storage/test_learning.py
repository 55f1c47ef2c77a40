"""Do candidates die with their person, examples stay unique, and counts add up?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from storage import learning, people
from storage.database import Database
from storage.keys import KeyRing
from storage.tables import lesson_candidate, vault_item
from tests.storage.lessons import candidate, example, person, use
from tests.storage.rows import UNIT

WORDS = "cho cháu lên sổ"


def left(connection: Connection) -> tuple[int, int]:
    """Return how many candidates and how many of their words are left."""
    counts = (
        select(func.count()).select_from(t) for t in (lesson_candidate, vault_item)
    )
    candidates, items = (connection.execute(one).scalar_one() for one in counts)
    return candidates, items


def two_people(connection: Connection, ring: KeyRing) -> None:
    """Write two candidates of one person and one of another."""
    lua, son = (person(connection, ring, name) for name in ("p-lua", "p-son"))
    candidate(connection, lua, "1", WORDS)
    candidate(connection, lua, "2", "sao y", label="2.000815", created_at=3000)
    candidate(connection, son, "3", WORDS, is_right=False)


async def test_candidates_come_with_their_sealed_words(
    database: Database, ring: KeyRing
) -> None:
    """Newest first, each opens with the key of its person only."""
    await database.write(lambda c: two_people(c, ring))

    rows = await database.read(lambda c: learning.candidates(c, UNIT, 10))
    one = await database.read(lambda c: learning.candidate(c, UNIT, "l-2"))
    gone = await database.read(lambda c: learning.candidate(c, UNIT, "l-9"))

    assert [row["lesson_id"] for row in rows] == ["l-3", "l-2", "l-1"]
    assert [row["is_right"] for row in rows] == [False, True, True]
    assert WORDS.encode() not in rows[0]["sealed"]
    assert one is not None
    assert one["label"] == "2.000815"
    assert gone is None
    assert len(await database.read(lambda c: learning.candidates(c, UNIT, 2))) == 2
    assert await database.read(lambda c: learning.candidates(c, "xa-khac", 9)) == []


async def test_erasing_a_person_erases_their_candidates(
    database: Database, ring: KeyRing
) -> None:
    """Rows and words of the one go, those of the other stay."""
    await database.write(lambda c: two_people(c, ring))

    await database.write(lambda c: people.erase(c, UNIT, "p-lua", 5000))

    rows = await database.read(lambda c: learning.candidates(c, UNIT, 10))
    assert [row["lesson_id"] for row in rows] == ["l-3"]
    assert await database.read(left) == (1, 1)


@pytest.mark.parametrize(
    ("drop", "gone", "kept"),
    [
        (partial(learning.drop_candidates, lesson_ids=["l-1", "l-9"]), 1, 2),
        (partial(learning.drop_candidates, lesson_ids=[]), 0, 3),
        (partial(learning.drop_of_person, person_id="p-lua"), 2, 1),
        (partial(learning.drop_older, before=2000), 2, 1),
    ],
)
async def test_what_is_dropped_leaves_no_words(
    database: Database, ring: KeyRing, drop: partial[int], gone: int, kept: int
) -> None:
    """A decided, withdrawn or forgotten candidate takes its vault item along."""
    await database.write(lambda c: two_people(c, ring))

    assert await database.write(lambda c: drop(c, UNIT)) == gone
    assert await database.read(left) == (kept, kept)


async def test_an_example_is_kept_once(database: Database) -> None:
    """The same sentence is not approved twice; it can be withdrawn once."""

    def work(connection: Connection) -> list[bool]:
        return [
            learning.add_example(connection, example("a")),
            learning.add_example(connection, example("b", text_mac="mac-a")),
            learning.add_example(connection, example("c")),
            learning.drop_example(connection, UNIT, "e-a"),
            learning.drop_example(connection, UNIT, "e-a"),
        ]

    assert await database.write(work) == [True, False, True, True, False]
    rows = await database.read(lambda c: learning.examples(c, UNIT))
    assert [row["example_id"] for row in rows] == ["e-c"]


async def test_counts_add_up_over_slots(database: Database) -> None:
    """What many citizens did is one number a day; old days can be dropped."""

    def work(connection: Connection) -> None:
        rows = [use("2"), use("1", count=2), use("1", slot=3)]
        learning.count_use(connection, rows)
        learning.count_use(connection, [use("1"), use("1", day="2026-11-01")])

    await database.write(work)
    recent = await database.read(lambda c: learning.usage(c, UNIT, "2026-11-02"))
    await database.write(lambda c: learning.drop_usage(c, UNIT, "2026-11-23"))
    every = await database.read(lambda c: learning.usage(c, UNIT, "2000-01-01"))

    expected = [("2026-11-23", "1", "tap", 4), ("2026-11-23", "2", "tap", 1)]
    assert sorted(map(tuple, recent)) == sorted(map(tuple, every)) == expected
