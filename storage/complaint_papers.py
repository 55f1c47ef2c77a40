"""Where does a complaint wait to be printed? In the vault, for some days, and then not.

An item of the person's vault, so an erasure takes it, under an id that only the secret
of its link leads to. All functions work in the caller's transaction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, collate, delete, select

from storage.database import is_postgres
from storage.tables import person, vault_item

Row = dict[str, Any]

KIND = "complaint_paper"
PREFIX = "don-"
"""Before the id: ids of other items are hexadecimal, so a range finds all of these."""
_AFTER = "don."


def item_id(mac: str) -> str:
    """Return the id of the paper whose secret has this HMAC."""
    return f"{PREFIX}{mac}"[:32]


def get(connection: Connection, unit_id: str, paper_id: str) -> Row | None:
    """Return the sealed paper with its person's wrapped key, None when it is gone."""
    query = (
        select(vault_item, person.c.wrapped_key)
        .join(
            person,
            (person.c.unit_id == vault_item.c.unit_id)
            & (person.c.person_id == vault_item.c.person_id),
        )
        .where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id == paper_id,
            vault_item.c.kind == KIND,
        )
    )
    row = connection.execute(query).mappings().one_or_none()
    return dict(row) if row else None


def drop(connection: Connection, unit_id: str, paper_id: str) -> bool:
    """Delete a paper; False when it was gone."""
    gone = connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id,
            vault_item.c.item_id == paper_id,
            vault_item.c.kind == KIND,
        )
    )
    return gone.rowcount == 1


def drop_old(connection: Connection, unit_id: str, before: int) -> int:
    """Delete papers made before then (UTC ms); return how many."""
    # A served database may sort by a language's rules, which weigh no hyphen.
    name = collate(vault_item.c.item_id, "C" if is_postgres(connection) else "BINARY")
    return connection.execute(
        delete(vault_item).where(
            vault_item.c.unit_id == unit_id,
            name >= PREFIX,
            name < _AFTER,
            vault_item.c.kind == KIND,
            vault_item.c.created_at < before,
        )
    ).rowcount
