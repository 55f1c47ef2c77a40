"""Which platform token is in force, and was its renewal cut in half?

A refresh token works once. So an intent row is committed before the call and the
new pair replaces it in one transaction; an intent that outlives its process says
that the pair may be lost and a person must grant access again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select

from storage.database import insert
from storage.tables import token, token_intent

Row = dict[str, Any]


def load(connection: Connection, unit_id: str, channel: str) -> Row | None:
    """Return the stored pair, or None."""
    query = select(token).where(token.c.unit_id == unit_id, token.c.channel == channel)
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def begin(
    connection: Connection,
    unit_id: str,
    channel: str,
    *,
    owner: str,
    seed_mac: str,
    at: int,
) -> bool:
    """Write the intent to refresh; False when another holder already has one."""
    done = connection.execute(
        insert(connection, token_intent)
        .values(
            unit_id=unit_id,
            channel=channel,
            owner=owner,
            seed_mac=seed_mac,
            started_at=at,
        )
        .on_conflict_do_nothing()
    )
    return done.rowcount == 1


def intent(connection: Connection, unit_id: str, channel: str) -> Row | None:
    """Return the open intent, or None."""
    query = select(token_intent).where(
        token_intent.c.unit_id == unit_id, token_intent.c.channel == channel
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def save(connection: Connection, row: Mapping[str, Any]) -> None:
    """Store a new pair and close its intent, in one transaction."""
    values = dict(row)
    changes = {k: v for k, v in values.items() if k not in ("unit_id", "channel")}
    connection.execute(
        insert(connection, token)
        .values(values)
        .on_conflict_do_update(index_elements=["unit_id", "channel"], set_=changes)
    )
    clear_intent(connection, values["unit_id"], values["channel"])


def clear_intent(connection: Connection, unit_id: str, channel: str) -> None:
    """The platform answered (yes or no): nothing is in doubt."""
    connection.execute(
        delete(token_intent).where(
            token_intent.c.unit_id == unit_id, token_intent.c.channel == channel
        )
    )
