"""Are open cases near a place found, and forgotten with their person?"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from storage import case_areas, case_erasure, cases, people
from storage.cases import CaseRows
from storage.database import Database
from storage.tables import case_link
from tests.storage.cases import UNIT, clock, head

HERE, THERE = "a" * 32, "b" * 32


def put(connection: Connection) -> None:
    """Write a person with three cases: here, here but closed, and there."""
    shared = {"unit_id": UNIT, "person_id": "p-lua"}
    person = shared | {"wrapped_key": b"key", "created_at": 1}
    identity = shared | {"channel": "zalo", "id_mac": "m", "sealed_id": b"x"}
    people.add_person(connection, person, identity)
    for number, place, closed in ((1, HERE, None), (2, HERE, 5000), (3, THERE, None)):
        item = f"{number:032d}"
        row = head(number, item_id=item, closed_at=closed)
        vault = shared | {
            "item_id": item,
            "kind": "case",
            "sealed": b"words",
            "created_at": 1,
        }
        areas = case_areas.rows(UNIT, row["case_id"], [place, place], 1)
        cases.write(
            connection,
            CaseRows(row, clocks=[clock(number)], items=[vault], links=areas),
        )


@pytest.fixture
async def written(database: Database) -> Database:
    """A database with these cases, on each engine in turn."""
    await database.write(put)
    return database


def found(
    connection: Connection, *macs: str, kind: str = "phan_anh", since: int = 0
) -> list[str]:
    """Return the codes found."""
    rows = case_areas.near(connection, UNIT, kind, macs, since)
    return [row["code"] for row in rows]


async def test_open_cases_of_the_kind_in_one_of_the_places(written: Database) -> None:
    """Newest first, each once; what is closed, older or of another kind is not."""

    def look(connection: Connection) -> None:
        assert found(connection, HERE) == ["PA-261125-0001"]
        both = ["PA-261125-0003", "PA-261125-0001"]
        assert found(connection, HERE, THERE) == both
        assert found(connection, HERE, THERE, since=1002) == both[:1]
        assert found(connection, HERE, kind="gop_y") == []
        assert found(connection) == []

    await written.read(look)


async def test_a_row_opens_its_words(written: Database) -> None:
    """With the person's key, and the place it was found by."""
    (row,) = await written.read(
        lambda c: case_areas.near(c, UNIT, "phan_anh", [HERE], 0)
    )
    assert (row["sealed"], row["wrapped_key"]) == (b"words", b"key")
    assert row["refs"] == {HERE}


async def test_places_are_no_links_for_staff(written: Database) -> None:
    """They would say nothing to anybody."""
    ids = [f"{number:032x}" for number in (1, 2, 3)]
    assert await written.read(lambda c: cases.links(c, UNIT, ids)) == {}


async def test_an_erasure_takes_the_places_too(written: Database) -> None:
    """Nothing tells where an erased person's cases were."""
    await written.write(lambda c: case_erasure.erase(c, UNIT, "p-lua", 9))
    left = await written.read(lambda c: list(c.execute(select(case_link))))
    assert left == []
