"""How cheap is it to ask who is on duty, and to look whether anything changed?

Usage: python -m benchmarks.duty [--members 60] [--posts 4]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.duty import DutyBoard
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile
from handlers.staff.roster.model import POST_NAMES, Part, Shift, Slot, local_date
from handlers.staff.roster.shifts import set_shifts
from scheduler.office_hours import WeeklyHours
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database

HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
ASKED = 20_000
LOOKED = 500
UNIT = "xa-mau"


async def main(members: int, posts: int) -> None:
    """Print microseconds a question, a look at the head, and a full reading."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'a.db'}"
        await asyncio.to_thread(migrate, url)
        database = open_database(url)
        try:
            await _measure(database, members, posts)
        finally:
            await database.close()


async def _measure(database: Database, members: int, posts: int) -> None:
    clock = SystemClock()
    keys = KeyRing(bytes(32)).unit(UNIT)
    desk = Desk(database, UNIT, keys, Ids(clock.now_ms), clock.now_ms)
    for number in range(members):
        await add(desk, NewMember(f"cb{number}", Profile(f"Cán bộ {number}")))
    first = local_date(clock.now())
    shifts = [
        Shift(Slot(first + timedelta(days=day), part, post), "cb0", "cb1")
        for day in range(31)
        for part in Part
        for post in list(POST_NAMES)[:posts]
    ]
    start = time.perf_counter()
    await set_shifts(desk, shifts)
    print(f"{len(shifts)} shifts written: {_ms(start):.1f} ms")
    board = DutyBoard(UNIT, keys, clock, HOURS)
    start = time.perf_counter()
    await board.refresh(database)
    print(f"read anew ({members} members): {_ms(start):.1f} ms")
    start = time.perf_counter()
    for _ in range(LOOKED):
        await board.refresh(database)
    print(f"look at the head: {_ms(start) / LOOKED:.3f} ms")
    now = clock.now()
    start = time.perf_counter()
    for _ in range(ASKED):
        board.on_duty(now, "hotline")
    print(f"who is on duty: {_ms(start) * 1000 / ASKED:.1f} µs")


def _ms(start: float) -> float:
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--members", type=int, default=60)
    parser.add_argument("--posts", type=int, default=4)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.members, chosen.posts))
