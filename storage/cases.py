"""How is a case stored and found? Heads by compare-and-swap (lists: case_lists).

A message that may not be sent now waits in ``case_message``; ``release`` puts it into
the outbox before the replies to whatever the citizen writes next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage import evidence, operations, outbox, people
from storage.case_areas import AREA
from storage.database import insert
from storage.errors import ConflictError
from storage.tables import (
    case_clock,
    case_history,
    case_link,
    case_message,
    case_number,
    case_record,
    person,
)
from storage.tables import outbox as outbox_table
from storage.tables.base import is_one_of

Row = Mapping[str, Any]

NO_DUE = 253_370_764_800_000
"""The year 9999: a case whose clocks rest stands last in a list by due time."""
WAITING = "waiting"
QUEUED = "queued"


@dataclass(slots=True)
class CaseRows:
    """All rows of one change of one case; ``seen_version`` is 0 for a new one."""

    record: dict[str, Any]
    seen_version: int = 0
    clocks: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    sends: list[dict[str, Any]] = field(default_factory=list)
    notices: list[dict[str, Any]] = field(default_factory=list)


def write(connection: Connection, rows: CaseRows) -> None:
    """Write one change whole; raises ConflictError when somebody was faster."""
    _head(connection, rows.record, rows.seen_version)
    here = _is(case_clock, rows.record)
    if rows.seen_version:
        connection.execute(delete(case_clock).where(*here))
    for table, found in (
        (case_clock, rows.clocks),
        (case_history, rows.history),
        (case_message, rows.messages),
    ):
        if found:
            connection.execute(table.insert(), found)
    for link in rows.links:
        statement = insert(connection, case_link).values(link)
        connection.execute(statement.on_conflict_do_nothing())
    people.add_items(connection, rows.items)
    evidence.append(connection, rows.entries)
    outbox.plan(connection, rows.sends)
    for notice in rows.notices:
        operations.add_notice(connection, notice)


def _head(connection: Connection, row: dict[str, Any], seen_version: int) -> None:
    if seen_version == 0:
        made = insert(connection, case_record).values(row).on_conflict_do_nothing()
        changed = connection.execute(made).rowcount
    else:
        where = (*_is(case_record, row), case_record.c.version == seen_version)
        values = {k: v for k, v in row.items() if k not in ("unit_id", "case_id")}
        changed = connection.execute(
            update(case_record).where(*where).values(values)
        ).rowcount
    if changed != 1:
        raise ConflictError("case")


def reserve(connection: Connection, unit_id: str, day: str) -> int:
    """Return the next number of a local day (ISO); two never get the same."""
    statement = insert(connection, case_number).values(unit_id=unit_id, day=day, last=1)
    return int(
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["unit_id", "day"],
                set_={"last": case_number.c.last + 1},
            ).returning(case_number.c.last)
        ).scalar_one()
    )


def get(connection: Connection, unit_id: str, case_id: str) -> dict[str, Any] | None:
    """Return a head with its person's wrapped key, None when there is none."""
    return _one(connection, unit_id, case_record.c.case_id == case_id)


def by_code(connection: Connection, unit_id: str, code: str) -> dict[str, Any] | None:
    """Return a head by its code."""
    return _one(connection, unit_id, case_record.c.code == code)


def of_person(
    connection: Connection, unit_id: str, person_id: str, limit: int = 5
) -> list[dict[str, Any]]:
    """Return a person's newest cases, newest first."""
    query = (
        select(case_record)
        .where(case_record.c.unit_id == unit_id, case_record.c.person_id == person_id)
        .order_by(case_record.c.received_at.desc(), case_record.c.case_id.desc())
        .limit(limit)
    )
    return _rows(connection, query)


