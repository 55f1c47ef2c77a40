"""Where do the words of an earlier message still lie, and how do they leave?

A message leaves its words in vault items (its text, a reply that may repeat it), in
lessons, in the rows of files, and in a raw body for as long as others wait in it. All
functions work in the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from storage import evidence, learning
from storage.database import is_postgres
from storage.outbox_stop import stop
from storage.tables import (
    case_record,
    inbox_body,
    inbox_event,
    lesson_candidate,
    outbox,
    received_file,
    vault_item,
)

Row = dict[str, Any]
Redact = Callable[[Row], bytes | None]
"""(body row) -> the same bytes when nothing is to go, sealed bytes without it, or None
when that cannot be done (the body then goes)."""

RECEIVED = "citizen:message:received"
ANSWERED = "bot:message:answered"
NOTICE = "bot:consent:shown"
"""Our own words; they must stay to prove what the citizen was told."""
PASSED_ON = frozenset({"citizen:handover:opened", "citizen:case:opened"})
"""Words that staff were promised to answer: another topic begins after them."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One message that was handled before, with the vault items that it left.

    ``others`` repeat its words: a gap, say. ``replies`` may do so. Times are UTC ms.
    """

    event: Row
    handled_at: int
    texts: tuple[str, ...]
    others: tuple[str, ...]
    replies: tuple[str, ...]


def earlier(
    connection: Connection, event: Row, person_id: str, window_ms: int
) -> list[Trace]:
    """Return the messages of the window before this one, newest first.

    They go back to the last one that became a case or a hand-over.
    """
    found = _handled(connection, event, window_ms)
    by_subject: dict[str, list[Row]] = {row["event_id"]: [] for row in found}
    for entry in evidence.about(connection, event["unit_id"], list(by_subject)):
        by_subject[entry["subject"]].append(entry | {"leaf": json.loads(entry["leaf"])})
    opened = _cases(connection, event, person_id, window_ms)
    traces = []
    for row in found:
        entries = by_subject[row["event_id"]]
        if _is_passed_on(row, entries, opened):
            break
        if entries:
            traces.append(_trace(row, entries))
    return traces


def _handled(connection: Connection, event: Row, window_ms: int) -> list[Row]:
    """Ids begin with their time, so the key narrows the search to a while ago."""
    first = event["received_at"] - 2 * window_ms
    query = (
        select(inbox_event)
        .where(
            inbox_event.c.unit_id == event["unit_id"],
            inbox_event.c.event_id >= f"{max(first, 0):012x}",
            inbox_event.c.event_id != event["event_id"],
            inbox_event.c.channel == event["channel"],
            inbox_event.c.lane == event["lane"],
            inbox_event.c.state == "done",
            inbox_event.c.platform_at >= event["platform_at"] - window_ms,
        )
        .order_by(inbox_event.c.platform_at.desc(), inbox_event.c.event_id.desc())
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _cases(
    connection: Connection, event: Row, person_id: str, window_ms: int
) -> list[int]:
    query = select(case_record.c.received_at).where(
        case_record.c.unit_id == event["unit_id"],
        case_record.c.person_id == person_id,
        case_record.c.received_at >= event["received_at"] - 2 * window_ms,
    )
    return list(connection.execute(query).scalars())


def _is_passed_on(row: Row, entries: Sequence[Row], opened: Sequence[int]) -> bool:
    if any(entry["tag"] in PASSED_ON for entry in entries):
        return True
    handled = max((entry["at"] for entry in entries), default=0)
    return any(row["received_at"] < at <= handled for at in opened)


def _trace(row: Row, entries: Sequence[Row]) -> Trace:
    found = [(one["tag"], one["leaf"].get("item", "")) for one in entries]
    own = {RECEIVED, ANSWERED, NOTICE}
    return Trace(
        event=row,
        handled_at=min(one["at"] for one in entries),
        texts=tuple(item for tag, item in found if item and tag == RECEIVED),
        others=tuple(item for tag, item in found if item and tag not in own),
        replies=tuple(item for tag, item in found if item and tag == ANSWERED),
    )


def drop_items(connection: Connection, unit_id: str, item_ids: Collection[str]) -> None:
    """Delete vault items."""
    connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id, vault_item.c.item_id.in_(list(item_ids))
        )
    )


def stop_replies(
    connection: Connection, unit_id: str, causes: Sequence[str], now: int
) -> None:
    """Refuse answers to these messages that are not on their way yet."""
    these = outbox.c.cause.in_(list(causes))
    stop(connection, unit_id, these, "superseded", now)


def blank(connection: Connection, unit_id: str, item_id: str, sealed: bytes) -> None:
    """Let an item hold something else: a row of the outbox still points at it."""
    connection.execute(
        update(vault_item)
        .where(vault_item.c.unit_id == unit_id, vault_item.c.item_id == item_id)
        .values(sealed=sealed)
    )


def drop_lessons(
    connection: Connection, unit_id: str, person_id: str, since: int
) -> None:
    """Delete what might have been learnt of a person from then on (UTC ms)."""
    query = select(lesson_candidate.c.lesson_id).where(
        lesson_candidate.c.unit_id == unit_id,
        lesson_candidate.c.person_id == person_id,
        lesson_candidate.c.created_at >= since,
    )
    found = list(connection.execute(query).scalars())
    if found:
        learning.drop_candidates(connection, unit_id, found)


def take_files(
    connection: Connection, unit_id: str, event_ids: Sequence[str]
) -> list[Row]:
    """Delete the rows of files that came with these messages, and return them.

    Without a row their bytes are swept within the hour (see bot.fetch_sweep).
    """
    gone = connection.execute(
        delete(received_file)
        .where(
            received_file.c.unit_id == unit_id,
            received_file.c.event_id.in_(list(event_ids)),
        )
        .returning(received_file)
    ).mappings()
    return [dict(row) for row in gone]


def clean_body(
    connection: Connection, unit_id: str, body_id: str, redact: Redact
) -> None:
    """Take words out of a raw body in which others wait; nothing if it is gone."""
    here = (inbox_body.c.unit_id == unit_id, inbox_body.c.body_id == body_id)
    query = select(inbox_body).where(*here)
    if is_postgres(connection):
        query = query.with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return
    sealed = redact(dict(row))
    if sealed is None:
        connection.execute(delete(inbox_body).where(*here))
    elif sealed != row["sealed"]:
        connection.execute(update(inbox_body).where(*here).values(sealed=sealed))


def bodies(connection: Connection, unit_id: str, before: int, limit: int) -> list[Row]:
    """Return raw bodies received before then (UTC ms) that are still here."""
    query = (
        select(inbox_body)
        .where(inbox_body.c.unit_id == unit_id, inbox_body.c.received_at < before)
        .order_by(inbox_body.c.body_id)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
