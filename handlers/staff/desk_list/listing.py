"""Which cases and talks are there to do, tab by tab? Heads only, no words opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.case import IN_HAND, QUEUE, Case
from handlers.cases.kind import CaseKind
from handlers.cases.moments import end_of, from_ms, local_day, to_ms
from handlers.cases.rows import case_of
from handlers.citizen.case_open import KINDS
from handlers.staff.cases.workroom import Room
from storage import cases, desk_lists
from storage.desk_lists import Slice, Tab

PAGE = 50
UNNAMED = "viec_khac"
Place = tuple[int, str]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which page of which list; ``kinds`` empty: all that the reader may see."""

    tab: Tab = Tab.NEW
    kinds: frozenset[str] = frozenset()
    owner: str = ""
    channel: str = ""
    after: Place | None = None
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list."""

    case: Case
    kind: CaseKind
    due_at: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, where the next page begins, and how many each tab holds."""

    lines: tuple[Line, ...]
    next: Place | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One talk of a list; ``reason`` is why the citizen waits for a person, or ""."""

    person_id: str
    channel: str
    last_at: datetime
    muted_until: datetime | None
    reason: str = ""
    is_taken: bool = False


async def page(room: Room, wish: Wish) -> Page:
    """Return one page of cases; sealed kinds never, whoever asks."""
    wanted = _slice(room, wish)

    def work(connection: Connection) -> tuple[list[dict[str, Any]], dict[str, int]]:
        where = (connection, room.unit_id, wanted)
        found = desk_lists.cases(*where, wish.limit + 1, wish.after)
        return found, desk_lists.counted(*where)

    rows, counts = await room.database.read(work)
    shown = rows[: wish.limit]
    at = "closed_at" if wish.tab is Tab.DONE else "due_at"
    is_more = len(rows) > wish.limit
    after = (shown[-1][at], shown[-1]["case_id"]) if is_more else None
    return Page(await lines(room, shown), after, counts)


async def lines(room: Room, rows: list[dict[str, Any]]) -> tuple[Line, ...]:
    """Return heads as lines, in their order."""
    ids = [row["case_id"] for row in rows]
    clocks = await room.database.read(lambda c: cases.clocks(c, room.unit_id, ids))
    now = room.clock.now()
    return tuple(
        _line(room, case_of(row, clocks.get(row["case_id"], ())), now) for row in rows
    )


async def drafts(room: Room) -> tuple[Line, ...]:
    """Return the cases whose draft answer waits for a leader, the most urgent first."""
    approved = {k.code for k in room.services.kinds if k.needs_approval}
    wish = Wish(Tab.OPEN, kinds=frozenset(approved), limit=500)
    found = (await page(room, wish)).lines
    return tuple(
        one for one in found if one.case.draft and one.case.draft.state == "waiting"
    )


async def talks(
    room: Room, channel: str = "", after: Place | None = None, limit: int = PAGE
) -> tuple[tuple[TalkLine, ...], Place | None]:
    """Return one page of talks, newest first, and where the next one begins."""

    def work(connection: Connection) -> tuple[list[Any], dict[tuple[str, str], Any]]:
        where = (connection, room.unit_id)
        rows = desk_lists.talks(*where, limit + 1, channel=channel, after=after)
        return rows, desk_lists.waiting_talks(*where)

    rows, waiting = await room.database.read(work)
    shown = rows[:limit]
    is_more = len(rows) > limit
    last = (shown[-1]["last_inbound_at"], shown[-1]["person_id"]) if is_more else None
    return tuple(talk_line(row, seen_reasons(room, waiting)) for row in shown), last


def talk_line(row: Row, waiting: Mapping[tuple[str, str], Row]) -> TalkLine:
    """Return a conversation as a line."""
    asked = waiting.get((row["person_id"], row["channel"]))
    until = row["muted_until"]
    return TalkLine(
        row["person_id"],
        row["channel"],
        from_ms(row["last_inbound_at"]),
        from_ms(until) if until else None,
        reason=asked["reason"] if asked else "",
        is_taken=bool(asked) and asked["state"] == "taken" if asked else False,
    )


def seen_reasons(
    room: Room, waiting: Mapping[tuple[str, str], Row]
) -> dict[tuple[str, str], Row]:
    """Return who waits; a reason that is not for the reader's eyes has no name."""
    seen = frozenset(room.services.kinds.listed(room.roles))

    def known(row: Row) -> Row:
        kind = KINDS.get(row["reason"], "")
        return row if kind in ("", *seen) else dict(row) | {"reason": UNNAMED}

    return {key: known(row) for key, row in waiting.items()}


def _slice(room: Room, wish: Wish) -> Slice:
    seen = room.services.kinds.listed(room.roles)
    kinds = tuple(k for k in seen if not wish.kinds or k in wish.kinds)
    now = room.clock.now()
    return Slice(
        kinds=kinds,
        in_hand=tuple(sorted(state.value for state in IN_HAND)),
        queue=QUEUE,
        me=room.by,
        now=to_ms(now),
        day_end=to_ms(end_of(local_day(now))),
        tab=wish.tab,
        owner=wish.owner,
        channel=wish.channel,
    )


def _line(room: Room, case: Case, now: datetime) -> Line:
    due = case.due
    kind = room.services.kinds.get(case.kind)
    is_late = due is not None and due.is_overdue(now)
    return Line(case, kind, due.at if due else None, is_late)
