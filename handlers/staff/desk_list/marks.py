"""What is one message of a talk, as it is shown, and as far as no word is opened?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from storage import desk_talk

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sent:
    """How far a message of ours got; ``state`` as in the outbox, or waiting, by_hand.

    ``receipt`` is delivered or seen where the platform told, else "".
    """

    state: str
    code: str = ""
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of the citizen; ``is_picture``: it can be shown in the page."""

    file_id: str
    kind: str
    state: str
    media_type: str

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it."""
        return self.state == "stored" and self.media_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message; ``side`` is citizen, bot or person. ``read`` is how we read it.

    ``is_hidden``: it is kept from this reader, and ``text`` says so. ``is_open``: it
    tells of a case that they may see.
    """

    at: datetime
    side: str
    text: str
    buttons: tuple[str, ...] = ()
    media: str = ""
    read: Mapping[str, Any] | None = None
    sent: Sent | None = None
    file: Kept | None = None
    is_hidden: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """When (UTC ms) somebody said something, what it was read as; "": not at all."""

    at: int
    side: str
    intent: str = ""
    is_open: bool = False


def readings(proofs: Sequence[Row]) -> dict[str, Row]:
    """Return item -> how the message was read, by the event they share."""
    leaves = [(row["tag"], row["subject"], json.loads(row["leaf"])) for row in proofs]
    read = {s: leaf["data"] for tag, s, leaf in leaves if tag == desk_talk.UNDERSTOOD}
    return {
        leaf["item"]: read[subject]
        for tag, subject, leaf in leaves
        if tag == desk_talk.RECEIVED and "item" in leaf and subject in read
    }


def proved(
    connection: Connection, unit_id: str, items: Sequence[Row]
) -> dict[str, Row]:
    """Return how the received ones of these items were read, by item."""
    received = (row for row in items if row["kind"] == desk_talk.RECEIVED)
    times = [row["created_at"] for row in received]
    return readings(desk_talk.proofs(connection, unit_id, times)) if times else {}


def marks_from(items: Sequence[Row], read: Mapping[str, Row]) -> list[Mark]:
    """Return items (newest first) as marks, oldest first."""
    return [
        Mark(
            row["created_at"],
            "citizen" if row["kind"] == desk_talk.RECEIVED else "bot",
            str(read.get(row["item_id"], {}).get("intent", "")),
        )
        for row in reversed(items)
    ]


def marks_of(connection: Connection, unit_id: str, items: Sequence[Row]) -> list[Mark]:
    """Return words said by or to a person as marks, oldest first."""
    return marks_from(items, proved(connection, unit_id, items))
