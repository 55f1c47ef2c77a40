"""How long does a sweep of escalations take with ten thousand open cases?

Usage: python -m benchmarks.escalation [--cases 10000] [--postgres]

With --postgres on a PostgreSQL of its own (the binaries of the dev lock), with fsync.

Each time is also given as a ratio to reading the same rows with a plain SELECT in the
same run, so that a slow machine does not look like slow code.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, select

from handlers.cases.moments import end_of, to_ms
from handlers.staff.people.add import NewMember, add
from handlers.staff.people.desk import Desk
from handlers.staff.people.model import Profile
from handlers.staff.permissions import Role
from scheduler.calendar import shipped
from scheduler.calendar.working_days import WorkCalendar
from scheduler.escalation.audit import Auditor
from scheduler.escalation.office import Office
from scheduler.escalation.sweep import Sweep, Swept
from scheduler.escalation.work_time import WorkTime
from scheduler.office_hours import WeeklyHours
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from storage.tables import case_clock, case_record
from tests.postgres_server import running_server

UNIT = "xa-mau"
HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
CALENDAR = WorkCalendar(shipped.shipped())
START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
DAYS = 40
ROUNDS = 7
AT_ONCE = 1000


class Standing:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """Return the set instant."""
        return self.at

    def now_ms(self) -> int:
        """Return it in UTC milliseconds."""
        return to_ms(self.at)


class Mute:
    """Says nothing."""

    def say(self, key: str, **values: object) -> str:
        """Return the key."""
        del values
        return key


def main(cases: int, *, postgres: bool) -> None:
    """Print milliseconds and ratios."""
    if postgres:
        with running_server(fsync="on") as url:
            asyncio.run(_on(url, cases))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_on(f"sqlite:///{Path(folder) / 'a.db'}", cases))


async def _on(url: str, cases: int) -> None:
    await asyncio.to_thread(migrate, url)
    database = open_database(url)
    try:
        await _measure(database, cases)
    finally:
        await database.close()


async def _measure(database: Database, cases: int) -> None:
    clock = Standing()
    ids, keys = Ids(clock.now_ms), KeyRing(bytes(32)).unit(UNIT)
    desk = Desk(database, UNIT, keys, ids, clock.now_ms)
    for code, role in (("cb", Role.OFFICER), ("cvp", Role.HEAD), ("ct", Role.LEADER)):
        await add(desk, NewMember(code, Profile(code), frozenset({role})))
    await _fill(database, cases)
    if not database.is_embedded:
        # As autovacuum does within a minute; the planner guesses badly until then.
        await database.write(lambda c: c.exec_driver_sql("ANALYZE"))
    office = Office(UNIT, keys, WorkTime(CALENDAR, HOURS), Mute())
    sweep, auditor = Sweep(database, clock, ids), Auditor(database, clock, ids)
    plain = await _median(lambda: database.read(_plain))
    print(f"plain SELECT of {cases} cases with their clocks: {plain:.1f} ms")
    first, total, times = 0.0, 0, 0
    while total < cases:
        took, done = await _timed(lambda: sweep.sweep(office))
        first, total, times = max(first, took), total + done.planned, times + 1
    print(f"first planning: {times} sweeps, the longest {_said(first, plain)}")
    idle = await _median(lambda: sweep.sweep(office))
    print(f"a sweep with nothing due: {_said(idle, plain)}")
    clock.at = datetime(2026, 12, 10, 0, 30, tzinfo=UTC)
    took, done = await _timed(lambda: sweep.sweep(office))
    print(f"a sweep at 07:30 ({done}): {_said(took, plain)}")
    rest, sweeps = 0.0, 0
    while done.told or done.apologies:
        took, done = await _timed(lambda: sweep.sweep(office))
        rest, sweeps = max(rest, took), sweeps + 1
    print(f"the rest of that morning: {sweeps} sweeps, longest {_said(rest, plain)}")
    look = await _median(lambda: auditor.look(office))
    print(f"an audit: {_said(look, plain)}")


async def _fill(database: Database, cases: int) -> None:
    for start in range(0, cases, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, cases))
        heads = [_head(number) for number in numbers]
        clocks = [clock for number in numbers for clock in _clocks(number)]

        def work(
            c: Connection,
            heads: list[dict[str, Any]] = heads,
            clocks: list[dict[str, Any]] = clocks,
        ) -> None:
            c.execute(case_record.insert(), heads)
            c.execute(case_clock.insert(), clocks)

        await database.write(work)


def _day(number: int) -> date:
    return CALENDAR.roll(date(2026, 12, 1) + timedelta(days=number % DAYS))


def _head(number: int) -> dict[str, Any]:
    return {
        "unit_id": UNIT,
        "case_id": f"{number:032x}",
        "code": f"PA-261125-{number:05d}",
        "kind": "phan_anh",
        "state": "in_progress",
        "person_id": f"p{number}",
        "channel": "zalo",
        "source": "message",
        "owner": "cb",
        "received_at": to_ms(START),
        "due_at": to_ms(end_of(_day(number))),
        "due_goal": "answer",
        "version": 3,
        "seq": 3,
        "facts": b"{}",
        "updated_at": to_ms(START),
    }


def _clocks(number: int) -> list[dict[str, Any]]:
    """Return what staff reached already, and the answer that is awaited."""
    shared = {
        "unit_id": UNIT,
        "case_id": f"{number:032x}",
        "rule": "phan_anh_tra_loi",
        "is_law": False,
        "started_at": to_ms(START),
        "due_date": _day(number).isoformat(),
        "due_at": to_ms(end_of(_day(number))),
    }
    reached = {"stopped_at": to_ms(START), "ended": "in_time"}
    running = {"stopped_at": None, "ended": None}
    return [
        shared | {"number": 0, "goal": "acknowledge"} | reached,
        shared | {"number": 1, "goal": "classify"} | reached,
        shared | {"number": 2, "goal": "answer"} | running,
    ]


def _plain(connection: Connection) -> int:
    tables = (case_record, case_clock)
    return sum(
        len(connection.execute(select(t).where(t.c.unit_id == UNIT)).all())
        for t in tables
    )


async def _timed(work: Callable[[], Awaitable[Swept]]) -> tuple[float, Swept]:
    start = time.perf_counter()
    found = await work()
    return (time.perf_counter() - start) * 1000, found


async def _median(work: Callable[[], Awaitable[Any]]) -> float:
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def _said(ms: float, plain: float) -> str:
    return f"{ms:.1f} ms ({ms / plain:.2f} of the plain SELECT)"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--postgres", action="store_true")
    given = parser.parse_args()
    main(given.cases, postgres=given.postgres)
