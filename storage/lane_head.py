"""Which event of a lane comes first, and how is a crash counted against it?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, ScalarSelect, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from storage.tables import inbox_event
from storage.tables.base import is_one_of


def head(column: Column[Any], unit_id: str, lane_key: str) -> ScalarSelect[Any]:
    """Return a column of a lane's first pending event, as a subquery."""
    return head_of(column, literal(unit_id), literal(lane_key))


def head_of(
    column: Column[Any], unit_id: ColumnElement[str], lane_key: ColumnElement[str]
) -> ScalarSelect[Any]:
    """Return it for expressions, so that a statement can be built beforehand."""
    return (
        select(column)
        .where(
            inbox_event.c.unit_id == unit_id,
            inbox_event.c.lane == lane_key,
            is_one_of(inbox_event.c.state, "received"),
        )
        .order_by(inbox_event.c.platform_at, inbox_event.c.event_id)
        .limit(1)
        .scalar_subquery()
    )


def count_crash(connection: Connection, unit_id: str, lane_key: str) -> None:
    """Count an attempt against the first event of a lane whose worker died."""
    first = head(inbox_event.c.event_id, unit_id, lane_key)
    connection.execute(
        update(inbox_event)
        .where(inbox_event.c.unit_id == unit_id, inbox_event.c.event_id == first)
        .values(attempts=inbox_event.c.attempts + 1)
    )
