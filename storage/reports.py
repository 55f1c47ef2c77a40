"""What happened in a unit between two instants? One pass over its rows a question.

Heads, times and codes only: no words are opened. Instants are UTC ms, ``since`` ≤ x <
``until``. Kinds that are sealed are never among ``kinds``; callers see to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from storage.tables import (
    case_clock,
    case_record,
    evidence_entry,
    inbox_event,
    letter,
    person,
    survey_answer,
    vault_item,
)

Row = dict[str, Any]
HEAD = (
    case_record.c.case_id,
    case_record.c.code,
    case_record.c.kind,
    case_record.c.state,
    case_record.c.channel,
    case_record.c.source,
    case_record.c.owner,
    case_record.c.received_at,
    case_record.c.due_at,
    case_record.c.closed_at,
)


def received(
    connection: Connection, unit_id: str, kinds: Sequence[str], since: int, until: int
) -> list[Row]:
    """Return the heads of cases received, oldest first; duplicates merged away too."""
    head = case_record.c
    query = (
        select(*HEAD)
        .where(
            head.unit_id == unit_id,
            head.kind.in_(list(kinds)),
            head.received_at >= since,
            head.received_at < until,
        )
        .order_by(head.received_at, head.case_id)
    )
    return _rows(connection, query)


def ended_clocks(
    connection: Connection,
    unit_id: str,
    kinds: Sequence[str],
    goals: Sequence[str],
    since: int,
    until: int,
) -> list[Row]:
    """Return the clocks that reached their goal, with the heads of their cases.

    What was not needed any more (void) is not among them. A case that was opened again
    comes once for each answer.
    """
    clock = case_clock.c
    query = (
        select(
            *HEAD,
            clock.goal,
            clock.started_at,
            clock.stopped_at,
            clock.ended,
            clock.due_at.label("clock_due_at"),
        )
        .join(case_record, _same_case())
        .where(
            clock.unit_id == unit_id,
            clock.goal.in_(list(goals)),
            clock.ended.in_(["in_time", "overdue"]),
            clock.stopped_at >= since,
            clock.stopped_at < until,
            case_record.c.kind.in_(list(kinds)),
        )
        .order_by(clock.stopped_at, clock.case_id, clock.number)
    )
    return _rows(connection, query)


def open_cases(connection: Connection, unit_id: str, kinds: Sequence[str]) -> list[Row]:
    """Return the heads and facts of cases that are not closed, oldest first."""
    head = case_record.c
    query = (
        select(*HEAD, head.facts)
        .where(
            head.unit_id == unit_id,
            head.closed_at.is_(None),
            head.kind.in_(list(kinds)),
        )
        .order_by(head.received_at, head.case_id)
    )
    return _rows(connection, query)


def letters_in(connection: Connection, unit_id: str, state: str) -> int:
    """Count letters in a state."""
    query = select(func.count()).where(
        letter.c.unit_id == unit_id, letter.c.state == state
    )
    return int(connection.execute(query).scalar() or 0)


def ratings(connection: Connection, unit_id: str, since: int, until: int) -> list[Row]:
    """Return the answers to "how were you served?", newest first.

    ``code`` is that of the case, None when it is about none.
    """
    answer = survey_answer.c
    query = (
        select(survey_answer, case_record.c.code, case_record.c.kind.label("case_kind"))
        .outerjoin(
            case_record,
            and_(
                case_record.c.unit_id == answer.unit_id,
                case_record.c.case_id == answer.case_id,
            ),
        )
        .where(answer.unit_id == unit_id, answer.at >= since, answer.at < until)
        .order_by(answer.at.desc(), answer.about)
    )
    return _rows(connection, query)


def words(connection: Connection, unit_id: str, item_ids: Sequence[str]) -> list[Row]:
    """Return sealed words with the wrapped keys that open them; erased: none."""
    query = (
        select(vault_item, person.c.wrapped_key)
        .join(
            person,
            and_(
                person.c.unit_id == vault_item.c.unit_id,
                person.c.person_id == vault_item.c.person_id,
            ),
        )
        .where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id.in_(list(item_ids)),
            person.c.wrapped_key.is_not(None),
        )
    )
    return _rows(connection, query)


def is_answered(connection: Connection, unit_id: str, about: str) -> bool:
    """Whether this one was rated already."""
    query = select(survey_answer.c.score).where(
        survey_answer.c.unit_id == unit_id, survey_answer.c.about == about
    )
    return connection.execute(query).first() is not None


def leaves(
    connection: Connection, unit_id: str, tag: str, since: int, until: int
) -> list[tuple[int, bytes]]:
    """Return (instant, leaf) of the entries of one tag, oldest first."""
    entry = evidence_entry.c
    query = (
        select(entry.at, entry.leaf)
        .where(
            entry.unit_id == unit_id,
            entry.at >= since,
            entry.at < until,
            entry.tag == tag,
        )
        .order_by(entry.entry_id)
    )
    return [(row.at, row.leaf) for row in connection.execute(query)]


def about(
    connection: Connection, unit_id: str, tag: str, subjects: Sequence[str]
) -> list[tuple[str, bytes]]:
    """Return (subject, leaf) of the entries of one tag about these, oldest first."""
    entry = evidence_entry.c
    query = select(entry.entry_id, entry.subject, entry.leaf).where(
        entry.unit_id == unit_id,
        entry.subject.in_(list(subjects)),
        entry.tag == tag,
    )
    # Ordered here: asked for the order, SQLite walks the whole log by its key.
    rows = sorted(connection.execute(query).all(), key=lambda row: row.entry_id)
    return [(row.subject, row.leaf) for row in rows]


def last_received(
    connection: Connection, unit_id: str, channels: Sequence[str], since: int
) -> dict[str, int]:
    """Return when each platform last called us; one that did not since is absent."""
    event = inbox_event.c
    found: dict[str, int] = {}
    for channel in channels:
        query = (
            select(event.received_at)
            .where(
                event.unit_id == unit_id,
                event.channel == channel,
                event.event_id > f"{since << 80:032x}",
            )
            .order_by(event.event_id.desc())
            .limit(1)
        )
        at = connection.execute(query).scalar()
        if at is not None:
            found[channel] = int(at)
    return found


def _same_case() -> Any:
    return and_(
        case_record.c.unit_id == case_clock.c.unit_id,
        case_record.c.case_id == case_clock.c.case_id,
    )


def _rows(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
