"""What may anybody see of an entry? That it is there, when, and whose act it was.

No text, no person, no officer. Of the sealed queue (tố cáo) nothing at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import Signed
from storage.evidence.merkle import leaf_hash
from storage.evidence.proofs import inclusion, is_included
from storage.tables import evidence_entry

REFERENCE = re.compile(r"[0-9a-f]{32}")
MOST = 50
WHO = {
    "citizen": "Người dân gửi hoặc chọn",
    "bot": "Trợ lý thực hiện",
    "staff": "Cán bộ thực hiện",
    "platform": "Nền tảng nhắn tin báo lại",
    "system": "Hệ thống thực hiện",
}
HIDDEN = ("sealed",)


@dataclass(frozen=True, slots=True)
class Shown:
    """One entry as the page shows it; ``at`` is UTC ms; ``index`` None: waiting."""

    entry_id: str
    at: int
    who: str
    index: int | None
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The entries behind a reference, under the newest checkpoint."""

    entries: tuple[Shown, ...]
    signed: Signed | None


def look(connection: Connection, unit_id: str, reference: str) -> Found | None:
    """Return an entry, or all about a case or letter, by random id; None: nothing."""
    if not REFERENCE.fullmatch(reference):
        return None
    entry = evidence_entry.c
    query = select(entry.entry_id, entry.at, entry.tag, entry.leaf)
    mine = query.where(entry.unit_id == unit_id)
    # Asked for either, or for an order, SQLite would walk the whole log.
    both = mine.where(entry.subject == reference).union(
        mine.where(entry.entry_id == reference)
    )
    rows = sorted(connection.execute(both).all(), key=lambda row: row.entry_id)
    if not rows or any(row.tag.split(":")[1] in HIDDEN for row in rows):
        return None
    signed = checkpoints.newest(connection, unit_id)
    shown = (
        Shown(
            row.entry_id,
            row.at,
            WHO.get(row.tag.split(":")[0], ""),
            *_proven(connection, unit_id, row.entry_id, bytes(row.leaf), signed),
        )
        for row in rows[:MOST]
    )
    return Found(tuple(shown), signed)


def _proven(
    connection: Connection,
    unit_id: str,
    entry_id: str,
    leaf: bytes,
    signed: Signed | None,
) -> tuple[int | None, bool]:
    index = order.place(connection, unit_id, entry_id)
    if signed is None or index is None or index >= signed.size:
        return None, False
    said = signed.read()[0]
    path = inclusion(index, said.size, order.nodes(connection, unit_id))
    digest = leaf_hash(leaf)
    return index, is_included(digest, index, said.size, path, said.root)
