"""Are shifts written over each other with their ids kept, and given on only once?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from storage import roster
from storage.database import Database
from storage.errors import ConflictError
from tests.storage.rows import UNIT


def shift(shift_id: str, day: str, holder: str, **more: Any) -> dict[str, Any]:
    """Return the row of a shift."""
    slot = {"unit_id": UNIT, "day": day, "part": "sang", "channel": "any"}
    row = slot | {"field": "any", "shift_id": shift_id, "holder": holder}
    return row | {"deputy": None, "sealed": None, "changed_at": 1} | more


async def test_a_duty_keeps_its_id(database: Database) -> None:
    """Writing the same duty again changes its people, not its id."""

    def work(connection: Connection) -> list[tuple[str, str, str]]:
        roster.put_shifts(connection, [])
        roster.put_shifts(connection, [shift("s1", "2026-12-01", "an")])
        again = [
            shift("s9", "2026-12-01", "binh"),
            shift("s2", "2026-12-02", "an"),
            shift("s3", "2026-12-03", "an"),
        ]
        roster.put_shifts(connection, again)
        rows = roster.shifts(connection, UNIT, "2026-12-01", "2026-12-02")
        return [(row["shift_id"], row["day"], row["holder"]) for row in rows]

    assert await database.write(work) == [
        ("s1", "2026-12-01", "binh"),
        ("s2", "2026-12-02", "an"),
    ]


async def test_a_shift_is_given_on_by_its_holder(database: Database) -> None:
    """Given twice by the same person it is a conflict; so is one that is gone."""
    row = shift("s1", "2026-12-01", "an", deputy="binh")
    await database.write(lambda c: roster.put_shifts(c, [row]))
    assert await database.read(lambda c: roster.is_used(c, UNIT))
    assert not await database.read(lambda c: roster.is_used(c, "b"))
    await database.write(lambda c: roster.give_shift(c, UNIT, "s1", "an", "binh", 2))
    found = await database.read(lambda c: roster.shift(c, UNIT, "s1"))

    assert found is not None
    assert (found["holder"], found["deputy"]) == ("binh", None)
    for shift_id in ("s1", "none"):
        with pytest.raises(ConflictError):
            await database.write(
                lambda c, s=shift_id: roster.give_shift(c, UNIT, s, "an", "cuc", 3)  # type: ignore[misc]  # the default binds the loop's value
            )


async def test_a_request_ends_once(database: Database) -> None:
    """A second decision is a conflict."""
    row = {"unit_id": UNIT, "swap_id": "w1", "shift_id": "s1", "back_id": None}
    row |= {"asker": "an", "asked": "binh", "state": "asked"}
    await database.write(
        lambda c: roster.add_swap(c, row | {"asked_at": 1, "decided_at": None})
    )
    await database.write(lambda c: roster.decide_swap(c, UNIT, "w1", "refused", 2))

    with pytest.raises(ConflictError):
        await database.write(lambda c: roster.decide_swap(c, UNIT, "w1", "accepted", 3))
