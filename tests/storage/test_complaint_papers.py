"""Are papers found by their id alone, and swept without touching anything else?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from storage import complaint_papers as papers
from storage import people
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.vault import Vault
from tests.storage.rows import UNIT


@given(st.binary(min_size=16, max_size=16))
def test_no_other_item_can_have_such_an_id(mac: bytes) -> None:
    """Ids of ours are hexadecimal; these lie in a range of their own."""
    name = papers.item_id(mac.hex())

    assert len(name) == 32
    assert papers.PREFIX <= name < "don."
    assert not set(papers.PREFIX) <= set("0123456789abcdefABCDEF")


def kept(connection: Connection, ring: KeyRing, ids: Ids) -> list[str]:
    """Write a person with two papers, of 1000 and 2000, and another item of 1000."""
    vault = Vault(UNIT, ring.unit(UNIT)).create("p1")
    person = {"unit_id": UNIT, "person_id": "p1"}
    people.add_person(
        connection,
        person | {"wrapped_key": vault.wrapped_key, "created_at": 1},
        person | {"channel": "zalo", "id_mac": "m", "sealed_id": b"s"},
    )
    names = [papers.item_id(mark * 32) for mark in "ab"]
    rows = [(names[0], papers.KIND, 1000), (names[1], papers.KIND, 2000)]
    rows.append((ids.new(), "reply", 1000))
    items = [
        person | {"item_id": n, "kind": k, "sealed": b"x", "created_at": at}
        for n, k, at in rows
    ]
    people.add_items(connection, items)
    return names


async def test_old_papers_go_and_nothing_else(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """The newer one and other items stay, on either engine."""

    def work(connection: Connection) -> tuple[int, list[bool]]:
        names = kept(connection, ring, ids)
        gone = papers.drop_old(connection, UNIT, 2000)
        there = [papers.get(connection, UNIT, name) is not None for name in names]
        return gone, there

    assert await database.write(work) == (1, [False, True])


@pytest.mark.parametrize("times", [1, 2])
async def test_deleting_twice_does_no_harm(
    database: Database, ring: KeyRing, ids: Ids, times: int
) -> None:
    """The second time says that it was gone."""

    def work(connection: Connection) -> list[bool]:
        name = kept(connection, ring, ids)[0]
        return [papers.drop(connection, UNIT, name) for _ in range(times)]

    assert (await database.write(work))[-1] is (times == 1)
