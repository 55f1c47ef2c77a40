"""Which pictures cross between citizens and staff channels? Rows only, no bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, literal, select

from storage.desk import FILE_CAUSE, MESSAGE, OPEN, TOLD
from storage.file_states import FileState
from storage.tables import (
    case_link,
    evidence_entry,
    handover,
    outbox,
    received_file,
    vault_item,
)


def keep(connection: Connection, row: Mapping[str, Any]) -> None:
    """Insert a file that lies on the disk already."""
    connection.execute(received_file.insert().values(dict(row)))


def untold(connection: Connection, unit_id: str, limit: int) -> list[dict[str, Any]]:
    """Return stored files of the matters that are open, oldest first.

    Only of the channel on which the citizen waits; what staff sent came by another.
    """
    told = select(outbox.c.row_id).where(
        outbox.c.unit_id == received_file.c.unit_id,
        outbox.c.cause == literal(FILE_CAUSE).concat(received_file.c.file_id),
    )
    marked = select(vault_item.c.item_id).where(
        vault_item.c.unit_id == received_file.c.unit_id,
        vault_item.c.item_id == received_file.c.file_id,
        vault_item.c.kind == TOLD,
    )
    linked = select(case_link.c.ref).where(
        case_link.c.unit_id == received_file.c.unit_id,
        case_link.c.case_id == handover.c.handover_id,
        case_link.c.kind == "file",
        case_link.c.ref == received_file.c.file_id,
    )
    query = (
        select(
            received_file.c.file_id,
            received_file.c.event_id,
            received_file.c.media_type,
            received_file.c.size,
            received_file.c.created_at,
            received_file.c.person_id,
            handover.c.handover_id,
        )
        .join(
            handover,
            (handover.c.unit_id == received_file.c.unit_id)
            & (handover.c.person_id == received_file.c.person_id)
            & (handover.c.channel == received_file.c.channel),
        )
        .where(
            received_file.c.unit_id == unit_id,
            received_file.c.state == FileState.STORED,
            handover.c.state.in_(OPEN),
            (received_file.c.created_at >= handover.c.opened_at) | linked.exists(),
            ~told.exists(),
            ~marked.exists(),
        )
        .order_by(received_file.c.file_id, handover.c.opened_at.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def caption_item(connection: Connection, unit_id: str, event_id: str) -> str:
    """Return the item with the words that came with a file's message; "" for none."""
    query = select(evidence_entry.c.leaf).where(
        evidence_entry.c.unit_id == unit_id,
        evidence_entry.c.subject == event_id,
        evidence_entry.c.tag == MESSAGE,
    )
    leaf = connection.execute(query).scalar()
    return str(json.loads(leaf).get("item", "")) if leaf else ""
