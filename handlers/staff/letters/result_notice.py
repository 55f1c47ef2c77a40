"""How does a citizen hear that a result is ready? Once, by the permitted way, by day.

In an open chat, else as a template that a platform approved; without either it waits
a week for a word of the citizen, then people must phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.model import Reply, Tag
from handlers.staff.cases.ports import Contact, Mail
from handlers.staff.letters.occasions import Occasion, opened
from handlers.staff.letters.result_template import closed_way
from handlers.staff.letters.room import LOCAL, LetterRoom
from handlers.staff.proof import proof
from handlers.staff.templates.sending import KIND as TEMPLATE
from messages.letters.result_ready import result_text
from storage import evidence, letters, letters_occasions, people
from storage.letters_occasions import DONE, TELLING, WAITING
from storage.outbox import Priority, State, plan
from storage.vault import PersonVault, commit

PATIENCE: Final = timedelta(days=7)
HOURS: Final = (time(7), time(21))
BY_HAND: Final = "by_hand"
NO_CHAT: Final = "no_chat"
CAUSE: Final = "result:"
RESULT: Final = "result"


@dataclass(frozen=True, slots=True)
class _Road:
    """A channel, the kind of its sends, and what each of them holds."""

    channel: str
    kind: str
    contents: list[dict[str, Any]]


async def tell_due(room: LetterRoom, mail: Mail, utility: str = "") -> set[str]:
    """Plan the notices that may leave now; return the channels with something new.

    ``utility`` is the unit's approved template of Messenger for results, "" for none.
    """
    if not HOURS[0] <= room.now().astimezone(LOCAL).time() <= HOURS[1]:
        return set()
    rows = await room.desk.database.read(
        lambda c: letters_occasions.listed(c, room.unit_id, (TELLING,))
    )
    found = [await _one(room, mail, opened(room, row), utility) for row in rows]
    return {channel for channel in found if channel}


async def _one(room: LetterRoom, mail: Mail, one: Occasion, utility: str) -> str:
    def work(connection: Connection) -> str:
        road = _road(connection, room, mail, one, utility)
        if one.vault is None or road is None:
            _late(connection, room, one)
            return ""
        if not _move(connection, room, one, DONE, None):
            return ""
        _plan(connection, room, one, one.vault, road)
        person = one.vault.person_id
        entry = proof(
            room.desk,
            Tag.OCCASION_TOLD,
            str(one.row["occasion_id"]),
            person,
            channel=road.channel,
        )
        evidence.append(connection, [entry.row()])
        return road.channel

    return await room.desk.database.write(work)


def _road(
    connection: Connection, room: LetterRoom, mail: Mail, one: Occasion, utility: str
) -> _Road | None:
    if channel := _channel(connection, room, mail, one):
        reply = Reply(result_text(one.data, room.office))
        contents = [_content(part) for part in mail.parts(channel, reply)]
        return _Road(channel, RESULT, contents)
    found = closed_way(connection, room, one, utility)
    if found is None:
        return None
    channel, way = found
    return _Road(channel, TEMPLATE, [way.content()])


def _channel(
    connection: Connection, room: LetterRoom, mail: Mail, one: Occasion
) -> str:
    """Return the open chat in which the person wrote last, "" for none."""
    if one.vault is None:
        return ""
    talks = letters.talks(connection, room.unit_id, one.vault.person_id)
    recent = sorted(talks, key=lambda row: row["last_inbound_at"] or 0, reverse=True)
    for row in recent:
        last = row["last_inbound_at"]
        contact = Contact(
            channel=str(row["channel"]),
            is_human=False,
            last_inbound=from_ms(last) if last else None,
            is_opted_out=bool(row["opted_out"]),
        )
        if mail.may_send(contact, room.now()) and not row["opted_out"]:
            return str(row["channel"])
    return ""


def _late(connection: Connection, room: LetterRoom, one: Occasion) -> None:
    began = from_ms(int(one.row["created_at"]))
    if one.vault is None:
        _move(connection, room, one, DONE, None)
    elif room.now() - began > PATIENCE:
        _move(connection, room, one, WAITING, BY_HAND)
    elif one.row["waits_for"] != NO_CHAT:
        _move(connection, room, one, TELLING, NO_CHAT)


def _move(
    connection: Connection, room: LetterRoom, one: Occasion, state: str, why: str | None
) -> bool:
    return letters_occasions.move(
        connection,
        room.unit_id,
        str(one.row["occasion_id"]),
        TELLING,
        state,
        room.desk.now_ms(),
        waits_for=why,
    )


def _plan(
    connection: Connection,
    room: LetterRoom,
    one: Occasion,
    vault: PersonVault,
    road: _Road,
) -> None:
    items, sends = [], []
    for position, content in enumerate(road.contents):
        item = _item(room, vault, content)
        items.append(item)
        sends.append(_send(room, one, road, str(item["item_id"]), position))
    people.add_items(connection, items)
    plan(connection, sends)


def _content(part: Mapping[str, Any]) -> dict[str, Any]:
    promise = commit(str(part.get("text", "")))
    return {"reply": dict(part), "salts": {"text": promise.salt.hex()}}


def _item(
    room: LetterRoom, vault: PersonVault, content: Mapping[str, Any]
) -> dict[str, Any]:
    item_id = room.desk.ids.new()
    return {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": "reply",
        "sealed": vault.seal(content, item_id),
        "created_at": room.desk.now_ms(),
    }


def _send(
    room: LetterRoom, one: Occasion, road: _Road, item_id: str, position: int
) -> dict[str, Any]:
    now = room.desk.now_ms()
    return {
        "unit_id": room.unit_id,
        "row_id": room.desk.ids.new(),
        "channel": road.channel,
        "person_id": one.row["person_id"],
        "item_id": item_id,
        "kind": road.kind,
        "priority": int(Priority.CASE),
        "human": False,
        "cause": f"{CAUSE}{one.row['occasion_id']}",
        "position": position,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }
