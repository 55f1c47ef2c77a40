"""Which SQL does the inbox run for every message? Built once, bound each time.

Building a statement costs more than running it. Parameters start with ``b_``, so
that none is mistaken for a column to set.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    Delete,
    Select,
    Subquery,
    Update,
    and_,
    bindparam,
    delete,
    func,
    select,
    tuple_,
    update,
)

from storage.lane_head import head_of
from storage.tables import inbox_body, inbox_event, lane
from storage.tables.base import is_one_of

EVENTS_PER_CLAIM = 8

_UNIT = bindparam("b_unit", type_=lane.c.unit_id.type)
_LANE = bindparam("b_lane", type_=lane.c.lane.type)
_OWNER = bindparam("b_owner", type_=lane.c.owner.type)
_EVENT = bindparam("b_event", type_=inbox_event.c.event_id.type)
_BODY = bindparam("b_body", type_=inbox_body.c.body_id.type)
_NOW = bindparam("b_now", type_=lane.c.ready_at.type)
_UNTIL = bindparam("b_until", type_=lane.c.lease_until.type)


def _refs() -> BindParameter[list[tuple[str, str]]]:
    return bindparam("b_refs", expanding=True)


def _ready() -> Select[tuple[str, str, str | None]]:
    return (
        select(lane.c.unit_id, lane.c.lane, lane.c.owner)
        .where(
            lane.c.ready_at <= _NOW,
            (lane.c.lease_until.is_(None)) | (lane.c.lease_until < _NOW),
        )
        .order_by(lane.c.ready_at)
        .limit(bindparam("b_limit"))
    )


def _first_events() -> Subquery:
    """Number the pending events of each lane; a flooded lane loads only its first."""
    place = func.row_number().over(
        partition_by=(inbox_event.c.unit_id, inbox_event.c.lane),
        order_by=(inbox_event.c.platform_at, inbox_event.c.event_id),
    )
    return (
        select(inbox_event.c.unit_id, inbox_event.c.event_id, place.label("place"))
        .where(
            tuple_(inbox_event.c.unit_id, inbox_event.c.lane).in_(_refs()),
            is_one_of(inbox_event.c.state, "received"),
        )
        .subquery()
    )


def _load() -> Select[Any]:
    first = _first_events()
    return (
        select(inbox_event, inbox_body.c.sealed, inbox_body.c.day)
        .join(
            first,
            and_(
                first.c.unit_id == inbox_event.c.unit_id,
                first.c.event_id == inbox_event.c.event_id,
            ),
        )
        .outerjoin(
            inbox_body,
            and_(
                inbox_body.c.unit_id == inbox_event.c.unit_id,
                inbox_body.c.body_id == inbox_event.c.body_id,
            ),
        )
        .where(first.c.place <= EVENTS_PER_CLAIM)
        .order_by(inbox_event.c.platform_at, inbox_event.c.event_id)
    )


def _drop_body() -> Delete:
    unfinished = (
        select(inbox_event.c.event_id)
        .where(
            inbox_event.c.unit_id == _UNIT,
            inbox_event.c.body_id == _BODY,
            inbox_event.c.state.in_(("received", "failed")),
        )
        .exists()
    )
    return delete(inbox_body).where(
        inbox_body.c.unit_id == _UNIT, inbox_body.c.body_id == _BODY, ~unfinished
    )


def _release() -> Update:
    return (
        update(lane)
        .where(lane.c.unit_id == _UNIT, lane.c.lane == _LANE, lane.c.owner == _OWNER)
        .values(
            owner=None,
            lease_until=None,
            ready_at=head_of(inbox_event.c.available_at, _UNIT, _LANE),
        )
    )


READY = _ready()
READY_LOCKED = READY.with_for_update(skip_locked=True)
TAKE = (
    update(lane)
    .where(tuple_(lane.c.unit_id, lane.c.lane).in_(_refs()))
    .values(owner=_OWNER, lease_until=_UNTIL)
)
LOAD = _load()
RENEW = (
    update(lane)
    .where(lane.c.unit_id == _UNIT, lane.c.lane == _LANE, lane.c.owner == _OWNER)
    .values(lease_until=_UNTIL)
)
LOCK_LANE = (
    select(lane.c.lane)
    .where(lane.c.unit_id == _UNIT, lane.c.lane == _LANE, lane.c.owner == _OWNER)
    .with_for_update()
)
RELEASE = _release().returning(lane.c.ready_at)
END = (
    update(inbox_event)
    .where(
        inbox_event.c.unit_id == _UNIT,
        inbox_event.c.event_id == _EVENT,
        is_one_of(inbox_event.c.state, "received"),
    )
    .values(
        state=bindparam("b_state", type_=inbox_event.c.state.type),
        error=bindparam("b_error", type_=inbox_event.c.error.type),
    )
)
LOCK_BODY = (
    select(inbox_body.c.body_id)
    .where(inbox_body.c.unit_id == _UNIT, inbox_body.c.body_id == _BODY)
    .with_for_update()
)
DROP_BODY = _drop_body()
