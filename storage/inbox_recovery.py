"""What was left lying in the inbox, and when may it go?"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Connection,
    Table,
    and_,
    delete,
    func,
    select,
    tuple_,
    update,
)

from storage.database import is_postgres
from storage.lane_head import count_crash
from storage.tables import inbox_body, inbox_event, lane
from storage.tables.base import is_one_of

PURGE_ROWS = 200


def take_back(connection: Connection, now: int, owner: str | None = None) -> int:
    """Free the leases of dead workers; with no owner, all of them (embedded start).

    The first event of each lane counts an attempt: a caller that finds
    ``MAX_ATTEMPTS`` of them on an event sets it aside instead of handling it, so a
    message which kills the process is not handled for ever. Times are UTC ms.
    """
    held = lane.c.owner.is_not(None)
    where = held if owner is None else and_(held, lane.c.lease_until < now)
    query = select(lane.c.unit_id, lane.c.lane).where(where)
    if is_postgres(connection):
        query = query.with_for_update(skip_locked=True)
    rows = connection.execute(query).all()
    for unit_id, lane_key in rows:
        count_crash(connection, unit_id, lane_key)
        connection.execute(
            update(lane)
            .where(lane.c.unit_id == unit_id, lane.c.lane == lane_key)
            .values(owner=None, lease_until=None, ready_at=now)
        )
    return len(rows)


def wake_forgotten(connection: Connection, now: int) -> int:
    """Make lanes ready that have pending events but no due time (a safety net)."""
    forgotten = (
        select(inbox_event.c.unit_id, inbox_event.c.lane)
        .join(
            lane,
            and_(
                lane.c.unit_id == inbox_event.c.unit_id,
                lane.c.lane == inbox_event.c.lane,
            ),
        )
        .where(
            is_one_of(inbox_event.c.state, "received"),
            lane.c.ready_at.is_(None),
            lane.c.owner.is_(None),
        )
        .distinct()
    )
    refs = [(unit_id, key) for unit_id, key in connection.execute(forgotten)]
    if refs:
        connection.execute(
            update(lane)
            .where(tuple_(lane.c.unit_id, lane.c.lane).in_(refs))
            .values(ready_at=now)
        )
    return len(refs)


def purge(connection: Connection, before: int, limit: int = PURGE_ROWS) -> int:
    """Delete bodies and finished events received before an instant (30 days).

    At most ``limit`` of each, oldest first, so that no transaction is long; returns
    how many rows went: call again until it is 0.
    """
    gone = _purge(connection, inbox_body, inbox_body.c.body_id, before, limit)
    return gone + _purge(connection, inbox_event, inbox_event.c.event_id, before, limit)


def _purge(
    connection: Connection, table: Table, key: Column[str], before: int, limit: int
) -> int:
    where = table.c.received_at < before
    if "state" in table.c:
        where = and_(where, table.c.state != "received")
    oldest = (
        select(table.c.unit_id, key)
        .where(where)
        .order_by(table.c.unit_id, key)
        .limit(limit)
    )
    refs = [tuple(row) for row in connection.execute(oldest)]
    if refs:
        connection.execute(delete(table).where(tuple_(table.c.unit_id, key).in_(refs)))
    return len(refs)


def backlog(connection: Connection, now: int) -> dict[str, int]:
    """Count waiting and failed events, and the age of the oldest in ms."""
    waiting, oldest = connection.execute(
        select(func.count(), func.min(inbox_event.c.received_at)).where(
            is_one_of(inbox_event.c.state, "received")
        )
    ).one()
    failed = connection.execute(
        select(func.count()).where(is_one_of(inbox_event.c.state, "failed"))
    ).scalar_one()
    age = now - oldest if oldest else 0
    return {"waiting": waiting, "failed": failed, "oldest_ms": age}
