"""What should the people who run it know? Notices for staff, security counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, insert, insert_for
from storage.tables import notice, security_event


def add_notice(connection: Connection, row: Mapping[str, Any]) -> None:
    """Tell staff something that needs a person; codes only, no personal data."""
    connection.execute(notice.insert(), dict(row) | {"seen_at": None})


def add_notice_once(connection: Connection, row: Mapping[str, Any]) -> None:
    """Tell staff unless the same thing (kind and subject) is still unseen."""
    known = select(notice.c.notice_id).where(
        notice.c.unit_id == row["unit_id"],
        notice.c.kind == row["kind"],
        notice.c.subject == row["subject"],
        notice.c.seen_at.is_(None),
    )
    if connection.execute(known.limit(1)).first() is None:
        add_notice(connection, row)


def add_new_notices(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    """Add notices with ids of their own making; return how many were not there.

    ``addressee`` is the code of a member, or None for everybody.
    """
    added = 0
    for row in _full(rows):
        statement = insert(connection, notice).values(row)
        added += connection.execute(statement.on_conflict_do_nothing()).rowcount
    return added


def add_notices(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add many of them at once; those that are there are left alone."""
    if rows:
        bulk(connection, ADD_NOTICES[connection.dialect.name], _full(rows))


def _full(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    blank = {"seen_at": None, "addressee": None, "words": None}
    return [blank | dict(row) for row in rows]


def open_notices(connection: Connection, limit: int = 50) -> list[dict[str, Any]]:
    """Return what nobody has seen yet, newest first."""
    query = (
        select(notice)
        .where(notice.c.seen_at.is_(None))
        .order_by(notice.c.created_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def count_notices(connection: Connection) -> dict[str, int]:
    """Count unseen notices by kind."""
    query = (
        select(notice.c.kind, func.count())
        .where(notice.c.seen_at.is_(None))
        .group_by(notice.c.kind)
    )
    return {kind: number for kind, number in connection.execute(query)}  # noqa: C416  rows are not pairs to mypy


def count_security(
    connection: Connection, counts: Mapping[tuple[str, str, str], int]
) -> None:
    """Add to the counters of (unit, kind, UTC hour): all a bad request leaves."""
    for (unit_id, kind, hour), number in counts.items():
        statement = insert(connection, security_event).values(
            unit_id=unit_id, kind=kind, hour=hour, count=number
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["unit_id", "kind", "hour"],
                set_={"count": security_event.c.count + number},
            )
        )


NOTICE_COLUMNS = tuple(column.name for column in notice.columns)
ADD_NOTICES = {
    dialect: Bulk(insert_for(dialect, notice).on_conflict_do_nothing(), NOTICE_COLUMNS)
    for dialect in DIALECTS
}
