"""Are people found by the pseudonym of their platform id, with what is theirs?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy.exc import IntegrityError

from storage import inbox, people
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from tests.storage.people import LUA, SON, lane_of, settle, webhook
from tests.storage.rows import CHANNEL, UNIT


async def test_a_person_is_found_by_unit_channel_and_pseudonym(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """Known keys come back with the wrapped key; unknown and foreign ones do not."""
    for citizen in (LUA, SON):
        await database.write(partial(settle, ring=ring, ids=ids, citizen=citizen))
    lua, son = (UNIT, CHANNEL, lane_of(ring, LUA)), (UNIT, CHANNEL, lane_of(ring, SON))
    elsewhere = ("xa-khac", CHANNEL, lua[2])
    found = await database.read(
        partial(people.find_identities, keys=[lua, son, elsewhere])
    )

    assert found.keys() == {lua, son}
    assert found[lua]["person_id"] == LUA.person_id
    assert found[lua]["wrapped_key"] != found[son]["wrapped_key"]
    assert await database.read(partial(people.find_identities, keys=[])) == {}


async def test_a_platform_id_belongs_to_one_person(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """A second person under the same pseudonym is refused as a whole."""
    await database.write(partial(settle, ring=ring, ids=ids, citizen=LUA))
    shared = {"unit_id": UNIT, "person_id": "p-second"}
    row = shared | {"wrapped_key": b"k", "created_at": 1}
    mac = lane_of(ring, LUA)
    identity = shared | {"channel": CHANNEL, "id_mac": mac, "sealed_id": b"s"}

    with pytest.raises(IntegrityError):
        await database.write(
            lambda c: people.add_person(c, row=row, identity_row=identity)
        )
    key = (UNIT, CHANNEL, mac)
    found = await database.read(partial(people.find_identities, keys=[key]))
    assert found[key]["person_id"] == LUA.person_id


async def test_items_are_found_by_id_inside_a_unit(database: Database) -> None:
    """get_items() returns the asked ones of that unit only."""
    row = {
        "unit_id": UNIT,
        "person_id": "p1",
        "kind": "reply",
        "sealed": b"s",
        "created_at": 1,
    }
    rows = [row | {"item_id": item_id} for item_id in ("i1", "i2")]
    rows.append(row | {"item_id": "i3", "unit_id": "xa-khac"})
    await database.write(partial(people.add_items, rows=rows))
    await database.write(partial(people.add_items, rows=[]))

    wanted = ["i1", "i3", "none"]
    found = await database.read(
        partial(people.get_items, unit_id=UNIT, item_ids=wanted)
    )
    assert found == {"i1": rows[0]}


async def test_bodies_that_name_a_person_come_with_all_their_events(
    database: Database, ring: KeyRing, ids: Ids
) -> None:
    """A shared body is found by either person's lane, and shows who else is in it."""
    await database.write(partial(settle, ring=ring, ids=ids, citizen=LUA))
    calls = [webhook(ring, "both", LUA, SON), webhook(ring, "son", SON)]
    await database.write(partial(inbox.store, deliveries=calls))
    lanes = await database.read(
        partial(people.lanes_of, unit_id=UNIT, person_id=LUA.person_id)
    )
    assert lanes == [lane_of(ring, LUA)]

    rows = await database.read(partial(people.bodies_naming, unit_id=UNIT, lanes=lanes))
    found = {(r["body_id"], r["body_index"], r["lane"]) for r in rows}
    assert found == {
        ("both", 0, lane_of(ring, LUA)),
        ("both", 1, lane_of(ring, SON)),
    }
