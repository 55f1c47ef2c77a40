"""What is one line of proof? A canonical JSON leaf, hashed as RFC 6962 says.

The bytes are final: RFC 8785 JSON with a version field ``v``. A leaf carries no
position; a sequencer later gives it one (see storage.evidence.order).
Personal data appears only as salted commitments (see storage.vault).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, func, select

from storage.bulk import Bulk, bulk
from storage.evidence.merkle import leaf_hash
from storage.tables import evidence_entry, evidence_waiting

LEAF_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; ``subject`` is the id of the message, send or case it is about.

    ``sealed`` maps a field name to the hex SHA-256 commitment of its text;
    ``item`` is the vault item that holds text and salt.
    """

    unit_id: str
    entry_id: str
    at: int
    tag: str
    subject: str
    person: str = ""
    item: str = ""
    data: Mapping[str, str | int | bool] = field(default_factory=dict)
    sealed: Mapping[str, str] = field(default_factory=dict)

    def leaf(self) -> bytes:
        """Return the canonical bytes that are hashed."""
        value: dict[str, Any] = {
            "v": LEAF_VERSION,
            "id": self.entry_id,
            "unit": self.unit_id,
            "at": iso_ms(self.at),
            "tag": self.tag,
            "subject": self.subject,
            "data": dict(self.data),
        }
        optional = {"person": self.person, "item": self.item, "sealed": self.sealed}
        value.update({name: part for name, part in optional.items() if part})
        return canonical(value)

    def row(self) -> dict[str, Any]:
        """Return the table row."""
        leaf = self.leaf()
        return {
            "unit_id": self.unit_id,
            "entry_id": self.entry_id,
            "at": self.at,
            "tag": self.tag,
            "subject": self.subject or None,
            "leaf": leaf,
            "leaf_hash": leaf_hash(leaf),
        }


def canonical(value: Mapping[str, Any] | list[Any]) -> bytes:
    """Return the RFC 8785 bytes of an object of texts, whole numbers and flags, or
    of a list of such objects.

    For such values (ASCII names, no floats) the standard library's sorted, compact
    output is the canonical form; a test compares it with a reference library.
    Raises UnicodeEncodeError for text that is not Unicode.
    """
    return _encode(value).encode()


def append(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add entries in the caller's transaction (rows made by Entry.row).

    They wait there, as durable as the entry itself, for their place in the log.
    """
    if rows:
        bulk(connection, APPEND, rows)
        bulk(connection, WAIT, rows)


def about(
    connection: Connection, unit_id: str, subjects: Sequence[str]
) -> list[dict[str, Any]]:
    """Return the entries about these subjects, oldest first."""
    query = select(evidence_entry).where(
        evidence_entry.c.unit_id == unit_id,
        evidence_entry.c.subject.in_(list(subjects)),
    )
    # Ordered here: asked for the order, SQLite walks the whole log by its key.
    found = [dict(row) for row in connection.execute(query).mappings()]
    return sorted(found, key=itemgetter("entry_id"))


def iso_ms(at: int) -> str:
    """UTC milliseconds as text: 2026-11-23T01:02:03.004Z."""
    whole = datetime.fromtimestamp(at // 1000, tz=UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}Z"


def newest_at(connection: Connection) -> int | None:
    """Return the time of the newest entry, None in an empty log."""
    return connection.execute(select(func.max(evidence_entry.c.at))).scalar()


APPEND = Bulk(
    evidence_entry.insert(),
    ("unit_id", "entry_id", "at", "tag", "subject", "leaf", "leaf_hash"),
)
WAIT = Bulk(evidence_waiting.insert(), ("unit_id", "entry_id"))
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False
).encode
