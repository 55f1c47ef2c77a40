"""Which cases and talks stand on the desk? One page of a list, by key, and the counts.

Cases go by the time they are due, ended ones and talks newest first. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from storage.tables import case_record, conversation, handover, person, vault_item

Row = dict[str, Any]
OPEN_HANDOVERS = ("waiting", "posted", "taken")
RETURNED = "returned"


class Tab(StrEnum):
    """The lists of the desk."""

    NEW = "new"
    MINE = "mine"
    TODAY = "today"
    OVERDUE = "overdue"
    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Slice:
    """What a list shows: ``kinds`` the reader may see, narrowed by what is given.

    ``in_hand`` are the states in which somebody of the commune has to act, ``queue``
    the owner of what nobody took, ``me`` whoever looks; the day ends at ``day_end``.
    """

    kinds: tuple[str, ...]
    in_hand: tuple[str, ...]
    queue: str
    me: str
    now: int
    day_end: int
    tab: Tab = Tab.NEW
    owner: str = ""
    channel: str = ""


def cases(
    connection: Connection,
    unit_id: str,
    wanted: Slice,
    limit: int,
    after: tuple[int, str] | None = None,
) -> list[Row]:
    """Return heads; ``after`` is (due or closed at, id) of the last one seen."""
    head = case_record.c
    where = [*_narrowed(unit_id, wanted), _tab(wanted.tab, wanted)]
    is_done = wanted.tab is Tab.DONE
    at = head.closed_at if is_done else head.due_at
    if after is not None:
        place = tuple_(at, head.case_id)
        where.append(place < after if is_done else place > after)
    order = (at.desc(), head.case_id.desc()) if is_done else (at, head.case_id)
    query = select(case_record).where(*where).order_by(*order).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def counted(connection: Connection, unit_id: str, wanted: Slice) -> dict[str, int]:
    """Count the open cases of each tab, narrowed as the list is; one pass."""
    tabs = [tab for tab in Tab if tab is not Tab.DONE]
    sums = [
        func.coalesce(func.sum(case((_tab(tab, wanted), 1), else_=0)), 0).label(tab)
        for tab in tabs
    ]
    is_open = case_record.c.closed_at.is_(None)
    query = select(*sums).where(*_narrowed(unit_id, wanted), is_open)
    row = connection.execute(query).one()
    return {tab.value: int(number) for tab, number in zip(tabs, row, strict=True)}


def by_ids(
    connection: Connection, unit_id: str, kinds: Sequence[str], ids: Sequence[str]
) -> list[Row]:
    """Return the heads of these cases that are of these kinds, newest first."""
    head = case_record.c
    query = (
        select(case_record)
        .where(
            head.unit_id == unit_id,
            head.case_id.in_(list(ids)),
            head.kind.in_(list(kinds)),
        )
        .order_by(head.case_id.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def talks(
    connection: Connection,
    unit_id: str,
    limit: int,
    *,
    channel: str = "",
    after: tuple[int, str] | None = None,
) -> list[Row]:
    """Return conversations, the one that was written in last first."""
    talk = conversation.c
    where: list[ColumnElement[bool]] = [talk.unit_id == unit_id]
    if channel:
        where.append(talk.channel == channel)
    if after is not None:
        where.append(tuple_(talk.last_inbound_at, talk.person_id) < after)
    query = (
        select(conversation)
        .where(*where)
        .order_by(talk.last_inbound_at.desc(), talk.person_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def talks_of(
    connection: Connection, unit_id: str, person_ids: Sequence[str]
) -> list[Row]:
    """Return the conversations of these people."""
    query = select(conversation).where(
        conversation.c.unit_id == unit_id,
        conversation.c.person_id.in_(list(person_ids)),
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def with_words(
    connection: Connection,
    unit_id: str,
    kinds: Sequence[str],
    states: Sequence[str],
    between: tuple[int, int],
    limit: int,
) -> list[Row]:
    """Return cases received within two instants (UTC ms), newest first, with words.

    ``sealed`` and ``wrapped_key`` open them; who was erased has none and is left out.
    """
    head = case_record.c
    query = (
        select(
            head.case_id,
            head.code,
            head.kind,
            head.person_id,
            head.item_id,
            vault_item.c.sealed,
            person.c.wrapped_key,
        )
        .join(
            vault_item,
            (vault_item.c.unit_id == head.unit_id)
            & (vault_item.c.item_id == head.item_id),
        )
        .join(
            person,
            (person.c.unit_id == head.unit_id) & (person.c.person_id == head.person_id),
        )
        .where(
            head.unit_id == unit_id,
            head.closed_at.is_(None),
            head.kind.in_(list(kinds)),
            head.state.in_(list(states)),
            head.received_at.between(*between),
            person.c.wrapped_key.is_not(None),
        )
        .order_by(head.received_at.desc(), head.case_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def waiting_talks(
    connection: Connection, unit_id: str, limit: int = 500
) -> dict[tuple[str, str], Row]:
    """Return the open hand-overs by (person, channel); the newest of each counts."""
    query = (
        select(handover)
        .where(handover.c.unit_id == unit_id, handover.c.state.in_(OPEN_HANDOVERS))
        .order_by(handover.c.opened_at.desc())
        .limit(limit)
    )
    found: dict[tuple[str, str], Row] = {}
    for row in connection.execute(query).mappings():
        found.setdefault((row["person_id"], row["channel"]), dict(row))
    return found


def key_of(connection: Connection, unit_id: str, person_id: str) -> bytes | None:
    """Return a person's wrapped key, None when nobody is there or they were erased."""
    query = select(person.c.wrapped_key).where(
        person.c.unit_id == unit_id, person.c.person_id == person_id
    )
    found: bytes | None = connection.execute(query).scalar()
    return found


def _narrowed(unit_id: str, wanted: Slice) -> list[ColumnElement[bool]]:
    head = case_record.c
    where = [head.unit_id == unit_id, head.kind.in_(wanted.kinds)]
    if wanted.owner:
        where.append(head.owner == wanted.owner)
    if wanted.channel:
        where.append(head.channel == wanted.channel)
    return where


def _tab(tab: Tab, wanted: Slice) -> ColumnElement[bool]:
    head = case_record.c
    is_open = head.closed_at.is_(None)
    in_hand = and_(is_open, head.state.in_(wanted.in_hand))
    found: dict[Tab, ColumnElement[bool]] = {
        Tab.NEW: and_(in_hand, head.owner == wanted.queue),
        Tab.MINE: and_(in_hand, head.owner == wanted.me),
        Tab.TODAY: and_(
            in_hand, head.due_at >= wanted.now, head.due_at <= wanted.day_end
        ),
        Tab.OVERDUE: and_(in_hand, head.due_at < wanted.now),
        Tab.WAITING: and_(is_open, or_(head.is_waiting, head.state == RETURNED)),
        Tab.OPEN: is_open,
        Tab.DONE: head.closed_at.is_not(None),
    }
    return found[tab]
