"""Do rows of people keep their version, and does every change move the head?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection

from storage import staff
from storage.database import Database
from storage.errors import ConflictError
from tests.storage.rows import UNIT

MEMBER: dict[str, Any] = {
    "unit_id": UNIT,
    "staff_id": "an",
    "state": "active",
    "sealed": b"x",
    "is_public": False,
    "version": 1,
    "added_at": 1,
    "changed_at": 1,
    "left_at": None,
}


def route(staff_id: str, mac: str, kind: str = "telegram") -> dict[str, Any]:
    """Return the row of an address."""
    key = {"unit_id": UNIT, "staff_id": staff_id, "kind": kind}
    return key | {"address_mac": mac, "sealed": b"x"}


async def test_a_code_is_added_once(database: Database) -> None:
    """The second of a code is refused; another unit has codes of its own."""
    assert await database.write(lambda c: staff.add(c, MEMBER))
    assert not await database.write(lambda c: staff.add(c, MEMBER))
    assert await database.write(lambda c: staff.add(c, MEMBER | {"unit_id": "b"}))
    assert await database.read(lambda c: staff.units_of(c, "an")) == ["b", UNIT]


async def test_an_old_version_is_a_conflict(database: Database) -> None:
    """Who saw an earlier version writes nothing."""
    await database.write(lambda c: staff.add(c, MEMBER))
    await database.write(lambda c: staff.change(c, UNIT, "an", 1, {"sealed": b"y"}))

    with pytest.raises(ConflictError):
        await database.write(lambda c: staff.change(c, UNIT, "an", 1, {"sealed": b"z"}))
    row = await database.read(lambda c: staff.member(c, UNIT, "an"))
    assert row is not None
    assert (bytes(row["sealed"]), row["version"]) == (b"y", 2)


async def test_only_active_people_have_rights_and_accounts(database: Database) -> None:
    """Roles and addresses of somebody who left count for nothing."""

    def work(connection: Connection) -> tuple[object, object]:
        role = {"granted_at": 1, "granted_by": "cli", "role": "admin"}
        staff.add(connection, MEMBER)
        staff.add_roles(connection, [role | {"unit_id": UNIT, "staff_id": "an"}])
        staff.set_route(connection, route("an", "m1"))
        before = staff.reached_by(connection, UNIT, "telegram", "m1")
        assert staff.roles_of(connection, UNIT, "an") == {"admin"}
        staff.change(connection, UNIT, "an", 1, {"state": "left"})
        after = staff.reached_by(connection, UNIT, "telegram", "m1")
        assert staff.roles_of(connection, UNIT, "an") == set()
        assert staff.active_codes(connection, UNIT) == set()
        return before, after

    assert await database.write(work) == ("an", None)


async def test_a_new_address_replaces_the_old(database: Database) -> None:
    """One address of a kind for each person; others stay."""

    def work(connection: Connection) -> list[tuple[str, str]]:
        staff.add(connection, MEMBER)
        for row in (route("an", "m1"), route("an", "p1", "phone"), route("an", "m2")):
            staff.set_route(connection, row)
        rows = staff.routes(connection, UNIT)
        return [(row["kind"], row["address_mac"]) for row in rows]

    assert await database.write(work) == [("phone", "p1"), ("telegram", "m2")]


async def test_the_head_counts_by_unit(database: Database) -> None:
    """Each touch moves one unit's number by one."""
    for unit_id in (UNIT, UNIT, "b"):
        await database.write(lambda c, u=unit_id: staff.touch(c, u, 5))  # type: ignore[misc]  # the default binds the loop's value

    heads = await database.read(
        lambda c: (staff.head(c, UNIT), staff.head(c, "b"), staff.head(c, "none"))
    )
    assert heads == (2, 1, 0)
