"""Which hand-overs do staff still have to see, and where do they talk about each?

No table of its own. A topic is an identity of the citizen on a staff channel and a
sealed item of theirs, so erasing the person reaches both. A member of staff is told
once: the cause of an outbox row names what it tells of. Times are UTC ms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, and_, literal, select, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import (
    case_record,
    conversation,
    handover,
    identity,
    notice,
    outbox,
    person,
    vault_item,
)

Row = Mapping[str, Any]

MESSAGE = "citizen:message:received"
"""The kind of the item that holds what a citizen wrote."""
TOPIC = "desk_topic"
NOTICE_CAUSE = "desk:n:"
MESSAGE_CAUSE = "desk:m:"
DRAFT_CAUSE = "desk:d:"
FILE_CAUSE = "desk:f:"
TOLD = "desk_told"
"""The kind of the item that says, under a notice's id, that the notice was told."""
SAME = ("unit_id", "kind", "subject", "detail", "created_at")
"""Notices that agree in these tell several members the same thing."""


_is_case_of = and_(
    case_record.c.unit_id == handover.c.unit_id,
    case_record.c.case_id == handover.c.handover_id,
)
"""A hand-over that opened a case has its id, and is called by its code."""


class State(StrEnum):
    """How far a hand-over got; the first is the state in which it is opened."""

    WAITING = "waiting"
    POSTED = "posted"
    TAKEN = "taken"
    CLOSED = "closed"


OPEN = (State.POSTED, State.TAKEN)


def waiting(
    connection: Connection, unit_id: str, since: int, limit: int
) -> list[dict[str, Any]]:
    """Return hand-overs that no staff channel was told of, oldest first."""
    query = (
        _with_question()
        .where(
            handover.c.unit_id == unit_id,
            handover.c.state == State.WAITING,
            handover.c.opened_at >= since,
        )
        .order_by(handover.c.opened_at, handover.c.handover_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def find(connection: Connection, unit_id: str, ref: str) -> dict[str, Any] | None:
    """Return one hand-over with its sealed question; None when it is gone."""
    query = _with_question().where(
        handover.c.unit_id == unit_id, handover.c.handover_id == ref
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def open_matters(connection: Connection, unit_id: str) -> list[tuple[str, str]]:
    """Return (id, code of its case or "") of what staff know of and is not closed."""
    query = (
        select(handover.c.handover_id, case_record.c.code)
        .outerjoin(case_record, _is_case_of)
        .where(handover.c.unit_id == unit_id, handover.c.state.in_(OPEN))
        .order_by(handover.c.opened_at)
    )
    return [(ref, code or "") for ref, code in connection.execute(query)]


def move(
    connection: Connection, unit_id: str, ref: str, seen: State, state: State
) -> None:
    """Change a state by compare-and-swap; raises ConflictError."""
    changed = connection.execute(
        update(handover)
        .where(
            handover.c.unit_id == unit_id,
            handover.c.handover_id == ref,
            handover.c.state == seen,
        )
        .values(state=state)
    ).rowcount
    if changed != 1:
        raise ConflictError("handover")


def sealed_item(connection: Connection, unit_id: str, item_id: str) -> bytes | None:
    """Return the bytes of an item, None when there is none."""
    query = select(vault_item.c.sealed).where(
        vault_item.c.unit_id == unit_id, vault_item.c.item_id == item_id
    )
    found: bytes | None = connection.execute(query).scalar()
    return found


def save_topic(connection: Connection, item: Row, identity_row: Row) -> None:
    """Remember where a matter is talked about; the latest place counts."""
    statement = insert(connection, vault_item).values(dict(item))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "item_id"], set_={"sealed": item["sealed"]}
        )
    )
    place = insert(connection, identity).values(dict(identity_row))
    connection.execute(place.on_conflict_do_nothing())


