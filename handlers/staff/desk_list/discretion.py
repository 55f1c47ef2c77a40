"""Which words of a talk belong to a matter that the reader may not see?

Kinds of case name the roles they are for (handlers/cases/data/kinds.yml). A message
read as such a matter begins one; what follows belongs to it until a message is plainly
about something else. While a case of such a kind is open, unread words belong to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import to_ms
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list.marks import (
    Bubble,
    Mark,
    marks_from,
    marks_of,
    proved,
)
from storage import desk_talk

CITIZEN: Final = "citizen"
PLACEHOLDER: Final = "Lời này thuộc việc chỉ người được giao mới xem."
MATTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "khieu_nai": ("khieu_nai",),
    "to_cao": ("to_cao",),
    "sealed": ("to_cao",),
    "privacy": ("du_lieu_xem_sua", "du_lieu_rut", "du_lieu_xoa"),
}
"""The kinds of case that a reading is about; who sees none of them sees no words."""
FRESH: Final = frozenset(
    {
        "ask_procedure",
        "apply_online",
        "phan_anh",
        "kien_nghi",
        "emergency",
        "hotline",
        "office_hours",
        "schedule",
        "home_service",
        "survey",
        "greeting",
        "praise",
        "help",
        "opt_out",
        "opt_in",
    }
)
"""Readings that begin a matter anybody at the desk may see."""
FRESH_GAP_MS: Final = 24 * 3_600_000
"""After a day of silence an unread message belongs to nothing earlier."""
LEAD: Final = 120
MOST: Final = 500
MOST_OUTLINES: Final = 5000
AT_ONCE: Final = 50
"""People whose messages are looked at together."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Discretion:
    """What is kept from a reader: readings, and times (UTC ms) of cases, None: open."""

    intents: frozenset[str] = frozenset()
    spans: tuple[tuple[int, int | None], ...] = ()

    @property
    def is_needed(self) -> bool:
        """Whether anything may have to be hidden."""
        return bool(self.intents or self.spans)

    def hides(self, marks: Iterable[Mark]) -> list[bool]:
        """Return for each message, in their order, whether it is hidden."""
        found: list[bool] = []
        hidden, covers, last = False, False, 0
        for mark in marks:
            if mark.at - last > FRESH_GAP_MS:
                hidden = covers = False
            if mark.intent in self.intents:
                hidden = True
            elif mark.intent in FRESH:
                hidden = False
            if mark.side != "bot":  # what we answer belongs to what was asked
                is_unread = mark.intent not in FRESH
                covers = hidden or (is_unread and self._is_within(mark.at))
            found.append(covers and not mark.is_open)
            last = mark.at
        return found

    def _is_within(self, at: int) -> bool:
        return any(
            start <= at and (end is None or at <= end) for start, end in self.spans
        )


def hidden_intents(room: Room) -> frozenset[str]:
    """Return the readings whose words somebody may not see; none for commands."""
    if room.roles is None:
        return frozenset()
    seen = frozenset(room.services.kinds.listed(room.roles))
    return frozenset(one for one, kinds in MATTERS.items() if seen.isdisjoint(kinds))


def discretion(
    room: Room, connection: Connection, person_id: str, channel: str = ""
) -> Discretion:
    """Return what is kept from whoever works in a room, of one talk or of all."""
    if room.roles is None:
        return Discretion()
    seen = room.services.kinds.listed(room.roles)
    rows = desk_talk.other_cases(connection, room.unit_id, [person_id], seen)
    return Discretion(
        hidden_intents(room),
        tuple(
            (row["received_at"], row["closed_at"])
            for row in rows
            if channel in ("", row["channel"])
        ),
    )


def partly_open(
    room: Room, connection: Connection, people: Sequence[str]
) -> dict[str, frozenset[str]]:
    """Return the people of whom something is kept from the reader.

    With each the items that they may see, of the newest. No word is opened.
    """
    return {
        person: frozenset(row["item_id"] for row, hidden in told if not hidden)
        for person, told in _told(room, connection, people).items()
    }


def kept_back(
    room: Room, connection: Connection, said: Iterable[tuple[str, int]], back: int = 1
) -> frozenset[tuple[str, int]]:
    """Return which of (person, UTC ms) lie within what is kept from the reader.

    ``back``: 2 where the words may be those of the message before. What is older than
    the messages looked at is kept back from a reader from whom anything of it is.
    """
    wanted = frozenset(said)
    people = sorted({person for person, _ in wanted})
    found: set[tuple[str, int]] = set()
    for start in range(0, len(people), AT_ONCE):
        some = _told(room, connection, people[start : start + AT_ONCE])
        found |= {
            (person, at)
            for person, at in wanted
            if person in some and _is_kept(some[person], at, back)
        }
    return frozenset(found)


