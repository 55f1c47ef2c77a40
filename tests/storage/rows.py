"""Which rows do the storage tests write? Small, valid, and named by the test."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import inbox, outbox
from storage.inbox import Delivery, LaneRef, StoredEvent
from storage.outbox import Priority, State
from storage.tables import inbox_event, lane

UNIT = "xa-thu"
CHANNEL = "zalo"
DAY = "2026-11-23"
LEASE = 10_000

Row = dict[str, Any]


def digest(text: str) -> str:
    """Return 32 hex digits for a name, the shape of an id or an HMAC."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def stored(name: str, lane_name: str, platform_at: int, index: int = 0) -> StoredEvent:
    """Return an event whose id sorts like its name."""
    return StoredEvent(
        event_id=name,
        body_index=index,
        dedupe=digest(f"key:{name}"),
        lane=lane_name,
        platform_at=platform_at,
    )


def delivery(
    body_id: str,
    *events: StoredEvent,
    at: int = 1000,
    unit_id: str = UNIT,
    channel: str = CHANNEL,
) -> Delivery:
    """Return one webhook call with these events."""
    return Delivery(
        unit_id=unit_id,
        channel=channel,
        body_id=body_id,
        day=DAY,
        sealed=b"sealed:" + body_id.encode(),
        received_at=at,
        events=events,
    )


def one(name: str, lane_name: str, platform_at: int, at: int = 1000) -> Delivery:
    """Return a webhook call with one event and a body of its own."""
    return delivery(f"b-{name}", stored(name, lane_name, platform_at), at=at)


def claim(
    connection: Connection, owner: str = "w1", now: int = 2000, limit: int = 32
) -> list[LaneRef]:
    """Claim lanes with the usual lease."""
    return inbox.claim(
        connection, owner=owner, now=now, lease_until=now + LEASE, limit=limit
    )


def done(connection: Connection, event: Row, owner: str = "w1") -> None:
    """Mark an event done under the usual lease."""
    inbox.complete(connection, event, owner=owner, lease_until=2000 + LEASE)


def names(refs: list[LaneRef]) -> dict[str, list[str]]:
    """Return lane -> ids of the events that came with it."""
    return {ref.lane: [e["event_id"] for e in ref.events] for ref in refs}


def state_of(connection: Connection, event_id: str) -> tuple[str, int]:
    """Return state and attempts of an event."""
    row = connection.execute(
        select(inbox_event.c.state, inbox_event.c.attempts).where(
            inbox_event.c.event_id == event_id
        )
    ).one()
    return row.state, row.attempts


def lane_row(connection: Connection, key: str) -> Row:
    """Return the row of a lane."""
    row = connection.execute(select(lane).where(lane.c.lane == key)).mappings().one()
    return dict(row)


def count(connection: Connection, query: Select[Any]) -> int:
    """Count the rows of a query."""
    return len(connection.execute(query).all())


def send(
    row_id: str,
    person: str = "p1",
    *,
    priority: Priority = Priority.REPLY,
    kind: str = "reply",
    at: int = 1000,
    **changes: Any,
) -> Row:
    """Return a planned outbox row."""
    row: Row = {
        "unit_id": UNIT,
        "row_id": row_id,
        "channel": CHANNEL,
        "person_id": person,
        "item_id": f"item-{row_id}",
        "kind": kind,
        "priority": int(priority),
        "human": False,
        "cause": f"cause-{row_id}",
        "position": 0,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": at,
        "created_at": at,
        "updated_at": at,
    }
    return row | changes


def take(
    connection: Connection,
    owner: str = "s1",
    now: int = 2000,
    limit: int = 32,
    max_priority: int = Priority.BULK,
) -> list[Row]:
    """Claim outbox rows with the usual lease."""
    return outbox.claim(
        connection,
        CHANNEL,
        owner=owner,
        now=now,
        lease_until=now + LEASE,
        limit=limit,
        max_priority=max_priority,
    )


def ids_of(rows: list[Row]) -> list[str]:
    """Return the row ids in order."""
    return [row["row_id"] for row in rows]


def content(path: Path) -> bytes:
    """Return what a file holds."""
    return path.read_bytes()


def mode(path: Path, bits: int) -> None:
    """Set the rights of a file or folder."""
    path.chmod(bits)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice row, made of a number: the simplest thing to write."""

    number: int

    def row(self) -> Mapping[str, Any]:
        """Return the table row."""
        return {
            "unit_id": UNIT,
            "notice_id": f"{self.number:032d}",
            "kind": "test",
            "subject": f"{self.number}",
            "detail": "",
            "created_at": self.number,
        }
