"""How is a citizen told about a case: now, at the next contact, or by a person?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from handlers.cases.change import Change, Message
from handlers.cases.moments import from_ms
from handlers.cases.rows import Sealer, item
from handlers.cases.words import key_of, values_of
from handlers.citizen import honorifics
from handlers.citizen.rating import faces
from handlers.model import Reply, Tag
from handlers.staff.cases.file import CaseFile
from handlers.staff.cases.ports import Contact
from handlers.staff.cases.workroom import Room
from storage.cases import QUEUED, WAITING, CaseRows
from storage.evidence import Entry
from storage.outbox import Priority, State
from storage.vault import commit

CLOSED = "closed"
"""The message with which a case ends; it asks how it went."""
DESK = "desk"
"""The channel of somebody who came or phoned: people tell them."""


class Told(StrEnum):
    """How far a message got when its case was changed."""

    QUEUED = QUEUED
    WAITING = WAITING
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Telling:
    """What the citizen reads, and how it reaches them."""

    text: str
    how: Told
    key: str
    version: str


def told(room: Room, file: CaseFile, change: Change, message: Message) -> Telling:
    """Return the words of a message and whether they may leave now."""
    key = key_of(room.words, change.case.kind, message.name)
    kind = room.services.kinds.get(change.case.kind)
    values = values_of(change.case, kind) | dict(message.values) | _common(room, file)
    how = _how(room, file, message)
    return Telling(room.words.say(key, **values), how, key, room.words.version(key))


def write_down(
    rows: CaseRows,
    room: Room,
    file: CaseFile,
    message: Message,
    telling: Telling,
    sealer: Sealer,
) -> None:
    """Add what a message needs: sealed parts, sends, proof, and the flag for staff."""
    case = file.case
    for position, part in enumerate(_parts(room, file, message, telling)):
        promise = commit(str(part.get("text", "")))
        value = {"reply": dict(part), "salts": {"text": promise.salt.hex()}}
        made = item(sealer, case.unit_id, "case_reply", value)
        rows.items.append(made)
        row = _row(file, message, telling, made["item_id"], sealer)
        rows.messages.append(row)
        if telling.how is Told.QUEUED:
            rows.sends.append(_send(row, message, position))
        rows.entries.append(_proof(file, row, telling, promise.digest, sealer))
    for line in rows.history:
        if line["seq"] == message.seq:
            line["template"] = telling.key
            line["template_version"] = telling.version
    rows.record["is_waiting"] |= telling.how is Told.WAITING


def _common(room: Room, file: CaseFile) -> dict[str, object]:
    xh = honorifics.spoken(file.honorific)
    unit = room.unit
    place = f"{unit.place} {unit.full_name} {unit.name}"
    return {"xh": xh, "Xh": xh[:1].upper() + xh[1:], "xa": unit.name, "place": place}


def _how(room: Room, file: CaseFile, message: Message) -> Told:
    if file.case.channel == DESK or file.talk is None:
        return Told.BY_HAND
    last = file.last_inbound_at
    contact = Contact(
        channel=file.case.channel,
        is_human=message.is_human,
        last_inbound=from_ms(last) if last else None,
        is_opted_out=bool(file.talk["opted_out"]),
    )
    is_open = room.mail.may_send(contact, room.clock.now())
    return Told.QUEUED if is_open else Told.WAITING


def _parts(
    room: Room, file: CaseFile, message: Message, telling: Telling
) -> list[Mapping[str, Any]]:
    if telling.how is Told.BY_HAND:
        return [{"text": telling.text}]
    reply = Reply(telling.text)
    if message.name == CLOSED:
        asked = room.words.say("rating.case", **_common(room, file))
        reply = Reply(f"{telling.text}\n{asked}", faces(room.words, file.case.code))
    return list(room.mail.parts(file.case.channel, reply))


def _row(
    file: CaseFile, message: Message, telling: Telling, item_id: str, sealer: Sealer
) -> dict[str, Any]:
    return {
        "unit_id": file.case.unit_id,
        "message_id": sealer.ids.new(),
        "case_id": file.case.case_id,
        "seq": message.seq,
        "person_id": file.case.person_id,
        "channel": file.case.channel,
        "item_id": item_id,
        "human": message.is_human,
        "state": telling.how.value,
        "created_at": sealer.now,
        "updated_at": sealer.now,
    }


def _send(row: Mapping[str, Any], message: Message, position: int) -> dict[str, Any]:
    shared = ("unit_id", "channel", "person_id", "item_id", "human", "created_at")
    return {name: row[name] for name in shared} | {
        "row_id": row["message_id"],
        "kind": "case",
        "priority": int(Priority.CASE),
        "cause": f"case:{row['case_id']}:{message.seq}",
        "position": position,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": row["created_at"],
        "updated_at": row["updated_at"],
    }


def _proof(
    file: CaseFile,
    row: Mapping[str, Any],
    telling: Telling,
    digest: str,
    sealer: Sealer,
) -> dict[str, Any]:
    return Entry(
        unit_id=file.case.unit_id,
        entry_id=sealer.ids.new(),
        at=sealer.now,
        tag=Tag.CASE_TOLD.value,
        subject=file.case.case_id,
        person=file.case.person_id,
        item=row["item_id"],
        data={
            "send": row["message_id"],
            "how": telling.how.value,
            "template": telling.key,
            "version": telling.version,
        },
        sealed={"text": digest},
    ).row()
