"""Are day keys there before they are needed, and gone when their time is over?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.day_keys import DAYS_AHEAD, KEEP_DAYS, DayKeys
from storage.keys import InvalidTag, KeyRing
from storage.spool import Spool
from storage.tables import day_key
from tests.storage.rows import UNIT, delivery, stored

TODAY = date(2026, 11, 23)
BOTH = [UNIT, "xa-khac"]


async def load(database: Database, keys: DayKeys, today: date = TODAY) -> None:
    """Load the keys of both units."""
    await database.write(lambda c: keys.load(c, BOTH, today))


async def test_keys_are_made_a_week_ahead(database: Database, ring: KeyRing) -> None:
    """Today and each of the coming seven days has a key, in every unit."""
    keys = DayKeys(ring)
    await load(database, keys)
    days = [(TODAY + timedelta(n)).isoformat() for n in range(DAYS_AHEAD + 1)]

    assert DAYS_AHEAD == 7
    assert all(keys.box(unit, day) for unit in BOTH for day in days)
    assert keys.box(UNIT, (TODAY + timedelta(DAYS_AHEAD + 1)).isoformat()) is None
    assert keys.box("xa-la", days[0]) is None


async def test_every_day_and_unit_has_a_key_of_its_own(
    database: Database, ring: KeyRing
) -> None:
    """What one day's key sealed, neither the next day nor a neighbour opens."""
    keys = DayKeys(ring)
    await load(database, keys)
    box = keys.box(UNIT, "2026-11-23")
    others = [keys.box(UNIT, "2026-11-24"), keys.box("xa-khac", "2026-11-23")]
    assert box is not None
    sealed = box.seal(b"body", "c")

    for other in others:
        assert other is not None
        with pytest.raises(InvalidTag):
            other.open(sealed, "c")


async def test_loading_again_makes_no_second_key(
    database: Database, ring: KeyRing
) -> None:
    """A restart, and a second process, open what the first one sealed."""
    first, second = DayKeys(ring), DayKeys(ring)
    await load(database, first)
    await load(database, second)
    mine, theirs = first.box(UNIT, "2026-11-25"), second.box(UNIT, "2026-11-25")
    assert mine is not None
    assert theirs is not None

    assert theirs.open(mine.seal(b"body", "c"), "c") == b"body"


async def test_a_stored_key_is_bound_to_its_day(
    database: Database, ring: KeyRing
) -> None:
    """A wrapped key copied into another day's row does not unwrap."""
    await load(database, DayKeys(ring))
    query = select(day_key.c.day, day_key.c.wrapped_key).where(
        day_key.c.unit_id == UNIT
    )
    rows = await database.read(
        lambda c: {r.day: r.wrapped_key for r in c.execute(query)}
    )

    box = ring.unit(UNIT).box
    assert len(box.open(rows["2026-11-23"], "day:2026-11-23")) == 32
    with pytest.raises(InvalidTag):
        box.open(rows["2026-11-23"], "day:2026-11-24")


async def test_keys_live_31_days(database: Database, ring: KeyRing) -> None:
    """A key opens bodies through the 31st day after its own and is gone on the 32nd."""
    keys = DayKeys(ring)
    await load(database, keys)
    await load(database, keys, TODAY + timedelta(KEEP_DAYS))
    assert KEEP_DAYS == 31
    assert keys.box(UNIT, TODAY.isoformat()) is not None

    await load(database, keys, TODAY + timedelta(KEEP_DAYS + 1))
    assert keys.box(UNIT, TODAY.isoformat()) is None
    query = select(day_key.c.day).where(day_key.c.day == TODAY.isoformat())
    assert await database.read(lambda c: c.execute(query).all()) == []


async def test_a_spool_file_outlives_its_key_unread(
    database: Database, ring: KeyRing, tmp_path: Path
) -> None:
    """A forgotten spool file cannot be opened by any key left after 32 days."""
    keys, spool = DayKeys(ring), Spool(tmp_path)
    await load(database, keys)
    box = keys.box(UNIT, TODAY.isoformat())
    assert box is not None
    item = delivery("b1", stored("e1", "anna", 500))
    sealed = box.seal(b"Ba Lua, 0912 345 678", "body")
    spool.write("1", [replace(item, sealed=sealed)])
    await load(database, keys, TODAY + timedelta(KEEP_DAYS + 1))

    (kept,) = spool.read("1.spool")
    assert keys.box(kept.unit_id, kept.day) is None
    for left in keys._boxes.values():
        with pytest.raises(InvalidTag):
            left.open(kept.sealed, "body")
    with pytest.raises(InvalidTag):
        ring.unit(UNIT).box.open(kept.sealed, "body")
