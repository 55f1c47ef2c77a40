"""What do we remember of a talk? One sealed, versioned row a person and channel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, select, tuple_, update

from storage.database import insert
from storage.errors import ConflictError
from storage.tables import conversation, handover


def load(
    connection: Connection, keys: Sequence[tuple[str, str, str]]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Return the rows for (unit, person, channel) keys."""
    if not keys:
        return {}
    rows = connection.execute(LOAD, {"b_keys": list(keys)}).mappings()
    return {(r["unit_id"], r["person_id"], r["channel"]): dict(r) for r in rows}


def save(connection: Connection, row: Mapping[str, Any], seen_version: int) -> None:
    """Write by compare-and-swap; raises ConflictError when somebody was faster.

    ``seen_version`` is 0 for a conversation that did not exist.
    """
    if seen_version == 0:
        _create(connection, row)
        return
    values = {f"b_{name}": value for name, value in row.items()}
    changed = connection.execute(SAVE, values | {"b_seen": seen_version}).rowcount
    if changed != 1:
        raise ConflictError("conversation")


def _create(connection: Connection, row: Mapping[str, Any]) -> None:
    statement = insert(connection, conversation).values(dict(row))
    if connection.execute(statement.on_conflict_do_nothing()).rowcount != 1:
        raise ConflictError("conversation")


def count_sent(
    connection: Connection, unit_id: str, person_id: str, channel: str
) -> None:
    """Count one accepted message against the free replies of the window."""
    connection.execute(
        COUNT_SENT, {"b_unit": unit_id, "b_person": person_id, "b_channel": channel}
    )


def open_handover(connection: Connection, row: Mapping[str, Any]) -> None:
    """Record that a citizen waits for a person."""
    connection.execute(handover.insert(), dict(row))


_KEY = ("unit_id", "person_id", "channel")
_KEYS: BindParameter[list[tuple[str, str, str]]] = bindparam("b_keys", expanding=True)
LOAD = select(conversation).where(
    tuple_(*(conversation.c[name] for name in _KEY)).in_(_KEYS)
)
SAVE = (
    update(conversation)
    .where(
        *(conversation.c[name] == bindparam(f"b_{name}") for name in _KEY),
        conversation.c.version == bindparam("b_seen"),
    )
    .values(
        {
            column.name: bindparam(f"b_{column.name}", type_=column.type)
            for column in conversation.c
            if column.name not in _KEY
        }
    )
)
COUNT_SENT = (
    update(conversation)
    .where(
        conversation.c.unit_id == bindparam("b_unit"),
        conversation.c.person_id == bindparam("b_person"),
        conversation.c.channel == bindparam("b_channel"),
    )
    .values(sent_since_inbound=conversation.c.sent_since_inbound + 1)
)
