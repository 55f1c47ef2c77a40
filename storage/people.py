"""Who is behind an id? People, their platform identities, and their erasure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    bindparam,
    delete,
    select,
    tuple_,
    update,
)

from storage.bulk import Bulk, bulk
from storage.outbox_stop import stop
from storage.tables import (
    conversation,
    handover,
    identity,
    inbox_body,
    inbox_event,
    lesson_candidate,
    outbox,
    person,
    vault_item,
)

Row = Mapping[str, Any]


def find_identities(
    connection: Connection, keys: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Row]:
    """Return identity and wrapped key for each (unit, channel, HMAC) known."""
    if not keys:
        return {}
    rows = connection.execute(FIND, {"b_keys": list(keys)}).mappings()
    return {(r["unit_id"], r["channel"], r["id_mac"]): dict(r) for r in rows}


def add_person(connection: Connection, row: Row, identity_row: Row) -> None:
    """Insert a person and the platform identity they came with."""
    connection.execute(person.insert(), dict(row))
    connection.execute(identity.insert(), dict(identity_row))


def add_items(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert sealed items."""
    if rows:
        bulk(connection, ADD_ITEMS, rows)


def drop_items(connection: Connection, unit_id: str, item_ids: Sequence[str]) -> None:
    """Delete sealed items that must not be kept after all."""
    connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id, vault_item.c.item_id.in_(list(item_ids))
        )
    )


def get_items(
    connection: Connection, unit_id: str, item_ids: Sequence[str]
) -> dict[str, Row]:
    """Return items by id."""
    query = select(vault_item).where(
        vault_item.c.unit_id == unit_id, vault_item.c.item_id.in_(list(item_ids))
    )
    rows = connection.execute(query).mappings()
    return {row["item_id"]: dict(row) for row in rows}


def erase(connection: Connection, unit_id: str, person_id: str, at: int) -> int:
    """Destroy a person's key and rows; evidence keeps only hashes.

    Raw bodies that name the person are the work of storage.erasure. Returns how
    many sealed items went; ``at`` is UTC ms. NĐ 356/2025/NĐ-CP Điều 5.
    """
    stop_sends(connection, unit_id, person_id, at)
    for table in (conversation, handover, identity, lesson_candidate):
        connection.execute(
            delete(table).where(
                table.c.unit_id == unit_id, table.c.person_id == person_id
            )
        )
    gone = connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id, vault_item.c.person_id == person_id
        )
    ).rowcount
    connection.execute(
        update(person)
        .where(person.c.unit_id == unit_id, person.c.person_id == person_id)
        .values(wrapped_key=None, erased_at=at)
    )
    return gone


def stop_sends(
    connection: Connection, unit_id: str, person_id: str, at: int
) -> tuple[str, ...]:
    """Refuse what is not on its way yet; return the row ids. ``at`` is UTC ms."""
    return stop(connection, unit_id, outbox.c.person_id == person_id, "erased", at)


def lanes_of(connection: Connection, unit_id: str, person_id: str) -> list[str]:
    """Return the HMACs under which a person's messages arrive (their lanes)."""
    query = select(identity.c.id_mac).where(
        identity.c.unit_id == unit_id, identity.c.person_id == person_id
    )
    return list(connection.execute(query).scalars())


def bodies_naming(
    connection: Connection, unit_id: str, lanes: Sequence[str]
) -> list[Row]:
    """Return raw bodies with an event of these lanes, with all their events."""
    bodies = select(inbox_event.c.body_id).where(
        inbox_event.c.unit_id == unit_id, inbox_event.c.lane.in_(list(lanes))
    )
    query = (
        select(
            inbox_body,
            inbox_event.c.event_id,
            inbox_event.c.body_index,
            inbox_event.c.lane,
            inbox_event.c.state,
        )
        .join(
            inbox_event,
            (inbox_event.c.unit_id == inbox_body.c.unit_id)
            & (inbox_event.c.body_id == inbox_body.c.body_id),
        )
        .where(inbox_body.c.unit_id == unit_id, inbox_body.c.body_id.in_(bodies))
    )
    return [dict(row) for row in connection.execute(query).mappings()]


_KEYS: BindParameter[list[tuple[str, str, str]]] = bindparam("b_keys", expanding=True)
FIND = (
    select(identity, person.c.wrapped_key, person.c.erased_at)
    .join(
        person,
        (person.c.unit_id == identity.c.unit_id)
        & (person.c.person_id == identity.c.person_id),
    )
    .where(tuple_(identity.c.unit_id, identity.c.channel, identity.c.id_mac).in_(_KEYS))
)
ADD_ITEMS = Bulk(
    vault_item.insert(),
    ("unit_id", "item_id", "person_id", "kind", "sealed", "created_at"),
)