def _is_kept(told: Sequence[tuple[Row, bool]], at: int, back: int) -> bool:
    before = [
        hidden
        for row, hidden in told
        if row["kind"] == desk_talk.RECEIVED and row["created_at"] <= at
    ]
    return any(before[-back:]) or not before


def _told(
    room: Room, connection: Connection, people: Sequence[str]
) -> dict[str, list[tuple[Row, bool]]]:
    """Return what was said, oldest first, and whether it is hidden, where any is."""
    intents = hidden_intents(room)
    if not intents or not people:
        return {}
    seen = room.services.kinds.listed(room.roles)
    where = (connection, room.unit_id)
    rows = desk_talk.outlines(*where, people, MOST_OUTLINES)
    spans: dict[str, list[tuple[int, int | None]]] = {}
    for row in desk_talk.other_cases(*where, people, seen):
        times = (row["received_at"], row["closed_at"])
        spans.setdefault(row["person_id"], []).append(times)
    touched = _touched(*where, rows, intents) | spans.keys()
    rows = [row for row in rows if row["person_id"] in touched]
    told = proved(*where, rows)
    found: dict[str, list[tuple[Row, bool]]] = {}
    for person in touched:
        mine = [row for row in rows if row["person_id"] == person]
        kept = Discretion(intents, tuple(spans.get(person, ())))
        hides = kept.hides(marks_from(mine, told))
        if any(hides):
            found[person] = list(zip(reversed(mine), hides, strict=True))
    return found


def _touched(
    connection: Connection, unit_id: str, rows: Iterable[Row], intents: frozenset[str]
) -> set[str]:
    """Return of whom a message may have been read as one of these; few, mostly none."""
    received = [row for row in rows if row["kind"] == desk_talk.RECEIVED]
    times = [row["created_at"] for row in received]
    if not times:
        return set()
    found = desk_talk.read_as(connection, unit_id, times, sorted(intents))
    return {row["person_id"] for row in received if row["created_at"] in found}


def covered(
    bubbles: Sequence[Bubble], kept: Discretion, before: Sequence[Mark]
) -> tuple[Bubble, ...]:
    """Return the messages with those that are kept from the reader covered up.

    ``before`` are the messages just before these; hidden ones in a row become one.
    """
    if not kept.is_needed:
        return tuple(bubbles)
    marks = [*before, *(_mark(one) for one in bubbles)]
    hides = kept.hides(marks)[len(before) :]
    found: list[Bubble] = []
    for one, is_hidden in zip(bubbles, hides, strict=True):
        if not is_hidden:
            found.append(one)
        elif not (found and found[-1].is_hidden and found[-1].side == one.side):
            found.append(Bubble(one.at, one.side, PLACEHOLDER, is_hidden=True))
    return tuple(found)


def lead(
    connection: Connection, unit_id: str, person_id: str, oldest: Row
) -> list[Mark]:
    """Return the messages just before a page of a talk."""
    place = (oldest["created_at"], oldest["item_id"])
    rows = desk_talk.items(connection, unit_id, person_id, LEAD, place)
    return marks_of(connection, unit_id, rows)


def may_open(room: Room, connection: Connection, file: Row) -> bool:
    """Whether somebody may open a file: it belongs to nothing that is kept from them.

    What a case of theirs names as its file they may open in any case.
    """
    kept = discretion(room, connection, file["person_id"])
    if not kept.is_needed:
        return True
    kinds = room.services.kinds.listed(room.roles)
    if desk_talk.is_linked(connection, room.unit_id, file["file_id"], kinds):
        return True
    rows = desk_talk.items(connection, room.unit_id, file["person_id"], MOST)
    marks = marks_of(connection, room.unit_id, rows)
    own = Mark(file["created_at"], CITIZEN)
    marks = sorted([*marks, own], key=lambda one: one.at)
    return not kept.hides(marks)[marks.index(own)]


def _mark(one: Bubble) -> Mark:
    intent = str(one.read.get("intent", "")) if one.read else ""
    return Mark(to_ms(one.at), one.side, intent, is_open=one.is_open)
