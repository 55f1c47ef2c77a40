"""Which deadlines move when the calendar or the law changes? With a visible trail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from handlers.cases import apply as applying
from handlers.cases.apply import CaseServices
from handlers.cases.case import Case
from handlers.cases.rows import case_of
from handlers.staff.cases.act import Done, Prepared, carried_out, prepared
from handlers.staff.cases.file import opened
from handlers.staff.cases.workroom import Room
from storage import case_lists, cases, desk_lists, recounts
from storage.case_lists import Wanted

PAGE = 200

Place = tuple[int, str]


async def recompute(room: Room, why: str) -> list[Done]:
    """Work out every running term again; return the cases whose terms moved.

    One transaction a case, so that a long list holds up nobody.
    """
    moved: list[Done] = []
    for case_id in await _in_hand(room):
        moved += await _one(room, case_id, why)
    return moved


@dataclass(frozen=True, slots=True)
class Batch:
    """The cases whose terms moved, and how many open ones are still to be looked at."""

    moved: tuple[Done, ...] = ()
    left: int = 0


async def some(room: Room, facts: str, why: str, limit: int = PAGE) -> Batch:
    """Go on with at most so many cases from where the last batch ended.

    ``facts`` names the calendar and law of the room; others begin at the first case.
    Doing a batch again changes nothing, so a process may die anywhere, and two may
    work at once: how far they are is written after the cases, each case by itself.
    """
    unit_id, kinds = room.unit_id, room.services.kinds.listed(room.roles)
    at = await room.database.read(lambda c: recounts.place(c, unit_id, facts))
    if at.after is None:
        return Batch()
    after = at.after
    ids = await room.database.read(
        lambda c: recounts.open_after(c, unit_id, kinds, after, limit)
    )
    moved: list[Done] = []
    for case_id in ids:
        moved += await _one(room, case_id, why)
    reached = recounts.Place(facts, ids[-1] if len(ids) == limit else None)

    def work(connection: Connection) -> int:
        recounts.put(connection, unit_id, reached)
        return recounts.left(connection, unit_id, kinds, reached)

    return Batch(tuple(moved), await room.database.write(work))


async def left(room: Room, facts: str) -> int:
    """Return how many open cases these facts were not looked at for yet."""
    unit_id, kinds = room.unit_id, room.services.kinds.listed(room.roles)

    def work(connection: Connection) -> int:
        at = recounts.place(connection, unit_id, facts)
        return recounts.left(connection, unit_id, kinds, at)

    return await room.database.read(work)


@dataclass(frozen=True, slots=True)
class Moves:
    """A case whose terms another calendar would move; instants (aware) of the last."""

    case: Case
    before: datetime | None
    after: datetime | None


async def would_move(room: Room, services: CaseServices) -> list[Moves]:
    """Return the open cases whose terms these services would move; writes nothing."""
    found: list[Moves] = []
    at, ids = room.clock.now(), await _in_hand(room)
    for start in range(0, len(ids), PAGE):
        for case in await _heads(room, ids[start : start + PAGE]):
            change = applying.recompute(case, "calendar", at, services)
            if change is not None:
                found.append(_moves(case, change.case))
    return found


async def _heads(room: Room, ids: list[str]) -> list[Case]:
    kinds = room.services.kinds.listed(room.roles)

    def work(c: Connection) -> list[Case]:
        clocks = cases.clocks(c, room.unit_id, ids)
        rows = desk_lists.by_ids(c, room.unit_id, kinds, ids)
        return [case_of(row, clocks.get(row["case_id"], ())) for row in rows]

    return await room.database.read(work)


def _moves(case: Case, then: Case) -> Moves:
    pairs = zip(case.clocks, then.clocks, strict=True)
    before, after = [(a.at, b.at) for a, b in pairs if a.at != b.at][-1]
    return Moves(case, before, after)


async def _one(room: Room, case_id: str, why: str) -> list[Done]:
    async def plan() -> list[Prepared]:
        file = await opened(room, case_id)
        at = room.clock.now()
        change = applying.recompute(file.case, why, at, room.services)
        if change is None or file.vault is None:
            return []
        return [prepared(room, file, change)]

    return await carried_out(room, plan)


async def _in_hand(room: Room) -> list[str]:
    """Return the ids of all open cases, collected before any of them moves."""
    wanted = Wanted(kinds=room.services.kinds.listed(room.roles))
    found: list[str] = []
    after: Place | None = None
    while True:
        page = await _page(room, wanted, after)
        found += [case_id for _, case_id in page]
        if len(page) < PAGE:
            return found
        after = page[-1]


async def _page(room: Room, wanted: Wanted, after: Place | None) -> list[Place]:
    rows = await room.database.read(
        lambda c: case_lists.listed(c, room.unit_id, wanted, PAGE, after)
    )
    return [(row["due_at"], row["case_id"]) for row in rows]
