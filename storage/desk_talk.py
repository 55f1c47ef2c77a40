"""What was said in a talk, and how far did each message of ours get?

Words are vault items; what goes with them is found by the instant they share with their
proof, and by the item that a send carries. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    LargeBinary,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.sql.elements import ColumnElement

from storage.database import is_postgres
from storage.tables import (
    case_link,
    case_message,
    case_record,
    evidence_entry,
    handover,
    outbox,
    survey_answer,
    vault_item,
)

Row = dict[str, Any]
RECEIVED = "citizen:message:received"
UNDERSTOOD = "bot:message:understood"
DELIVERED = "platform:message:delivered"
SEEN = "platform:message:seen"
REPLIES = ("reply", "case_reply")
SHOWN = (RECEIVED, *REPLIES)
WAITING = "waiting"


def items(
    connection: Connection,
    unit_id: str,
    person_id: str,
    limit: int,
    before: tuple[int, str] | None = None,
) -> list[Row]:
    """Return the newest words said by or to a person, newest first.

    ``before`` is (created at, item) of the oldest one seen.
    """
    item = vault_item.c
    where = [
        item.unit_id == unit_id,
        item.person_id == person_id,
        item.kind.in_(SHOWN),
    ]
    if before is not None:
        where.append(tuple_(item.created_at, item.item_id) < before)
    query = (
        select(vault_item)
        .where(*where)
        .order_by(item.created_at.desc(), item.item_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def outlines(
    connection: Connection, unit_id: str, people: Sequence[str], limit: int
) -> list[Row]:
    """Return what was said by or to some people without the words, newest first."""
    item = vault_item.c
    query = (
        select(item.person_id, item.item_id, item.kind, item.created_at)
        .where(
            item.unit_id == unit_id,
            item.person_id.in_(list(people)),
            item.kind.in_(SHOWN),
        )
        .order_by(item.created_at.desc(), item.item_id.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def other_cases(
    connection: Connection, unit_id: str, people: Sequence[str], kinds: Sequence[str]
) -> list[Row]:
    """Return the times of some people's cases that are of none of these kinds."""
    head = case_record.c
    query = select(
        head.person_id, head.channel, head.received_at, head.closed_at
    ).where(
        head.unit_id == unit_id,
        head.person_id.in_(list(people)),
        head.kind.not_in(list(kinds)),
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def proofs(connection: Connection, unit_id: str, times: Sequence[int]) -> list[Row]:
    """Return what was proved of messages at these instants, in order of the log.

    Ordered here: asked for an order by key, SQLite would read the whole log for it.
    """
    entry = evidence_entry.c
    query = select(entry.entry_id, entry.tag, entry.subject, entry.leaf).where(
        entry.unit_id == unit_id,
        entry.at.in_(sorted(set(times))),
        entry.tag.in_((RECEIVED, UNDERSTOOD)),
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(rows, key=lambda row: str(row["entry_id"]))


def read_as(
    connection: Connection, unit_id: str, times: Sequence[int], intents: Sequence[str]
) -> frozenset[int]:
    """Return at which of these instants something was read as one of these.

    The leaf is only looked into by the database: an instant too many may be named.
    """
    entry = evidence_entry.c
    query = select(entry.at).where(
        entry.unit_id == unit_id,
        entry.at.in_(sorted(set(times))),
        entry.tag == UNDERSTOOD,
        or_(*(_holds(connection, f'"{one}"'.encode()) for one in intents)),
    )
    return frozenset(connection.execute(query).scalars())


def sends(
    connection: Connection, unit_id: str, item_ids: Sequence[str]
) -> dict[str, Row]:
    """Return item -> its newest send."""
    query = select(outbox).where(
        outbox.c.unit_id == unit_id, outbox.c.item_id.in_(list(item_ids))
    )
    rows = [dict(row) for row in connection.execute(query).mappings()]
    return {row["item_id"]: row for row in sorted(rows, key=lambda r: str(r["row_id"]))}


def receipts(
    connection: Connection, unit_id: str, row_ids: Sequence[str]
) -> dict[str, str]:
    """Return send -> the furthest receipt of the platform (its tag)."""
    entry = evidence_entry.c
    query = select(entry.subject, entry.tag).where(
        entry.unit_id == unit_id,
        entry.subject.in_(list(row_ids)),
        entry.tag.in_((DELIVERED, SEEN)),
    )
    found = connection.execute(query)
    return dict(sorted((str(row.subject), str(row.tag)) for row in found))


def waiting(
    connection: Connection, unit_id: str, person_id: str, channel: str
) -> frozenset[str]:
    """Return the items that wait until the citizen writes again."""
    query = select(case_message.c.item_id).where(
        case_message.c.unit_id == unit_id,
        case_message.c.person_id == person_id,
        case_message.c.channel == channel,
        case_message.c.state == bindparam(None, WAITING, literal_execute=True),
    )
    return frozenset(connection.execute(query).scalars())


def of_cases(
    connection: Connection, unit_id: str, item_ids: Sequence[str], kinds: Sequence[str]
) -> frozenset[str]:
    """Return which of these items tell of a case of one of these kinds."""
    query = (
        select(case_message.c.item_id)
        .join(
            case_record,
            (case_record.c.unit_id == case_message.c.unit_id)
            & (case_record.c.case_id == case_message.c.case_id),
        )
        .where(
            case_message.c.unit_id == unit_id,
            case_message.c.item_id.in_(list(item_ids)),
            case_record.c.kind.in_(list(kinds)),
        )
    )
    return frozenset(connection.execute(query).scalars()) if item_ids else frozenset()


def is_said(connection: Connection, unit_id: str, cause: str) -> bool:
    """Whether something was planned for this cause already."""
    query = select(outbox.c.row_id).where(
        outbox.c.unit_id == unit_id, outbox.c.cause == cause
    )
    return connection.execute(query.limit(1)).first() is not None


def open_handover(
    connection: Connection, unit_id: str, person_id: str, channel: str
) -> Mapping[str, Any] | None:
    """Return the newest hand-over of a talk that is not closed."""
    query = (
        select(handover)
        .where(
            handover.c.unit_id == unit_id,
            handover.c.state.in_(("waiting", "posted", "taken")),
            handover.c.person_id == person_id,
            handover.c.channel == channel,
        )
        .order_by(handover.c.opened_at.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def is_linked(
    connection: Connection, unit_id: str, file_id: str, kinds: Sequence[str]
) -> bool:
    """Whether a case of one of these kinds names a file as its own."""
    query = (
        select(case_link.c.ref)
        .join(
            case_record,
            (case_record.c.unit_id == case_link.c.unit_id)
            & (case_record.c.case_id == case_link.c.case_id),
        )
        .where(
            case_link.c.unit_id == unit_id,
            case_link.c.kind == "file",
            case_link.c.ref == file_id,
            case_record.c.kind.in_(list(kinds)),
        )
    )
    return connection.execute(query.limit(1)).first() is not None


def rating(
    connection: Connection, unit_id: str, case_id: str
) -> Mapping[str, Any] | None:
    """Return how a citizen judged a case, None when they did not."""
    query = select(survey_answer).where(
        survey_answer.c.unit_id == unit_id,
        survey_answer.c.about == f"case:{case_id}",
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def _holds(connection: Connection, part: bytes) -> ColumnElement[bool]:
    leaf = evidence_entry.c.leaf
    if is_postgres(connection):
        return leaf.op("LIKE")(bindparam(None, b"%" + part + b"%", LargeBinary))
    return func.instr(leaf, bindparam(None, part, LargeBinary)) > 0
