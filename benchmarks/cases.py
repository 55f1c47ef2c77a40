"""How long does each list of staff take over 10,000 open cases?

    .venv/bin/python -m benchmarks.cases [OPEN] [CLOSED] [DATABASE_URL]

Each list is asked for as staff ask (heads with their clocks, made into cases), 50 at a
time, and compared in the same run with a look-up of one case by its key: the ratio does
not depend on how busy the machine is. Also measured: opening a case, and one step.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.case_mail import CaseMail
from bot.clock import SystemClock
from bot.deadlines import UnitDeadlines
from handlers.cases import actions
from handlers.cases.apply import CaseServices
from handlers.cases.begin import Birth, opened
from handlers.cases.case import State
from handlers.cases.clocks import started
from handlers.cases.code import CaseCode
from handlers.cases.kind import CaseKind, shipped
from handlers.cases.moments import from_ms, local_day
from handlers.cases.opening import Opening
from handlers.cases.rows import Sealer, rows_of
from handlers.ports import UnitProfile
from handlers.staff.cases import file
from handlers.staff.cases.act import act
from handlers.staff.cases.listing import Filter, listed
from handlers.staff.cases.workroom import Room
from messages.words import ChatWords
from scheduler.calendar.shipped import shipped as holidays
from scheduler.calendar.working_days import WorkCalendar
from scheduler.office_hours import WeeklyHours
from storage import case_lists, cases
from storage.database import Database
from storage.ids import Ids
from storage.keys import KeyRing
from storage.migrate import migrate
from storage.open import open_database
from storage.tables import person
from storage.vault import PersonVault, Vault

UNIT = "xa-mau"
HOURS = WeeklyHours.parse({"t2-t6": ["07:30-11:30", "13:30-17:00"]})
ROUNDS = 40
CITIZENS = 500
OFFICERS = 20
BATCH = 200
SPAN_MS = 40 * 24 * 3600 * 1000
KINDS = [kind for kind in shipped() if not kind.is_guidance]
STATES = (State.RECEIVED, State.CLASSIFIED, State.ACCEPTED, State.IN_PROGRESS)
FILTERS = {
    "everything open": Filter(),
    "due within three days": Filter(due_in_days=3),
    "overdue": Filter(is_overdue=True),
    "one owner": Filter(owner="cb7"),
    "nobody's yet": Filter(owner="on_duty"),
    "one state": Filter(state="accepted"),
    "one kind": Filter(kind="kien_nghi"),
    "one owner, one kind": Filter(owner="cb7", kind="kien_nghi"),
    "a kind nobody has": Filter(owner="nobody", kind="kien_nghi"),
    "waiting to be told": Filter(is_waiting=True),
    "closed too": Filter(with_closed=True),
}


def room_of(database: Database) -> Room:
    """Return the room of an officer."""
    clock = SystemClock()
    keys = KeyRing(bytes(32)).unit(UNIT)
    deadlines = UnitDeadlines(WorkCalendar(holidays()), HOURS)
    return Room(
        database=database,
        unit=UnitProfile(UNIT, "UBND xã Mẫu"),
        vault=Vault(UNIT, keys),
        ids=Ids(clock.now_ms),
        clock=clock,
        by="cb1",
        services=CaseServices(shipped(), deadlines),
        words=ChatWords(),
        mail=CaseMail(),
    )


def citizen(room: Room, number: int) -> tuple[PersonVault, dict[str, Any]]:
    """Return somebody's key and row."""
    vault = room.vault.create(f"{number:032x}")
    row = {
        "unit_id": UNIT,
        "person_id": vault.person_id,
        "wrapped_key": vault.wrapped_key,
        "created_at": 1,
    }
    return vault, row


def made(
    room: Room, vault: PersonVault, number: int, *, is_open: bool
) -> cases.CaseRows:
    """Return the rows of a case received within the last forty days."""
    chance = random.Random(number)
    kind = chance.choice(KINDS)
    at = room.clock.now_ms() - chance.randrange(SPAN_MS)
    rows = rows_of(_opened(room, kind, vault, number, at), _sealer(room, vault, at))
    state = chance.choice(STATES) if is_open else State.CLOSED
    rows.record["state"] = state.value
    rows.record["owner"] = chance.choice(["on_duty", f"cb{chance.randrange(OFFICERS)}"])
    rows.record["is_waiting"] = is_open and chance.random() < 0.02
    if not is_open:
        rows.record |= {"closed_at": at, "due_at": cases.NO_DUE, "due_goal": None}
        for clock in rows.clocks:
            clock |= {"stopped_at": at, "ended": "in_time"}
    return rows


