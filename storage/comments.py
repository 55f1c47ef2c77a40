"""What is known of a comment under the page's posts? Once each, by its keyed hash.

All functions work in the caller's transaction; times are UTC ms. The words lie in the
vault under the key of who wrote them; here stand only ids, hashes and times.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage import evidence, outbox, people, sealed_traces
from storage.database import insert, is_postgres
from storage.tables import handover, page_comment, vault_item

Row = Mapping[str, Any]

RECEIVED = "citizen:message:received"


class CommentState(StrEnum):
    """Whether a comment still stands on the page."""

    SHOWN = "shown"
    REMOVED = "removed"


def cause(comment_mac: str) -> str:
    """Return the cause of whatever we answer to a comment: so it is answered once."""
    return f"comment:{comment_mac}"


def add(connection: Connection, row: Row) -> dict[str, Any] | None:
    """Insert a comment; return the row that stood there before, None for a new one."""
    statement = insert(connection, page_comment).values(dict(row))
    if connection.execute(statement.on_conflict_do_nothing()).rowcount == 1:
        return None
    return find(connection, row["unit_id"], row["comment_mac"])


def find(connection: Connection, unit_id: str, mac: str) -> dict[str, Any] | None:
    """Return a comment, locked until the transaction ends; None for an unknown one."""
    query = select(page_comment).where(*_is(unit_id, mac))
    if is_postgres(connection):
        query = query.with_for_update()
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def change(connection: Connection, unit_id: str, mac: str, **values: Any) -> None:
    """Write some columns of a comment."""
    where = _is(unit_id, mac)
    connection.execute(update(page_comment).where(*where).values(**values))


def is_answered_since(
    connection: Connection, unit_id: str, person_id: str, since: int
) -> bool:
    """Whether a comment of the same person was answered in private from then on."""
    query = select(page_comment.c.comment_mac).where(
        page_comment.c.unit_id == unit_id,
        page_comment.c.person_id == person_id,
        page_comment.c.answered_at >= since,
    )
    return connection.execute(query.limit(1)).first() is not None


def state_of(connection: Connection, unit_id: str, handover_id: str) -> str:
    """Return how far the matter of a comment got, "" when it is gone; locks it."""
    query = select(handover.c.state).where(
        handover.c.unit_id == unit_id, handover.c.handover_id == handover_id
    )
    if is_postgres(connection):
        query = query.with_for_update()
    return str(connection.execute(query).scalar() or "")


def rename(
    connection: Connection, unit_id: str, handover_id: str, item_id: str
) -> None:
    """Let a matter show other words; the sealed ones that it showed go."""
    _drop_question(connection, unit_id, handover_id)
    connection.execute(
        update(handover)
        .where(handover.c.unit_id == unit_id, handover.c.handover_id == handover_id)
        .values(item_id=item_id)
    )


def withdraw(connection: Connection, unit_id: str, handover_id: str) -> None:
    """End a matter that nobody saw yet, and forget what it showed."""
    _drop_question(connection, unit_id, handover_id)
    connection.execute(
        update(handover)
        .where(handover.c.unit_id == unit_id, handover.c.handover_id == handover_id)
        .values(state="closed")
    )


def drop_words(connection: Connection, unit_id: str, event_id: str) -> None:
    """Delete the sealed words of one message; the log keeps its commitment to them."""
    found = evidence.about(connection, unit_id, [event_id])
    items = [json.loads(e["leaf"]).get("item") for e in found if e["tag"] == RECEIVED]
    sealed_traces.drop_items(connection, unit_id, [item for item in items if item])


def stop_answers(connection: Connection, unit_id: str, mac: str, now: int) -> None:
    """Refuse what was to be answered and is not on its way yet."""
    sealed_traces.stop_replies(connection, unit_id, [cause(mac)], now)


def open_matter(connection: Connection, row: Row, item: Row) -> None:
    """Put a comment before staff, with what they read of it."""
    people.add_items(connection, [item])
    connection.execute(handover.insert(), dict(row))


def plan_answers(connection: Connection, items: list[Row], rows: list[Row]) -> None:
    """Plan what is said to a comment."""
    people.add_items(connection, items)
    outbox.plan(connection, rows)


def forget(connection: Connection, unit_id: str, person_id: str) -> None:
    """Drop whose comments those were; that they were seen stays, so that a comment
    told once more begins nothing anew (NĐ 356/2025/NĐ-CP Điều 5).
    """
    connection.execute(
        update(page_comment)
        .where(page_comment.c.unit_id == unit_id, page_comment.c.person_id == person_id)
        .values(
            person_id=None,
            event_id=None,
            handover_id=None,
            state=CommentState.REMOVED.value,
        )
    )


def _drop_question(connection: Connection, unit_id: str, handover_id: str) -> None:
    shown = select(handover.c.item_id).where(
        handover.c.unit_id == unit_id, handover.c.handover_id == handover_id
    )
    connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id == shown.scalar_subquery(),
        )
    )


def _is(unit_id: str, mac: str) -> tuple[Any, Any]:
    return page_comment.c.unit_id == unit_id, page_comment.c.comment_mac == mac
