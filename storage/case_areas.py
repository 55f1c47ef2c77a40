"""Which open cases lie near a place? By keyed hashes of hamlet and square of a grid.

They are links of the kind ``area``; an erasure takes them away with the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select

from storage.tables import case_link, case_record, person, vault_item

AREA = "area"
MOST = 30
"""Newest cases that are looked into; each costs an opening of its words."""


def rows(
    unit_id: str, case_id: str, macs: Sequence[str], at: int
) -> list[dict[str, Any]]:
    """Return the links of a case with its places; ``at`` is UTC ms."""
    return [
        {"unit_id": unit_id, "case_id": case_id, "kind": AREA, "ref": mac, "at": at}
        for mac in dict.fromkeys(macs)
    ]


def near(
    connection: Connection, unit_id: str, kind: str, macs: Sequence[str], since: int
) -> list[dict[str, Any]]:
    """Return open cases of a kind received since (UTC ms), newest first, with words.

    ``sealed`` and ``wrapped_key`` open them; each case comes once, ``ref`` is one of
    the places it was found by.
    """
    head = case_record.c
    query = (
        select(
            head.case_id,
            head.code,
            head.person_id,
            head.item_id,
            head.received_at,
            case_link.c.ref,
            vault_item.c.sealed,
            person.c.wrapped_key,
        )
        .join(
            case_link,
            (case_link.c.unit_id == head.unit_id)
            & (case_link.c.case_id == head.case_id),
        )
        .join(
            vault_item,
            (vault_item.c.unit_id == head.unit_id)
            & (vault_item.c.item_id == head.item_id),
        )
        .join(
            person,
            (person.c.unit_id == head.unit_id) & (person.c.person_id == head.person_id),
        )
        .where(
            head.unit_id == unit_id,
            head.kind == kind,
            head.closed_at.is_(None),
            head.received_at >= since,
            case_link.c.kind == AREA,
            case_link.c.ref.in_(list(macs)),
        )
        .order_by(head.received_at.desc(), head.case_id)
        .limit(2 * MOST)
    )
    found: dict[str, dict[str, Any]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["case_id"], dict(row) | {"refs": set()})
        found[row["case_id"]]["refs"].add(row["ref"])
    return list(found.values())[:MOST]


def forget(connection: Connection, unit_id: str, case_ids: Sequence[str]) -> None:
    """Take away where cases are."""
    connection.execute(
        delete(case_link).where(
            case_link.c.unit_id == unit_id,
            case_link.c.case_id.in_(list(case_ids)),
            case_link.c.kind == AREA,
        )
    )
