"""Do leaders hear the morning's numbers once, and no citizen's name?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from handlers.staff.people.departure import leave
from handlers.staff.roster.model import Part, Shift, Slot, local_date
from handlers.staff.roster.shifts import set_shifts
from scheduler.digest.digest import Digest
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.tables import notice, outbox
from tests.conftest import FakeClock
from tests.scheduler.escalation.people import Ladder, make_ladder

MORNING = datetime(2026, 12, 2, 0, 30, tzinfo=UTC)


@pytest.fixture
async def ladder(
    database: Database, ring: KeyRing, ids: Ids, clock: FakeClock
) -> Ladder:
    """A commune with a case that is due on the morning of the digest."""
    clock.set(MORNING - timedelta(days=7))
    made = await make_ladder(database, ring, ids, clock)
    vault = await made.commune.citizen("lua")
    await made.commune.reports(vault)
    return made


def digest(ladder: Ladder) -> Digest:
    """Return what writes it."""
    room = ladder.commune.room
    return Digest(ladder.database, ladder.commune.clock, room.ids)


async def words(ladder: Ladder) -> dict[str, str]:
    """Return what each addressee reads."""
    rows = await ladder.commune.rows(notice)
    found = [row for row in rows if row["kind"] == "digest"]
    return {row["addressee"]: row["words"] for row in found}


async def test_leaders_hear_numbers_and_codes(ladder: Ladder) -> None:
    """Both leaders get the same text, once, whoever writes it again."""
    ladder.commune.clock.set(MORNING)
    assert await digest(ladder).write(ladder.office) == "told 2"
    assert await digest(ladder).write(ladder.office) == "told 0"

    said = await words(ladder)
    assert set(said) == {"phoct", "chutich"}
    assert len(set(said.values())) == 1
    text = said["chutich"]
    assert "02/12/2026" in text
    assert "Quá hạn: 1 (PA-251126-0001" not in text
    assert "Họ tên" not in text
    assert len(await ladder.commune.proofs("system:digest:written")) == 1


async def test_a_day_of_rest_is_left_in_peace(ladder: Ladder) -> None:
    """No digest on a Saturday or a holiday."""
    for day in (
        datetime(2026, 11, 28, 0, 30, tzinfo=UTC),
        datetime(2026, 11, 24, 0, 30, tzinfo=UTC),
    ):
        ladder.commune.clock.set(day)
        assert await digest(ladder).write(ladder.office) == "rest"

    assert await words(ladder) == {}


async def test_who_is_on_duty_and_what_is_missing(ladder: Ladder) -> None:
    """With a roster: the code on duty by channel, and how many parts lack people."""
    ladder.commune.clock.set(MORNING)
    today = local_date(MORNING)
    await set_shifts(
        ladder.desk, [Shift(Slot(today, Part.SANG, "facebook"), "canbo01")]
    )
    await digest(ladder).write(ladder.office)

    text = (await words(ladder))["chutich"]
    assert "facebook: canbo01" in text
    assert "7 ngày tới" in text


async def test_failed_sends_are_counted_since_the_last_one(ladder: Ladder) -> None:
    """Refused and unknown sends of the last working day; older ones were told."""
    now = int(MORNING.timestamp() * 1000)
    rows = [
        send(number, state, now - hours * 3_600_000)
        for number, (state, hours) in enumerate(
            [
                ("refused", 1),
                ("unknown", 20),
                ("unknown", 2),
                ("refused", 50),
                ("accepted", 1),
            ]
        )
    ]
    await ladder.database.write(lambda c: c.execute(outbox.insert(), rows))
    ladder.commune.clock.set(MORNING)
    await digest(ladder).write(ladder.office)

    assert "bị từ chối: 1; chưa rõ đã tới: 2" in (await words(ladder))["chutich"]


async def test_without_leaders_the_head_hears(ladder: Ladder) -> None:
    """Nobody above: the head of the office; nobody at all: whoever looks."""
    ladder.commune.clock.set(MORNING)
    for code in ("phoct", "chutich"):
        await leave(ladder.desk, code)
    await digest(ladder).write(ladder.office)
    assert set(await words(ladder)) == {"chanhvp"}
    await leave(ladder.desk, "chanhvp")
    ladder.commune.passes(days=1)
    await digest(ladder).write(ladder.office)

    assert set(await words(ladder)) == {"chanhvp", None}


def send(number: int, state: str, at: int) -> dict[str, object]:
    """Return a send that ended."""
    return {
        "unit_id": "thanh-ha",
        "row_id": f"{number:032x}",
        "channel": "facebook",
        "person_id": "p",
        "item_id": "i",
        "kind": "reply",
        "priority": 0,
        "human": False,
        "cause": f"c{number}",
        "position": 0,
        "state": state,
        "attempt": 1,
        "available_at": at,
        "created_at": at,
        "updated_at": at,
    }


async def test_days_off_that_nobody_confirmed_are_named(ladder: Ladder) -> None:
    """The coming two months reach into a year without its notice."""
    ladder.commune.clock.set(MORNING)
    await digest(ladder).write(ladder.office)

    text = (await words(ladder))["chutich"]
    assert "Lịch nghỉ chưa chắc chắn: 2027" in text
