"""Which files go with a form that was left? Rows, sealed facts, and the proof of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.model import Tag
from storage import dropped_files, evidence
from storage.evidence import Entry
from storage.ids import Ids


@dataclass(frozen=True, slots=True)
class FileDrops:
    """Files of one citizen that are to go in the transaction of their message."""

    event: dict[str, Any]
    person_id: str
    file_ids: tuple[str, ...]
    ids: Ids
    now: int

    def write(self, connection: Connection) -> None:
        """Delete them, each with its proof; what a case holds stays."""
        gone = dropped_files.drop(
            connection, self.event["unit_id"], self.person_id, self.file_ids
        )
        evidence.append(connection, [self._proof(row) for row in gone])

    def _proof(self, row: dict[str, Any]) -> dict[str, Any]:
        return Entry(
            unit_id=row["unit_id"],
            entry_id=self.ids.new(),
            at=self.now,
            tag=Tag.FILE_DROPPED.value,
            subject=row["file_id"],
            person=self.person_id,
            data={
                "channel": row["channel"],
                "kind": row["kind"],
                "event": self.event["event_id"],
                "state": row["state"],
            },
        ).row()
