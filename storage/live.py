"""What has happened in a unit since a moment ago? Tags only."""

from __future__ import annotations

from sqlalchemy import Connection, select

from storage.tables import evidence_entry

MOST = 2000


def since(connection: Connection, unit_id: str, entry_id: str) -> list[tuple[str, str]]:
    """Return (id, tag) of the entries after an id, oldest first, at most ``MOST``."""
    query = (
        select(evidence_entry.c.entry_id, evidence_entry.c.tag)
        .where(
            evidence_entry.c.unit_id == unit_id, evidence_entry.c.entry_id > entry_id
        )
        .order_by(evidence_entry.c.entry_id)
        .limit(MOST)
    )
    return [(row.entry_id, row.tag) for row in connection.execute(query)]
