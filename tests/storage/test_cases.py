"""Are cases written whole, found by index, and never changed behind anybody's back?"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, select

from storage import case_erasure, case_lists, case_lookups, cases, outbox
from storage.case_lists import Wanted
from storage.cases import NO_DUE, CaseRows
from storage.database import Database
from storage.errors import ConflictError
from storage.tables import (
    case_clock,
    case_history,
    case_link,
    case_lookup,
    case_message,
    case_record,
    notice,
)
from storage.tables import outbox as outbox_table
from tests.storage.cases import UNIT, clock, head, line, message, whole
from tests.storage.rows import count, send

KINDS = ("phan_anh", "kien_nghi")


async def stored(database: Database, *rows: CaseRows) -> None:
    """Write cases, each in a transaction of its own."""
    for one in rows:
        await database.write(partial(_write, rows=one))


def _write(connection: Connection, rows: CaseRows) -> None:
    cases.write(connection, rows)


async def test_a_case_is_written_whole_and_found(database: Database) -> None:
    """By code, by id, by person; with its clocks, links and history."""
    rows = whole(1)
    rows.links = [
        {
            "unit_id": UNIT,
            "case_id": f"{1:032x}",
            "kind": "file",
            "ref": "f1",
            "at": 1000,
        }
    ]
    rows.notices = [
        {
            "unit_id": UNIT,
            "notice_id": "n1",
            "kind": "case_recorded",
            "subject": "x",
            "detail": "",
            "created_at": 1,
        }
    ]
    await stored(database, rows)

    def work(connection: Connection) -> None:
        by_code = cases.by_code(connection, UNIT, "PA-261125-0001")
        assert by_code is not None
        assert by_code == cases.get(connection, UNIT, f"{1:032x}")
        assert by_code["wrapped_key"] is None
        (mine,) = cases.of_person(connection, UNIT, "p-lua")
        assert mine["code"] == "PA-261125-0001"
        ids = [f"{1:032x}"]
        assert cases.clocks(connection, UNIT, ids) == {ids[0]: [clock(1)]}
        assert [one["ref"] for one in cases.links(connection, UNIT, ids)[ids[0]]] == [
            "f1"
        ]
        assert cases.history(connection, UNIT, ids[0]) == [line(1)]
        assert count(connection, select(notice)) == 1
        assert cases.by_code(connection, "other", "PA-261125-0001") is None

    await database.read(work)


async def test_a_change_of_an_old_version_is_refused_whole(database: Database) -> None:
    """Who saw an older version writes nothing: not the head, not one line."""
    await stored(database, whole(1), whole(1, 1, version=2, owner="canbo01"))
    late = whole(1, 1, version=2, owner="canbo02")
    late.history = [line(1, 2)]
    with pytest.raises(ConflictError):
        await stored(database, late)

    def work(connection: Connection) -> tuple[str, int]:
        row = cases.get(connection, UNIT, f"{1:032x}")
        assert row is not None
        return row["owner"], count(connection, select(case_history))

    assert await database.read(work) == ("canbo01", 1)


async def test_a_code_is_given_once(database: Database) -> None:
    """A second case under the same code is a conflict, not another row."""
    await stored(database, whole(1))
    again = whole(2, code="PA-261125-0001")
    with pytest.raises(ConflictError):
        await stored(database, again)


async def test_numbers_of_a_day_are_never_given_twice(database: Database) -> None:
    """Twenty at once get twenty numbers in a row; another day begins at one."""

    async def one() -> int:
        return await database.write(lambda c: cases.reserve(c, UNIT, "2026-11-25"))

    found = await asyncio.gather(*(one() for _ in range(20)))

    assert sorted(found) == list(range(1, 21))
    other = await database.write(lambda c: cases.reserve(c, UNIT, "2026-11-26"))
    elsewhere = await database.write(lambda c: cases.reserve(c, "u2", "2026-11-25"))
    assert (other, elsewhere) == (1, 1)


async def test_lists_are_narrowed_and_ordered_by_due_time(database: Database) -> None:
    """Open cases of the kinds that may be seen, the most urgent first, page by page."""
    await stored(
        database,
        whole(1, due_at=300),
        whole(2, due_at=100, owner="canbo01"),
        whole(3, due_at=200, kind="kien_nghi", state="classified"),
        whole(4, due_at=50, kind="to_cao"),
        whole(5, due_at=NO_DUE, closed_at=5, state="closed"),
        whole(6, due_at=100, is_waiting=True),
    )

    async def listed(**wanted: Any) -> list[int]:
        narrowed = Wanted(kinds=KINDS, **wanted)
        rows = await database.read(lambda c: case_lists.listed(c, UNIT, narrowed))
        return [int(row["case_id"], 16) for row in rows]

    assert await listed() == [2, 6, 3, 1]
    assert await listed(owner="canbo01") == [2]
    assert await listed(kind="kien_nghi") == [3]
    assert await listed(state="received") == [2, 6, 1]
    assert await listed(due_before=200) == [2, 6]
    assert await listed(is_waiting=True) == [6]
    assert await listed(with_closed=True) == [2, 6, 3, 1, 5]
    after = (100, f"{2:032x}")
    rows = await database.read(
        lambda c: case_lists.listed(c, UNIT, Wanted(kinds=KINDS), 1, after)
    )
    assert [int(row["case_id"], 16) for row in rows] == [6]
    counts = await database.read(lambda c: case_lists.counted(c, UNIT, KINDS))
    assert counts == {"received": 3, "classified": 1}


async def test_running_clocks_by_due_time(database: Database) -> None:
    """What an escalation asks for: running, due before an instant, urgent first."""
    stopped = whole(3)
    stopped.clocks = [clock(3, due_at=1, stopped_at=1, ended="in_time")]
    await stored(database, whole(2), whole(1), stopped)

    rows = await database.read(lambda c: case_lists.running(c, UNIT, 10_002))

    assert [int(row["case_id"], 16) for row in rows] == [1]


async def test_what_waited_goes_before_the_reply(database: Database) -> None:
    """At the next contact the old message is planned first, and the flag is taken."""
    rows = whole(1, is_waiting=True)
    rows.messages = [message(1, 7), message(1, 8, channel="facebook")]
    await stored(database, rows)

    def contact(connection: Connection) -> list[str]:
        found = cases.release(connection, UNIT, "p-lua", "zalo", 5000)
        outbox.plan(connection, [send(f"{9:032x}", "p-lua", unit_id=UNIT, item_id="i")])
        return [row["message_id"] for row in found]

    assert await database.write(contact) == [f"{7:032x}"]

    def sends(connection: Connection) -> list[str]:
        found = outbox.claim(
            connection, "zalo", owner="o", now=6000, lease_until=9000, limit=5
        )
        return [row["row_id"] for row in found]

    assert await database.write(sends) == [f"{7:032x}"]
    again = await database.write(
        lambda c: cases.release(c, UNIT, "p-lua", "zalo", 6000)
    )
    assert again == []
    row = await database.read(lambda c: cases.get(c, UNIT, f"{1:032x}"))
    assert row is not None
    assert (row["is_waiting"], row["version"]) == (False, 2)
    told = await database.read(lambda c: cases.messages(c, UNIT, f"{1:032x}"))
    assert [(one["state"], one["send_state"]) for one in told] == [
        ("queued", "claimed"),
        ("waiting", None),
    ]


async def test_failed_lookups_are_counted_by_hour_and_forgotten(
    database: Database,
) -> None:
    """Tries add up for each subject; old hours are dropped."""

    def tries(connection: Connection) -> dict[str, int]:
        for hour in ("2026-11-25T01", "2026-11-25T02", "2026-11-25T02"):
            case_lookups.count(connection, UNIT, ["p1", "c1"], hour)
        case_lookups.count(connection, UNIT, ["p2"], "2026-11-25T02")
        return case_lookups.failed(connection, UNIT, ["p1", "c1"], "2026-11-25T02")

    assert await database.write(tries) == {"p1": 2, "c1": 2}
    gone = await database.write(lambda c: case_lookups.forget(c, UNIT, "2026-11-25T02"))
    assert gone == 2


async def test_erasing_a_person_ends_their_cases(database: Database) -> None:
    """Codes and times stay; person, words, phone, waiting messages and clocks end."""
    mine = whole(1, contact_mac="m" * 32, item_id="i" * 32, is_waiting=True)
    mine.messages = [message(1, 7)]
    await stored(database, mine, whole(2, person_id="p-son"))

    def erase(connection: Connection) -> int:
        case_lookups.count(connection, UNIT, ["p-lua", "c"], "2026-11-25T01")
        return case_erasure.erase(connection, UNIT, "p-lua", 5000)

    assert await database.write(erase) == 1

    def work(connection: Connection) -> None:
        row = cases.get(connection, UNIT, f"{1:032x}")
        assert row is not None
        assert (row["state"], row["closed_at"], row["version"]) == ("erased", 5000, 2)
        for name in ("person_id", "item_id", "contact_mac", "due_goal"):
            assert row[name] is None
        assert not row["is_waiting"]
        (running,) = cases.clocks(connection, UNIT, [f"{1:032x}"]).values()
        assert [(one["stopped_at"], one["ended"]) for one in running] == [
            (5000, "void")
        ]
        assert cases.history(connection, UNIT, f"{1:032x}")[0]["item_id"] is None
        assert count(connection, select(case_message)) == 0
        lookups = connection.execute(select(case_lookup.c.subject)).scalars().all()
        assert lookups == ["c"]
        other = cases.get(connection, UNIT, f"{2:032x}")
        assert other is not None
        assert (other["state"], other["person_id"]) == ("received", "p-son")

    await database.read(work)


async def test_every_table_is_used(database: Database) -> None:
    """A link repeated is one link; a message planned twice is one send."""
    rows = whole(1)
    link = {
        "unit_id": UNIT,
        "case_id": f"{1:032x}",
        "kind": "case",
        "ref": f"{2:032x}",
        "at": 1,
    }
    rows.links = [link, dict(link)]
    rows.sends = [
        send(f"{7:032x}", "p-lua", unit_id=UNIT, item_id="i"),
    ]
    await stored(database, rows)

    def work(connection: Connection) -> list[int]:
        tables = (case_record, case_clock, case_link, outbox_table)
        return [count(connection, select(table)) for table in tables]

    assert await database.read(work) == [1, 1, 1, 1]
    assert head(1)["case_id"] == f"{1:032x}"