def _opened(
    room: Room, kind: CaseKind, vault: PersonVault, number: int, at: int
) -> Any:
    moment = from_ms(at)
    opening = Opening(
        kind=kind.code,
        code=str(CaseCode(kind.letters, local_day(moment), number)),
        text=f"việc số {number}",
        received_at=moment,
        clocks=started(kind, moment, room.services.deadlines),
    )
    birth = Birth(UNIT, room.ids.new(), vault.person_id, "zalo")
    return opened(opening, birth, moment)


def _sealer(room: Room, vault: PersonVault, at: int) -> Sealer:
    return Sealer(room.ids, vault, room.vault.keys, at)


async def fill(room: Room, number: int, closed: int) -> list[str]:
    """Write the cases; return the ids of the open ones."""
    known = [citizen(room, one) for one in range(CITIZENS)]
    await room.database.write(partial(_people, rows=[row for _, row in known]))
    ids: list[str] = []
    for start in range(0, number + closed, BATCH):
        rows = [
            made(room, known[one % CITIZENS][0], one + 1, is_open=one < number)
            for one in range(start, min(start + BATCH, number + closed))
        ]
        await room.database.write(partial(_write, rows=rows))
        ids += [row.record["case_id"] for row in rows]
    return ids[:number]


def _people(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(person.insert(), rows)


def _write(connection: Connection, rows: list[cases.CaseRows]) -> None:
    for one in rows:
        cases.write(connection, one)


async def timed(
    work: Callable[[], Awaitable[Any]], rounds: int = ROUNDS
) -> list[float]:
    """Return milliseconds of each round, sorted."""
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        await work()
        found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def shown(name: str, found: list[float], base: float, note: str = "") -> None:
    """Print one line."""
    middle, worst = statistics.median(found), found[int(len(found) * 0.95)]
    figures = f"p50 {middle:6.1f} ms  p95 {worst:6.1f} ms  x{middle / base:5.1f}"
    print(f"{name:24} {figures}{note}")


async def measure(room: Room, ids: list[str]) -> None:
    """Print every list against one look-up by key, then the writing steps."""
    chance = random.Random(7)

    async def one() -> None:
        ref = chance.choice(ids)
        await room.database.read(lambda c: file.load(c, room, ref))

    await timed(one)
    found = await timed(one, 200)
    base = statistics.median(found)
    shown("one case by its key", found, base)
    for name, wanted in FILTERS.items():
        lines = await listed(room, wanted)
        found = await timed(partial(listed, room, wanted))
        shown(name, found, base, f"  ({len(lines)} lines)")
    found = await timed(lambda: room.database.read(_swept))
    shown("running clocks past due", found, base)
    found = await timed(lambda: act(room, chance.choice(ids), actions.Note("xem giúp")))
    shown("one step (a note)", found, base)


def _swept(connection: Connection) -> int:
    now = SystemClock().now_ms()
    return len(case_lists.running(connection, UNIT, now, 20_000))


async def main(number: int, closed: int, url: str) -> None:
    """Fill a database and measure."""
    with tempfile.TemporaryDirectory() as folder:
        chosen = url or f"sqlite:///{Path(folder) / 'a.db'}"
        await asyncio.to_thread(migrate, chosen)
        database = open_database(chosen)
        try:
            room = room_of(database)
            begun = time.perf_counter()
            ids = await fill(room, number, closed)
            each = (time.perf_counter() - begun) / (number + closed) * 1000
            print(f"{number} open, {closed} closed; written in {each:.2f} ms each")
            await measure(room, ids)
        finally:
            await database.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    asyncio.run(
        main(
            int(given[0]) if given else 10_000,
            int(given[1]) if len(given) > 1 else 30_000,
            given[2] if len(given) > 2 else "",
        )
    )
