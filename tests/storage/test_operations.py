"""Do staff see each notice once, and are bad requests only counted?"""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection, select, update

from storage import operations
from storage.database import Database
from storage.tables import notice, security_event
from tests.storage.rows import UNIT, Notice


def counters(connection: Connection) -> dict[tuple[str, str, str], int]:
    """Return (unit, kind, hour) -> count."""
    rows = connection.execute(select(security_event))
    return {(r.unit_id, r.kind, r.hour): r[3] for r in rows}


async def test_open_notices_come_newest_first(database: Database) -> None:
    """The latest problem is on top, up to the limit."""
    for number in (1, 3, 2):
        await database.write(partial(operations.add_notice, row=Notice(number).row()))

    found = await database.read(lambda c: operations.open_notices(c, limit=2))
    assert [row["created_at"] for row in found] == [3, 2]


async def test_a_seen_notice_is_not_shown_or_counted(database: Database) -> None:
    """What a person has seen leaves the list and the count."""
    for number in (1, 2):
        await database.write(partial(operations.add_notice, row=Notice(number).row()))
    seen = update(notice).where(notice.c.subject == "1").values(seen_at=5)
    await database.write(lambda c: c.execute(seen))

    found = await database.read(operations.open_notices)
    assert [row["subject"] for row in found] == ["2"]
    assert await database.read(operations.count_notices) == {"test": 1}


async def test_the_same_trouble_is_told_once_until_seen(database: Database) -> None:
    """While a notice of that kind and subject is unseen, no second one is made."""
    again = dict(Notice(1).row()) | {"notice_id": "another"}
    third = dict(Notice(1).row()) | {"notice_id": "third"}
    await database.write(lambda c: operations.add_notice_once(c, Notice(1).row()))
    await database.write(lambda c: operations.add_notice_once(c, again))
    assert await database.read(operations.count_notices) == {"test": 1}

    await database.write(lambda c: c.execute(update(notice).values(seen_at=5)))
    await database.write(lambda c: operations.add_notice_once(c, third))
    (found,) = await database.read(operations.open_notices)
    assert found["notice_id"] == "third"


async def test_bad_requests_add_up_by_hour(database: Database) -> None:
    """Counts of one unit, kind and hour add up; others stay apart."""
    first = (UNIT, "bad_signature", "2026-11-23T01")
    second = (UNIT, "bad_signature", "2026-11-23T02")
    await database.write(lambda c: operations.count_security(c, {first: 2}))
    await database.write(lambda c: operations.count_security(c, {first: 3, second: 1}))

    assert await database.read(counters) == {first: 5, second: 1}
