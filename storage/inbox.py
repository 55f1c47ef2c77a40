"""How is what was stored worked off? Claimed by lane, in order, done once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    update,
)

from storage import inbox_statements as sql
from storage.database import is_postgres
from storage.errors import LeaseLostError
from storage.inbox_recovery import backlog, purge, take_back, wake_forgotten
from storage.inbox_statements import EVENTS_PER_CLAIM
from storage.inbox_store import Delivery, StoredEvent, store
from storage.lane_head import count_crash
from storage.tables import inbox_event

MAX_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class LaneRef:
    """A lane claimed by a worker, with its pending events in order."""

    unit_id: str
    lane: str
    events: tuple[dict[str, Any], ...]


def claim(
    connection: Connection, *, owner: str, now: int, lease_until: int, limit: int
) -> list[LaneRef]:
    """Take up to ``limit`` ready lanes for this worker and load their events."""
    ready = sql.READY_LOCKED if is_postgres(connection) else sql.READY
    rows = connection.execute(ready, {"b_now": now, "b_limit": limit}).all()
    refs = [(row.unit_id, row.lane) for row in rows]
    if not refs:
        return []
    for row in rows:
        if row.owner is not None:  # its lease ended before anybody took it back
            count_crash(connection, row.unit_id, row.lane)
    values = {"b_refs": refs, "b_owner": owner, "b_until": lease_until}
    connection.execute(sql.TAKE, values)
    return _load(connection, refs, now)


def complete(
    connection: Connection, event: dict[str, Any], *, owner: str, lease_until: int
) -> None:
    """Mark an event done, keep the lane; raises LeaseLostError when it is not ours."""
    values = _lane(event["unit_id"], event["lane"], owner) | {"b_until": lease_until}
    if connection.execute(sql.RENEW, values).rowcount != 1:
        raise LeaseLostError("lane")
    _finish(connection, event, "done")


def complete_last(connection: Connection, event: dict[str, Any], *, owner: str) -> bool:
    """Mark an event done and let its lane go; returns whether more waits in it.

    Raises LeaseLostError.
    """
    values = _lane(event["unit_id"], event["lane"], owner)
    if is_postgres(connection):
        connection.execute(sql.LOCK_LANE, values)
    _finish(connection, event, "done")
    released = connection.execute(sql.RELEASE, values).first()
    if released is None:
        raise LeaseLostError("lane")
    return released.ready_at is not None


def release(connection: Connection, unit_id: str, lane_key: str, owner: str) -> None:
    """Let a lane go; it is ready again when its first pending event is due.

    The lane row is locked first, in a statement of its own, so that an event
    committed meanwhile on PostgreSQL is seen by the second.
    """
    values = _lane(unit_id, lane_key, owner)
    if is_postgres(connection):
        connection.execute(sql.LOCK_LANE, values)
    connection.execute(sql.RELEASE, values)


def retry(
    connection: Connection, event: dict[str, Any], *, available_at: int, error: str
) -> bool:
    """Count a failed attempt; return True when the event was set aside for good."""
    attempts = event["attempts"] + 1
    if attempts >= MAX_ATTEMPTS:
        _finish(connection, event, "failed", error)
        return True
    connection.execute(
        update(inbox_event)
        .where(
            inbox_event.c.unit_id == event["unit_id"],
            inbox_event.c.event_id == event["event_id"],
        )
        .values(attempts=attempts, available_at=available_at, error=error[:120])
    )
    return False


def _lane(unit_id: str, lane_key: str, owner: str) -> dict[str, Any]:
    return {"b_unit": unit_id, "b_lane": lane_key, "b_owner": owner}


def _load(
    connection: Connection, refs: list[tuple[str, str]], now: int
) -> list[LaneRef]:
    pending: dict[tuple[str, str], list[dict[str, Any]]] = {ref: [] for ref in refs}
    for row in connection.execute(sql.LOAD, {"b_refs": refs}).mappings():
        pending[row["unit_id"], row["lane"]].append(dict(row))
    return [
        LaneRef(unit_id, key, _due(pending[unit_id, key], now)) for unit_id, key in refs
    ]


def _due(events: list[dict[str, Any]], now: int) -> tuple[dict[str, Any], ...]:
    due: list[dict[str, Any]] = []
    for event in events:
        if event["available_at"] > now:
            break
        due.append(event)
    return tuple(due)


def _finish(
    connection: Connection, event: dict[str, Any], state: str, error: str | None = None
) -> None:
    """End an event; its body goes when nobody else waits in it.

    On PostgreSQL two lanes that end one body go one by one, or neither would
    delete it.
    """
    values = {"b_unit": event["unit_id"], "b_body": event["body_id"]}
    if is_postgres(connection):
        connection.execute(sql.LOCK_BODY, values)
    end = {
        "b_unit": event["unit_id"],
        "b_event": event["event_id"],
        "b_state": state,
        "b_error": error[:120] if error else None,
    }
    if connection.execute(sql.END, end).rowcount != 1:
        raise LeaseLostError("event")
    connection.execute(sql.DROP_BODY, values)


__all__ = [
    "EVENTS_PER_CLAIM",
    "MAX_ATTEMPTS",
    "Delivery",
    "LaneRef",
    "StoredEvent",
    "backlog",
    "claim",
    "complete",
    "complete_last",
    "purge",
    "release",
    "retry",
    "store",
    "take_back",
    "wake_forgotten",
]
