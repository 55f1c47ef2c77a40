"""What became of a citizen's message? The five steps, read from the evidence.

For the sandbox only: the platform's message id leads to the inbound event by its
keyed hash, the event to its entries and to the rows that were sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.sandbox.model import Step
from handlers.model import Channel, Tag
from storage import evidence
from storage.database import Database
from storage.keys import KeyRing
from storage.tables import inbox_event, outbox

STEPS = {
    Tag.MESSAGE_RECEIVED: "received",
    Tag.MESSAGE_UNDERSTOOD: "understood",
    Tag.SEND_ACCEPTED: "sent",
    Tag.SEND_REFUSED: "sent",
    Tag.SEND_UNKNOWN: "sent",
    Tag.SEND_DELAYED: "sent",
    Tag.RECEIPT_DELIVERED: "sent",
    Tag.RECEIPT_SEEN: "sent",
}
QUIET = frozenset({"channel"})


class EvidenceTrace:
    """Answers the sandbox's question for the units of this installation."""

    def __init__(self, database: Database, ring: KeyRing, units: Sequence[str]) -> None:
        self._database = database
        self._ring = ring
        self._units = units

    async def steps(self, channel: str, message_id: str) -> list[Step]:
        """Return the steps so far: received, understood, decided, sent, evidenced."""
        for unit_id in self._units:
            keys = self._ring.unit(unit_id)
            dedupe = keys.mac(f"event:{Channel(channel)}", message_id)

            def work(c: Connection, u: str = unit_id, d: str = dedupe) -> list[Any]:
                return _entries(c, u, channel, d)

            entries = await self._database.read(work)
            if entries:
                return _steps(entries)
        return []


def _entries(
    connection: Connection, unit_id: str, channel: str, dedupe: str
) -> list[Mapping[str, Any]]:
    event_id = connection.execute(
        select(inbox_event.c.event_id).where(
            inbox_event.c.unit_id == unit_id,
            inbox_event.c.channel == channel,
            inbox_event.c.dedupe == dedupe,
        )
    ).scalar()
    if event_id is None:
        return []
    rows = connection.execute(
        select(outbox.c.row_id).where(
            outbox.c.unit_id == unit_id, outbox.c.cause == event_id
        )
    ).scalars()
    return list(evidence.about(connection, unit_id, [event_id, *rows]))


def _steps(entries: Sequence[Mapping[str, Any]]) -> list[Step]:
    steps = [_step(entry) for entry in entries]
    last = entries[-1]
    proof = {"entries": len(entries), "leaf_sha256": last["leaf_hash"].hex()}
    at = evidence.iso_ms(last["at"])
    return [*steps, {"step": "evidenced", "at": at, "data": proof}]


def _step(entry: Mapping[str, Any]) -> Step:
    leaf = json.loads(entry["leaf"])
    data = {name: value for name, value in leaf["data"].items() if name not in QUIET}
    if leaf.get("sealed"):
        data["sealed"] = ", ".join(sorted(leaf["sealed"]))
    name = STEPS.get(Tag(entry["tag"]), "decided")
    return {"step": name, "at": leaf["at"], "data": {"tag": entry["tag"], **data}}
