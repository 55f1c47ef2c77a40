"""How does a webhook become work? Its events are stored once, under their lanes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select, tuple_

from storage.bulk import Bulk, bulk
from storage.database import DIALECTS, Insert, insert_for
from storage.tables import inbox_body, inbox_event, lane


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One event of a body, named by keyed hashes only; times in UTC ms."""

    event_id: str
    body_index: int
    dedupe: str
    lane: str
    platform_at: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook call for one unit: sealed raw bytes and headers, its events."""

    unit_id: str
    channel: str
    body_id: str
    day: str
    sealed: bytes
    received_at: int
    events: tuple[StoredEvent, ...]


BODY_COLUMNS = ("unit_id", "body_id", "channel", "day", "sealed", "received_at")
EVENT_COLUMNS = (
    "unit_id",
    "event_id",
    "body_id",
    "body_index",
    "channel",
    "dedupe",
    "lane",
    "state",
    "attempts",
    "available_at",
    "platform_at",
    "received_at",
)
LANE_COLUMNS = ("unit_id", "lane", "ready_at")


def store(connection: Connection, deliveries: Sequence[Delivery]) -> None:
    """Insert bodies, events and lanes; a known dedupe key changes nothing.

    The same deliveries may come again, whole or in part: after a write that took
    too long, or from a spool file whose removal was cut short.
    """
    bodies, events, lanes = _rows(deliveries)
    if not events:
        return
    bulk(connection, INSERT_BODY[connection.dialect.name], bodies)
    added = bulk(connection, INSERT_EVENT[connection.dialect.name], events)
    bulk(connection, WAKE_LANE[connection.dialect.name], lanes)
    if added != len(events):
        _drop_orphans(connection, [(b["unit_id"], b["body_id"]) for b in bodies])


def _rows(
    deliveries: Sequence[Delivery],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    bodies, events, lanes = [], [], {}
    for item in deliveries:
        if not item.events:
            continue
        shared = {"unit_id": item.unit_id, "channel": item.channel}
        bodies.append(
            shared
            | {
                "body_id": item.body_id,
                "day": item.day,
                "sealed": item.sealed,
                "received_at": item.received_at,
            }
        )
        for event in item.events:
            events.append(
                shared
                | {
                    "event_id": event.event_id,
                    "body_id": item.body_id,
                    "body_index": event.body_index,
                    "dedupe": event.dedupe,
                    "lane": event.lane,
                    "state": "received",
                    "attempts": 0,
                    "available_at": item.received_at,
                    "platform_at": event.platform_at,
                    "received_at": item.received_at,
                }
            )
            lanes[item.unit_id, event.lane] = item.received_at
    ready = [
        {"unit_id": unit_id, "lane": key, "ready_at": at}
        for (unit_id, key), at in sorted(lanes.items())
    ]
    # Two processes that store the same events must meet them in the same order.
    events.sort(key=lambda event: (event["unit_id"], event["channel"], event["dedupe"]))
    return bodies, events, ready


def _drop_orphans(connection: Connection, refs: list[tuple[str, str]]) -> None:
    is_needed = (
        select(inbox_event.c.event_id)
        .where(
            inbox_event.c.unit_id == inbox_body.c.unit_id,
            inbox_event.c.body_id == inbox_body.c.body_id,
            inbox_event.c.state.in_(("received", "failed")),
        )
        .exists()
    )
    connection.execute(
        delete(inbox_body).where(
            tuple_(inbox_body.c.unit_id, inbox_body.c.body_id).in_(refs), ~is_needed
        )
    )


def _insert_body(dialect: str) -> Insert:
    return insert_for(dialect, inbox_body).on_conflict_do_nothing()


def _insert_event(dialect: str) -> Insert:
    return insert_for(dialect, inbox_event).on_conflict_do_nothing()


def _wake_lane(dialect: str) -> Insert:
    statement = insert_for(dialect, lane)
    earliest = func.coalesce(lane.c.ready_at, statement.excluded.ready_at)
    return statement.on_conflict_do_update(
        index_elements=["unit_id", "lane"], set_={"ready_at": earliest}
    )


INSERT_BODY = {
    dialect: Bulk(_insert_body(dialect), BODY_COLUMNS) for dialect in DIALECTS
}
INSERT_EVENT = {
    dialect: Bulk(_insert_event(dialect), EVENT_COLUMNS) for dialect in DIALECTS
}
WAKE_LANE = {dialect: Bulk(_wake_lane(dialect), LANE_COLUMNS) for dialect in DIALECTS}
