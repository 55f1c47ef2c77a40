"""How does a citizen hear that a file was refused? One sentence for a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.codec import dump_reply, load_conversation
from bot.fetch_results import Unfit
from bot.planned_rows import reply_row
from bot.runtime import UnitRuntime
from handlers.citizen.files import refusal
from handlers.model import Conversation, Reply, Tag
from storage import conversations, outbox, people
from storage.database import Database
from storage.evidence import Entry, append
from storage.ids import Ids
from storage.tables import outbox as outbox_table
from storage.vault import PersonVault, commit

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The rows of one sentence, sealed before the transaction."""

    item: Row
    entry: Row
    send: Row


class Told:
    """Plans the sentence; the words are those of the unit in force."""

    def __init__(
        self,
        units: Mapping[str, UnitRuntime],
        ids: Ids,
        wake: Callable[[str], None],
    ) -> None:
        self._units = units
        self._ids = ids
        self.wake = wake

    async def prepare(
        self, database: Database, row: Row, vault: PersonVault, why: Unfit, now: int
    ) -> Sentence | None:
        """Return the rows of what is to be said; None when nothing is.

        While a person of the commune answers we are silent. ``now`` is UTC ms.
        """
        key = (row["unit_id"], row["person_id"], row["channel"])
        talks = await database.read(lambda c: conversations.load(c, [key]))
        talk = talks.get(key)
        if talk is not None and (talk["muted_until"] or 0) > now:
            return None
        conversation = _conversation(vault, row["channel"], talk)
        words = self._units[row["unit_id"]].services.words
        reply = refusal(why.reason, conversation, words, why.limit_mb)
        return self._sentence(row, vault, reply, now) if reply else None

    def write(self, connection: Connection, sentence: Sentence | None) -> bool:
        """Plan it in the caller's transaction; False when it was said already.

        Several files of one message get one sentence.
        """
        if sentence is None or _is_said(connection, sentence.send):
            return False
        people.add_items(connection, [sentence.item])
        append(connection, [sentence.entry])
        outbox.plan(connection, [sentence.send])
        return True

    def _sentence(
        self, row: Row, vault: PersonVault, reply: Reply, now: int
    ) -> Sentence:
        promise, item_id, row_id = commit(reply.text), self._ids.new(), self._ids.new()
        value = {"reply": dump_reply(reply), "salts": {"text": promise.salt.hex()}}
        item = {
            "unit_id": row["unit_id"],
            "item_id": item_id,
            "person_id": row["person_id"],
            "kind": "reply",
            "sealed": vault.seal(value, item_id),
            "created_at": now,
        }
        entry = Entry(
            unit_id=row["unit_id"],
            entry_id=self._ids.new(),
            at=now,
            tag=Tag.MESSAGE_ANSWERED.value,
            subject=row["event_id"],
            person=row["person_id"],
            item=item_id,
            data={"send": row_id, "reply": 0, "buttons": 0},
            sealed={"text": promise.digest},
        )
        send = reply_row(row, row["person_id"], row_id, item_id, 0)
        times = {"available_at": now, "created_at": now, "updated_at": now}
        return Sentence(item, entry.row(), send | times | {"cause": _cause(row)})


def _cause(row: Row) -> str:
    return f"file:{row['event_id']}"


def _is_said(connection: Connection, send: Row) -> bool:
    query = select(outbox_table.c.row_id).where(
        outbox_table.c.unit_id == send["unit_id"],
        outbox_table.c.cause == send["cause"],
    )
    return connection.execute(query.limit(1)).first() is not None


def _conversation(
    vault: PersonVault, channel: str, talk: Mapping[str, Any] | None
) -> Conversation:
    if talk is None:
        return Conversation()
    key = f"talk:{vault.person_id}:{channel}"
    return load_conversation(vault.open(talk["sealed"], key))
