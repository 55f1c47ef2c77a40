"""Which rows may be sent now? Most urgent first, each citizen's in order."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Select,
    and_,
    bindparam,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from storage.database import is_postgres
from storage.outbox_states import ACTIVE, Priority, State
from storage.tables import conversation, identity, outbox, person, vault_item
from storage.tables.base import is_one_of

Row = dict[str, Any]


def claim(
    connection: Connection,
    channel: str,
    *,
    owner: str,
    now: int,
    lease_until: int,
    limit: int,
    max_priority: int = Priority.BULK,
) -> list[Row]:
    """Take due rows of a channel, most urgent first, each citizen's in order.

    A row waits for the citizen's earlier rows of the same or a higher priority, so
    a reply passes a greeting but never another reply.
    Each row comes with what policy and sender need: sealed content, sealed
    platform id, wrapped key, and the plain facts of the conversation.
    """
    query = DUE_LOCKED if is_postgres(connection) else DUE
    values = {"channel": channel, "now": now, "most": max_priority, "size": limit}
    refs = [(row.unit_id, row.row_id) for row in connection.execute(query, values)]
    if not refs:
        return []
    connection.execute(
        update(outbox)
        .where(tuple_(outbox.c.unit_id, outbox.c.row_id).in_(refs))
        .values(
            state=State.CLAIMED, owner=owner, lease_until=lease_until, updated_at=now
        )
    )
    found = connection.execute(LOADED, {"refs": refs}).mappings()
    # A person may have several identities on a staff channel: one for each topic.
    rows = {(row["unit_id"], row["row_id"]): dict(row) for row in found}
    return list(rows.values())


def _earlier_active() -> ColumnElement[bool]:
    earlier = outbox.alias("earlier")
    return (
        select(earlier.c.row_id)
        .where(
            earlier.c.unit_id == outbox.c.unit_id,
            earlier.c.person_id == outbox.c.person_id,
            earlier.c.channel == outbox.c.channel,
            is_one_of(earlier.c.state, *ACTIVE),
            earlier.c.row_id < outbox.c.row_id,
            earlier.c.priority <= outbox.c.priority,
        )
        .exists()
    )


def _due() -> Select[tuple[str, str]]:
    return (
        select(outbox.c.unit_id, outbox.c.row_id)
        .where(
            outbox.c.channel == bindparam("channel"),
            is_one_of(outbox.c.state, *ACTIVE),
            is_one_of(outbox.c.state, State.PLANNED, State.RETRY),
            outbox.c.available_at <= bindparam("now"),
            outbox.c.priority <= bindparam("most"),
            ~_earlier_active(),
        )
        .order_by(outbox.c.priority, outbox.c.row_id)
        .limit(bindparam("size"))
    )


def _loaded() -> Select[Any]:
    same_person = and_(
        person.c.unit_id == outbox.c.unit_id, person.c.person_id == outbox.c.person_id
    )
    same_identity = and_(
        identity.c.unit_id == outbox.c.unit_id,
        identity.c.person_id == outbox.c.person_id,
        identity.c.channel == outbox.c.channel,
    )
    same_talk = and_(
        conversation.c.unit_id == outbox.c.unit_id,
        conversation.c.person_id == outbox.c.person_id,
        conversation.c.channel == outbox.c.channel,
    )
    same_item = and_(
        vault_item.c.unit_id == outbox.c.unit_id,
        vault_item.c.item_id == outbox.c.item_id,
    )
    refs: BindParameter[list[tuple[str, str]]] = bindparam("refs", expanding=True)
    return (
        select(
            outbox,
            person.c.wrapped_key,
            identity.c.sealed_id,
            identity.c.id_mac,
            vault_item.c.sealed.label("content"),
            conversation.c.opted_out,
            conversation.c.muted_until,
            conversation.c.last_inbound_at,
            conversation.c.sent_since_inbound,
        )
        .outerjoin(person, same_person)
        .outerjoin(identity, same_identity)
        .outerjoin(vault_item, same_item)
        .outerjoin(conversation, same_talk)
        .where(tuple_(outbox.c.unit_id, outbox.c.row_id).in_(refs))
        .order_by(outbox.c.priority, outbox.c.row_id)
    )


DUE = _due()
DUE_LOCKED = DUE.with_for_update(skip_locked=True)
LOADED = _loaded()
