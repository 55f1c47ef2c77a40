"""Which messages were set aside, and how do they get another chance?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from storage.tables import inbox_event, lane
from storage.tables.base import is_one_of


def failed(connection: Connection, limit: int = 500) -> list[dict[str, Any]]:
    """Return events set aside, oldest first."""
    query = (
        select(inbox_event)
        .where(is_one_of(inbox_event.c.state, "failed"))
        .order_by(inbox_event.c.received_at)
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def replay(connection: Connection, events: Sequence[dict[str, Any]], now: int) -> None:
    """Make failed events wait again, with all their tries, and wake their lanes."""
    for event in events:
        connection.execute(
            update(inbox_event)
            .where(
                inbox_event.c.unit_id == event["unit_id"],
                inbox_event.c.event_id == event["event_id"],
                inbox_event.c.state == "failed",
            )
            .values(state="received", attempts=0, available_at=now, error=None)
        )
        connection.execute(
            update(lane)
            .where(lane.c.unit_id == event["unit_id"], lane.c.lane == event["lane"])
            .values(ready_at=now)
        )