def clocks(
    connection: Connection, unit_id: str, case_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the clocks of cases, in their order."""
    query = (
        select(case_clock)
        .where(case_clock.c.unit_id == unit_id, case_clock.c.case_id.in_(case_ids))
        .order_by(case_clock.c.case_id, case_clock.c.number)
    )
    return _grouped(_rows(connection, query) if case_ids else [])


def links(
    connection: Connection, unit_id: str, case_ids: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return what cases are linked with; not where they are."""
    query = (
        select(case_link)
        .where(
            case_link.c.unit_id == unit_id,
            case_link.c.case_id.in_(case_ids),
            case_link.c.kind != AREA,
        )
        .order_by(case_link.c.case_id, case_link.c.at, case_link.c.ref)
    )
    return _grouped(_rows(connection, query) if case_ids else [])


def history(connection: Connection, unit_id: str, case_id: str) -> list[dict[str, Any]]:
    """Return what happened, oldest first."""
    query = (
        select(case_history)
        .where(case_history.c.unit_id == unit_id, case_history.c.case_id == case_id)
        .order_by(case_history.c.seq)
    )
    return _rows(connection, query)


def messages(
    connection: Connection, unit_id: str, case_id: str
) -> list[dict[str, Any]]:
    """Return what was told or waits to be told, with how far each send got."""
    sent = outbox_table
    query = (
        select(
            case_message,
            sent.c.state.label("send_state"),
            sent.c.code.label("send_code"),
        )
        .outerjoin(
            sent,
            (sent.c.unit_id == case_message.c.unit_id)
            & (sent.c.row_id == case_message.c.message_id),
        )
        .where(case_message.c.unit_id == unit_id, case_message.c.case_id == case_id)
        .order_by(case_message.c.message_id)
    )
    return _rows(connection, query)


def release(
    connection: Connection, unit_id: str, person_id: str, channel: str, now: int
) -> list[dict[str, Any]]:
    """Put what waited for this contact into the outbox, as urgent as a reply.

    A message's id is older than those of the replies now planned, so it goes first.
    """
    values = {"b_unit": unit_id, "b_person": person_id, "b_channel": channel}
    found = [dict(r) for r in connection.execute(WAITING_OF, values).mappings()]
    if not found:
        return []
    ids = [row["message_id"] for row in found]
    connection.execute(
        update(case_message)
        .where(case_message.c.unit_id == unit_id, case_message.c.message_id.in_(ids))
        .values(state=QUEUED, updated_at=now)
    )
    outbox.plan(
        connection, [_send(row, number, now) for number, row in enumerate(found)]
    )
    connection.execute(
        update(case_record)
        .where(
            case_record.c.unit_id == unit_id,
            case_record.c.case_id.in_({row["case_id"] for row in found}),
        )
        .values(is_waiting=False, version=case_record.c.version + 1)
    )
    return found


def wait_again(
    connection: Connection, unit_id: str, message_id: str, again: str, now: int
) -> bool:
    """Let a message whose window closed before it left wait under another id.

    Returns False for a send that is no message about a case.
    """
    query = select(case_message).where(
        case_message.c.unit_id == unit_id, case_message.c.message_id == message_id
    )
    found = _rows(connection, query)
    if not found:
        return False
    row = found[0] | {"message_id": again, "state": WAITING, "updated_at": now}
    connection.execute(case_message.insert(), row)
    connection.execute(
        update(case_record)
        .where(*_is(case_record, row))
        .values(is_waiting=True, version=case_record.c.version + 1)
    )
    return True


def _send(row: Row, number: int, now: int) -> dict[str, Any]:
    shared = ("unit_id", "channel", "person_id", "item_id", "human")
    return {name: row[name] for name in shared} | {
        "row_id": row["message_id"],
        "kind": "case",
        "priority": int(outbox.Priority.REPLY),
        "cause": f"wait:{row['message_id']}",
        "position": number,
        "state": outbox.State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _one(
    connection: Connection, unit_id: str, which: ColumnElement[bool]
) -> dict[str, Any] | None:
    query = (
        select(case_record, person.c.wrapped_key)
        .outerjoin(
            person,
            (person.c.unit_id == case_record.c.unit_id)
            & (person.c.person_id == case_record.c.person_id),
        )
        .where(case_record.c.unit_id == unit_id, which)
    )
    found = _rows(connection, query)
    return found[0] if found else None


def _is(table: Any, row: Row) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.unit_id == row["unit_id"], table.c.case_id == row["case_id"]


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _grouped(rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["case_id"], []).append(row)
    return found


WAITING_OF = (
    select(case_message)
    .where(
        case_message.c.unit_id == bindparam("b_unit"),
        case_message.c.person_id == bindparam("b_person"),
        case_message.c.channel == bindparam("b_channel"),
        is_one_of(case_message.c.state, WAITING),
    )
    .order_by(case_message.c.message_id)
)
