"""How do the rows of files to fetch and of replies begin? Without ids and times."""

from __future__ import annotations

from typing import Any

from handlers.model import Attachment
from storage.file_states import FileState
from storage.outbox import Priority, State

Row = dict[str, Any]


def file_row(
    event: Row, person_id: str, item_id: str, position: int, file: Attachment
) -> Row:
    """Return a row of a file to fetch, but for its id and times."""
    return {
        "unit_id": event["unit_id"],
        "person_id": person_id,
        "item_id": item_id,
        "event_id": event["event_id"],
        "position": position,
        "channel": event["channel"],
        "kind": file.kind,
        "state": FileState.WANTED.value,
        "attempts": 0,
    }


def reply_row(
    event: Row, person_id: str, row_id: str, item_id: str, position: int
) -> Row:
    """Return an outbox row of a chat reply caused by an inbound event."""
    return {
        "unit_id": event["unit_id"],
        "row_id": row_id,
        "channel": event["channel"],
        "person_id": person_id,
        "item_id": item_id,
        "kind": "reply",
        "priority": int(Priority.REPLY),
        "human": False,
        "cause": event["event_id"],
        "position": position,
        "state": State.PLANNED.value,
        "attempt": 0,
    }
