"""How often was a case asked for in vain? Counts by hour, so that nobody can guess."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, select

from storage.database import insert
from storage.tables import case_lookup


def count(
    connection: Connection, unit_id: str, subjects: Iterable[str], hour: str
) -> None:
    """Count one failed try for each subject: a person's id, a code's HMAC."""
    for subject in subjects:
        statement = insert(connection, case_lookup).values(
            unit_id=unit_id, subject=subject, hour=hour, count=1
        )
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["unit_id", "subject", "hour"],
                set_={"count": case_lookup.c.count + 1},
            )
        )


def failed(
    connection: Connection, unit_id: str, subjects: Sequence[str], since: str
) -> dict[str, int]:
    """Return the failed tries of subjects from an hour on (UTC, 2026-11-25T03)."""
    query = (
        select(case_lookup.c.subject, func.sum(case_lookup.c.count))
        .where(
            case_lookup.c.unit_id == unit_id,
            case_lookup.c.subject.in_(list(subjects)),
            case_lookup.c.hour >= since,
        )
        .group_by(case_lookup.c.subject)
    )
    return {subject: int(number) for subject, number in connection.execute(query)}


def forget(connection: Connection, unit_id: str, before: str) -> int:
    """Delete counts older than an hour; return how many."""
    return connection.execute(
        delete(case_lookup).where(
            case_lookup.c.unit_id == unit_id, case_lookup.c.hour < before
        )
    ).rowcount
