"""How does a comment become rows? All sealed before the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.facebook.comments import PRIVATE, PUBLIC
from bot.clock import to_ms
from bot.codec import dump_reply
from bot.comment_rows import Answer, CommentRows
from bot.runtime import UnitRuntime
from handlers.citizen.comment_model import Commented
from handlers.model import Channel, Inbound, Kind, Reply, Tag
from storage import comments
from storage.comments import CommentState
from storage.evidence import Entry
from storage.ids import Ids
from storage.outbox import Priority, State
from storage.vault import PersonVault, commit

Row = dict[str, Any]

SEND_KIND = "comment"
"""No kind of storage.outbox.REPEATABLE: one of unknown fate is never sent again."""


def plan_comment(
    unit: UnitRuntime,
    ids: Ids,
    event: Row,
    inbound: Inbound,
    comment: Commented | None,
    vault: PersonVault | None,
    now: int,
) -> CommentRows | None:
    """Return what to write of a comment; None for any other message.

    A removal needs nobody: it may name the page, or nobody at all.
    """
    if inbound.kind is Kind.COMMENT_REMOVED and inbound.payload:
        row = _row(unit, inbound.payload, inbound, now)
        gone = {"state": CommentState.REMOVED.value}
        return CommentRows(row | gone, inbound.kind, event, now, ids)
    if comment is None or vault is None:
        return None
    row = _row(unit, comment.comment_id, inbound, now)
    row |= {"person_id": vault.person_id, "event_id": event["event_id"]}
    seal = _Seal(unit, ids, event, vault, row["comment_mac"], now)
    return CommentRows(
        row=row,
        kind=inbound.kind,
        event=event,
        now=now,
        ids=ids,
        reason=comment.reason,
        due=to_ms(comment.due),
        question=seal.item("handover", {"question": comment.question}),
        private=seal.answer(comment.private, PRIVATE + comment.comment_id, 0),
        thanks=seal.answer(comment.thanks, PUBLIC + comment.comment_id, 1),
        alert=comment.alert,
        is_urgent=comment.is_urgent,
    )


def _row(unit: UnitRuntime, name: str, inbound: Inbound, now: int) -> Row:
    return {
        "unit_id": unit.unit_id,
        "comment_mac": unit.vault.keys.mac("comment", name),
        "person_id": None,
        "event_id": None,
        "handover_id": None,
        "state": CommentState.SHOWN.value,
        "commented_at": to_ms(inbound.at),
        "answered_at": None,
        "updated_at": now,
    }


@dataclass(frozen=True, slots=True)
class _Seal:
    """Seals what is said to one comment."""

    unit: UnitRuntime
    ids: Ids
    event: Row
    vault: PersonVault
    mac: str
    now: int

    def item(self, kind: str, value: Mapping[str, Any]) -> Row:
        """Return a sealed item of who wrote."""
        item_id = self.ids.new()
        return {
            "unit_id": self.unit.unit_id,
            "item_id": item_id,
            "person_id": self.vault.person_id,
            "kind": kind,
            "sealed": self.vault.seal(value, item_id),
            "created_at": self.now,
        }

    def answer(self, reply: Reply | None, to: str, position: int) -> Answer | None:
        """Return one message as rows; of more parts than one the first goes."""
        if reply is None:
            return None
        parts: Sequence[Reply] = self._adapter_parts(reply)
        part = Reply(parts[0].text)
        promise = commit(part.text)
        salts = {"text": promise.salt.hex()}
        value = {"reply": dump_reply(part), "salts": salts, "to": to}
        item = self.item("reply", value)
        row_id = self.ids.new()
        entry = Entry(
            unit_id=self.unit.unit_id,
            entry_id=self.ids.new(),
            at=self.now,
            tag=Tag.COMMENT_ANSWERED.value,
            subject=self.event["event_id"],
            person=self.vault.person_id,
            item=str(item["item_id"]),
            data={"send": row_id, "way": to.partition(":")[0]},
            sealed={"text": promise.digest},
        )
        send = self._send(row_id, str(item["item_id"]), position)
        return Answer(item, send, entry.row())

    def _adapter_parts(self, reply: Reply) -> Sequence[Reply]:
        return self.unit.adapters[Channel(self.event["channel"])].plan(reply)

    def _send(self, row_id: str, item_id: str, position: int) -> Row:
        return {
            "unit_id": self.unit.unit_id,
            "row_id": row_id,
            "channel": self.event["channel"],
            "person_id": self.vault.person_id,
            "item_id": item_id,
            "kind": SEND_KIND,
            "priority": int(Priority.REPLY),
            "human": False,
            "cause": comments.cause(self.mac),
            "position": position,
            "state": State.PLANNED.value,
            "attempt": 0,
            "available_at": self.now,
            "created_at": self.now,
            "updated_at": self.now,
        }
