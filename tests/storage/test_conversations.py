"""Does nobody overwrite what another worker remembered first?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from storage import conversations
from storage.database import Database
from storage.errors import ConflictError
from storage.tables import handover
from tests.storage.rows import CHANNEL, UNIT

KEY = (UNIT, "p1", CHANNEL)


def talk(version: int, sealed: bytes = b"s", **changes: Any) -> dict[str, Any]:
    """Return a conversation row."""
    row = {
        "unit_id": UNIT,
        "person_id": "p1",
        "channel": CHANNEL,
        "version": version,
        "sealed": sealed,
        "opted_out": False,
        "muted_until": None,
        "last_inbound_at": 1000,
        "sent_since_inbound": 0,
        "updated_at": 1000,
    }
    return row | changes


async def test_a_conversation_comes_back_as_it_was_saved(database: Database) -> None:
    """Every field of a new conversation is stored."""
    row = talk(1, opted_out=True, muted_until=5000)
    await database.write(lambda c: conversations.save(c, row, 0))

    assert await database.read(lambda c: conversations.load(c, [KEY])) == {KEY: row}


async def test_nothing_is_loaded_for_nobody(database: Database) -> None:
    """No keys and unknown keys give an empty answer."""
    assert await database.read(lambda c: conversations.load(c, [])) == {}
    assert await database.read(lambda c: conversations.load(c, [KEY])) == {}


async def test_the_next_version_replaces_the_one_that_was_seen(
    database: Database,
) -> None:
    """A save that saw version 1 may write version 2."""
    await database.write(lambda c: conversations.save(c, talk(1), 0))
    await database.write(lambda c: conversations.save(c, talk(2, b"new"), 1))

    found = await database.read(lambda c: conversations.load(c, [KEY]))
    assert (found[KEY]["version"], found[KEY]["sealed"]) == (2, b"new")


@pytest.mark.parametrize("seen", [0, 1, 3])
async def test_a_save_that_saw_another_version_is_refused(
    database: Database, seen: int
) -> None:
    """Compare and swap: whoever decided on old knowledge must decide again."""
    await database.write(lambda c: conversations.save(c, talk(1), 0))
    await database.write(lambda c: conversations.save(c, talk(2, b"kept"), 1))

    with pytest.raises(ConflictError):
        await database.write(
            lambda c: conversations.save(c, talk(seen + 1, b"lost"), seen)
        )
    found = await database.read(lambda c: conversations.load(c, [KEY]))
    assert found[KEY]["sealed"] == b"kept"


async def test_a_talk_that_was_erased_meanwhile_is_not_revived(
    database: Database,
) -> None:
    """A save that saw a version finds no row: ConflictError, and still no row."""
    with pytest.raises(ConflictError):
        await database.write(lambda c: conversations.save(c, talk(2), 1))
    assert await database.read(lambda c: conversations.load(c, [KEY])) == {}


async def test_sent_messages_are_counted(database: Database) -> None:
    """Each accepted message adds one to that conversation alone."""
    other = talk(1, channel="facebook")
    await database.write(lambda c: conversations.save(c, talk(1), 0))
    await database.write(lambda c: conversations.save(c, other, 0))
    for _ in range(2):
        await database.write(lambda c: conversations.count_sent(c, *KEY))

    keys = [KEY, (UNIT, "p1", "facebook")]
    found = await database.read(lambda c: conversations.load(c, keys))
    assert [found[key]["sent_since_inbound"] for key in keys] == [2, 0]


async def test_a_citizen_who_waits_is_recorded(database: Database) -> None:
    """A handover row holds a reason code, a due time and a sealed item's id."""
    row = {
        "unit_id": UNIT,
        "handover_id": "h1",
        "person_id": "p1",
        "channel": CHANNEL,
        "reason": "asked",
        "item_id": "i1",
        "state": "waiting",
        "due_at": 9000,
        "opened_at": 1000,
    }
    await database.write(lambda c: conversations.open_handover(c, row))

    found = await database.read(lambda c: c.execute(select(handover)).mappings().one())
    assert dict(found) == row
