"""Whose data has been kept long enough? Asked by group, over one connection.

A person is quiet when nothing of theirs was written or said since; whoever stands in
any table that this module does not know to be casual is kept, so that a table of
tomorrow protects its people until somebody decides otherwise.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from storage.letters_occasions import DONE
from storage.outbox_states import ACTIVE
from storage.tables import (
    case_record,
    conversation,
    handover,
    metadata,
    occasion,
    outbox,
    person,
    security_event,
    vault_item,
)


class Group(StrEnum):
    """What a rule can be about."""

    PEOPLE_WITHOUT_CASE = "people_without_case"
    PEOPLE_WITH_CLOSED_CASES = "people_with_closed_cases"
    FINISHED_OCCASIONS = "finished_occasions"
    SECURITY_COUNTS = "security_counts"


PEOPLE = (Group.PEOPLE_WITHOUT_CASE, Group.PEOPLE_WITH_CLOSED_CASES)
CASUAL = frozenset(
    {
        "person",
        "identity",
        "vault_item",
        "conversation",
        "handover",
        "outbox",
        "received_file",
        "desk_search",
        "lesson_candidate",
        "survey_answer",
        "page_comment",
        "case_record",
        "case_message",
        "consent_event",
        "person_minor",
    }
)
"""Tables in which somebody may stand and still be quiet; cases are asked about."""


def quiet_people(
    connection: Connection, unit_id: str, group: Group, before: int, limit: int
) -> list[str]:
    """Return ids of people whose data is over, oldest first. ``before`` is UTC ms."""
    cases = case_record.c.person_id == person.c.person_id
    mine = (case_record.c.unit_id == unit_id) & cases
    has_case = _is_there(case_record, mine)
    running = mine & (
        case_record.c.closed_at.is_(None) | (case_record.c.closed_at >= before)
    )
    query = _quiet(unit_id, before)
    if group is Group.PEOPLE_WITHOUT_CASE:
        query = query.where(~has_case)
    else:
        query = query.where(has_case, ~_is_there(case_record, running))
    query = query.order_by(person.c.created_at, person.c.person_id).limit(limit)
    return list(connection.execute(query).scalars())


def count_quiet(connection: Connection, unit_id: str, group: Group, before: int) -> int:
    """Return how many things a rule would end."""
    if group in PEOPLE:
        return len(quiet_people(connection, unit_id, group, before, 2**31 - 1))
    table, which = _old_rows(unit_id, group, before)
    counted = select(func.count()).select_from(table).where(*which)
    found: int = connection.execute(counted).scalar_one()
    return found


def drop_rows(connection: Connection, unit_id: str, group: Group, before: int) -> int:
    """Delete what a rule about rows ends, older than then (UTC ms); return how many.

    With an occasion goes what was told of somebody; its letter stays.
    """
    table, which = _old_rows(unit_id, group, before)
    if table is occasion:
        told = select(occasion.c.item_id).where(*which, occasion.c.item_id.is_not(None))
        mine = (vault_item.c.unit_id == unit_id, vault_item.c.item_id.in_(told))
        connection.execute(delete(vault_item).where(*mine))
    return connection.execute(delete(table).where(*which)).rowcount


def _quiet(unit_id: str, before: int) -> Select[str]:
    """Nothing new, nothing open, nothing on its way, and in no list of others."""
    said = _of(vault_item) & (vault_item.c.created_at >= before)
    wrote = _of(conversation) & (conversation.c.last_inbound_at >= before)
    asks = _of(handover) & (handover.c.state != "closed")
    waits = _of(outbox) & outbox.c.state.in_(ACTIVE)
    moving = ((vault_item, said), (conversation, wrote))
    open_ones = ((handover, asks), (outbox, waits))
    others = [(table, _of(table)) for table in _keepers()]
    return select(person.c.person_id).where(
        person.c.unit_id == unit_id,
        person.c.erased_at.is_(None),
        person.c.created_at < before,
        *(~_is_there(t, which) for t, which in (*moving, *open_ones, *others)),
    )


def _keepers() -> list[Table]:
    return [
        table
        for table in metadata.sorted_tables
        if "person_id" in table.c and table.name not in CASUAL
    ]


def _of(table: Table) -> ColumnElement[bool]:
    return (table.c.unit_id == person.c.unit_id) & (
        table.c.person_id == person.c.person_id
    )


def _is_there(table: Table, which: Any) -> ColumnElement[bool]:
    return select(table.c.unit_id).where(which).correlate(person).exists()


def _old_rows(
    unit_id: str, group: Group, before: int
) -> tuple[Table, tuple[ColumnElement[bool], ...]]:
    if group is Group.FINISHED_OCCASIONS:
        is_done, is_old = occasion.c.state == DONE, occasion.c.updated_at < before
        return occasion, (occasion.c.unit_id == unit_id, is_done, is_old)
    hour = datetime.fromtimestamp(before / 1000, UTC).strftime("%Y-%m-%dT%H")
    return security_event, (
        security_event.c.unit_id == unit_id,
        security_event.c.hour < hour,
    )