def identity_of(
    connection: Connection, unit_id: str, channel: str, id_mac: str
) -> dict[str, Any] | None:
    """Return whose topic this is, with the key to open its name."""
    query = (
        select(identity, person.c.wrapped_key)
        .join(
            person,
            (person.c.unit_id == identity.c.unit_id)
            & (person.c.person_id == identity.c.person_id),
        )
        .where(
            identity.c.unit_id == unit_id,
            identity.c.channel == channel,
            identity.c.id_mac == id_mac,
        )
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def untold_messages(
    connection: Connection, unit_id: str, limit: int
) -> list[dict[str, Any]]:
    """Return what citizens wrote while the bot was silent because people answer."""
    told = select(outbox.c.row_id).where(
        outbox.c.unit_id == vault_item.c.unit_id,
        outbox.c.cause == literal(MESSAGE_CAUSE).concat(vault_item.c.item_id),
    )
    query = (
        select(
            vault_item.c.item_id,
            vault_item.c.sealed,
            vault_item.c.created_at,
            handover.c.handover_id,
            handover.c.reason,
            handover.c.person_id,
            person.c.wrapped_key,
        )
        .join(
            handover,
            (handover.c.unit_id == vault_item.c.unit_id)
            & (handover.c.person_id == vault_item.c.person_id),
        )
        .join(
            person,
            (person.c.unit_id == vault_item.c.unit_id)
            & (person.c.person_id == vault_item.c.person_id),
        )
        .join(
            conversation,
            (conversation.c.unit_id == handover.c.unit_id)
            & (conversation.c.person_id == handover.c.person_id)
            & (conversation.c.channel == handover.c.channel),
        )
        .where(
            handover.c.unit_id == unit_id,
            handover.c.state.in_(OPEN),
            vault_item.c.kind == MESSAGE,
            vault_item.c.created_at > handover.c.opened_at,
            vault_item.c.created_at < conversation.c.muted_until,
            ~told.exists(),
        )
        .order_by(vault_item.c.item_id, handover.c.opened_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def untold_notices(
    connection: Connection,
    unit_id: str,
    since: int,
    limit: int,
    not_kinds: Sequence[str] = (),
    not_subjects: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """Return notices nobody has seen and no staff channel was told of.

    Of those that tell several members the same, the first.
    """
    sibling = notice.alias("sibling")
    is_first = ~(
        select(sibling.c.notice_id)
        .where(
            *_same(sibling),
            sibling.c.seen_at.is_(None),
            sibling.c.notice_id < notice.c.notice_id,
        )
        .exists()
    )
    told = select(outbox.c.row_id).where(
        outbox.c.unit_id == notice.c.unit_id,
        outbox.c.cause == literal(NOTICE_CAUSE).concat(notice.c.notice_id),
    )
    marked = select(vault_item.c.item_id).where(
        vault_item.c.unit_id == notice.c.unit_id,
        vault_item.c.item_id == notice.c.notice_id,
        vault_item.c.kind == TOLD,
    )
    query = (
        select(notice)
        .where(
            notice.c.unit_id == unit_id,
            notice.c.seen_at.is_(None),
            notice.c.created_at >= since,
            notice.c.kind.not_in(list(not_kinds)),
            notice.c.subject.not_in(list(not_subjects)),
            notice.c.addressee.is_(None) | is_first,
            ~told.exists(),
            ~marked.exists(),
        )
        .order_by(notice.c.created_at, notice.c.notice_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def addressees(connection: Connection, row: Row) -> frozenset[str]:
    """Return the codes of all members whom the same notice is for; none: everybody."""
    query = select(notice.c.addressee).where(
        *(notice.c[name] == row[name] for name in SAME), notice.c.addressee.is_not(None)
    )
    return frozenset(code for code in connection.execute(query).scalars() if code)


def _same(other: Any) -> list[Any]:
    same = [other.c[name] == notice.c[name] for name in SAME]
    return [*same, other.c.addressee.is_not(None)]


def room(connection: Connection, unit_id: str, person_id: str) -> bytes | None:
    """Return the wrapped key of the addressee that stands for the staff room."""
    query = select(person.c.wrapped_key).where(
        person.c.unit_id == unit_id, person.c.person_id == person_id
    )
    found: bytes | None = connection.execute(query).scalar()
    return found


def make_room(connection: Connection, row: Row) -> bytes | None:
    """Make that addressee unless it is there; return the key that counts."""
    statement = insert(connection, person).values(dict(row))
    connection.execute(statement.on_conflict_do_nothing())
    return room(connection, row["unit_id"], row["person_id"])


def add_items(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert sealed items; one that is there already (told twice) is left alone."""
    for row in rows:
        statement = insert(connection, vault_item).values(dict(row))
        connection.execute(statement.on_conflict_do_nothing())


def _with_question() -> Any:
    return (
        select(
            handover,
            person.c.wrapped_key,
            vault_item.c.sealed,
            case_record.c.code.label("case_code"),
            case_record.c.kind.label("case_kind"),
        )
        .outerjoin(case_record, _is_case_of)
        .join(
            person,
            (person.c.unit_id == handover.c.unit_id)
            & (person.c.person_id == handover.c.person_id),
        )
        .outerjoin(
            vault_item,
            (vault_item.c.unit_id == handover.c.unit_id)
            & (vault_item.c.item_id == handover.c.item_id),
        )
    )
