"""How does a person of the commune speak in a talk, take it over, hand it back?

``once`` names the form: sent twice it is said once. Each is one transaction with its
proof; what is planned is sent by the senders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.errors import TextMissingError
from handlers.cases.moments import from_ms
from handlers.citizen import honorifics
from handlers.citizen.platform import STAFF_HOURS
from handlers.model import Media, Reply, Tag
from handlers.staff.cases.ports import Contact
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import holding
from handlers.staff.desk_list.errors import (
    CannotWriteError,
    NoSuchTalkError,
    NotForYouError,
    StaleError,
)
from handlers.staff.desk_list.talk import opened
from handlers.staff.permissions import Action, may
from handlers.staff.proof import proof
from storage import (
    conversations,
    desk,
    desk_cards,
    desk_talk,
    evidence,
    outbox,
    people,
)
from storage.desk import State as Matter
from storage.errors import ConflictError
from storage.evidence import Entry
from storage.outbox import Priority, State
from storage.vault import PersonVault, commit

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A talk as a page showed it: whose, where, which version of it."""

    person_id: str
    channel: str
    seen: int


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody writes; ``template`` is code and version of a sentence used.

    ``keep`` writes the rows of the file that goes with it.
    """

    text: str
    once: str
    template: str = ""
    media: Media | None = None
    keep: Callable[[Connection], None] | None = None


async def say(room: Room, at: Place, said: Said) -> None:
    """Send a person's words; the bot is silent from then on.

    Raises TextMissingError, StaleError, CannotWriteError, NoSuchTalkError,
    NotForYouError.
    """
    if not said.text.strip() and said.media is None:
        raise TextMissingError
    vault, talk = await _loaded(room, at)
    if await room.database.read(
        lambda c: desk_talk.is_said(c, room.unit_id, _cause(said))
    ):
        return
    _check(at, talk)
    if not may_write(room, at.channel, talk):
        raise CannotWriteError
    until = room.clock.now() + STAFF_HOURS
    row = holding.talk_row(room, vault, talk, until)
    words = room.words.say(
        "desk.to_citizen",
        xa=room.unit.name,
        xh=honorifics.spoken(_honorific(vault, talk)),
        words=said.text.strip() or room.words.say("desk.see_file"),
    )
    parts = room.mail.parts(at.channel, Reply(words, media=said.media))
    items, sends = _sends(room, vault, at, said, parts)
    wrote = _wrote(room, vault, at, said, items)

    def work(connection: Connection) -> None:
        matter = desk_talk.open_handover(
            connection, room.unit_id, at.person_id, at.channel
        )
        ref = matter["handover_id"] if matter else at.person_id
        desk_cards.ask(connection, room.unit_id, ref, room.now_ms())
        holding.take_matter(connection, room.unit_id, ref)
        conversations.save(connection, row, talk["version"])
        if not holding.is_held(talk, room.now_ms()):
            holding.taken(connection, room, ref, at.person_id, until)
        people.add_items(connection, items)
        evidence.append(connection, [wrote])
        if said.keep is not None:
            said.keep(connection)
        outbox.plan(connection, sends)

    await _written(room, work)


async def enclosed(room: Room, at: Place, said: Said) -> Callable[[Connection], None]:
    """Return what sends a file behind an answer, to be written in its transaction.

    Raises CannotWriteError, NoSuchTalkError, NotForYouError.
    """
    vault, talk = await _loaded(room, at)
    if not may_write(room, at.channel, talk):
        raise CannotWriteError
    words = room.words.say(
        "desk.to_citizen",
        xa=room.unit.name,
        xh=honorifics.spoken(_honorific(vault, talk)),
        words=room.words.say("desk.see_file"),
    )
    parts = room.mail.parts(at.channel, Reply(words, media=said.media))

    def work(connection: Connection) -> None:
        items, sends = _sends(room, vault, at, said, parts)
        wrote = _wrote(room, vault, at, said, items)
        people.add_items(connection, items)
        evidence.append(connection, [wrote])
        if said.keep is not None:
            said.keep(connection)
        outbox.plan(connection, sends)

    return work


async def take(room: Room, at: Place) -> None:
    """Take a talk over: the bot is silent. Raises as ``say`` does."""
    vault, talk = await _loaded(room, at)
    _check(at, talk)
    until = room.clock.now() + STAFF_HOURS
    row = holding.talk_row(room, vault, talk, until)

    def work(connection: Connection) -> None:
        matter = desk_talk.open_handover(
            connection, room.unit_id, at.person_id, at.channel
        )
        ref = matter["handover_id"] if matter else at.person_id
        desk_cards.ask(connection, room.unit_id, ref, room.now_ms())
        holding.take_matter(connection, room.unit_id, ref)
        conversations.save(connection, row, talk["version"])
        holding.taken(connection, room, ref, at.person_id, until)

    await _written(room, work)


async def hand_back(room: Room, at: Place) -> None:
    """Let the bot answer again; a matter that is no case is done with that."""
    vault, talk = await _loaded(room, at)
    _check(at, talk)
    row = holding.talk_row(room, vault, talk, None)

    def work(connection: Connection) -> None:
        matter = desk_talk.open_handover(
            connection, room.unit_id, at.person_id, at.channel
        )
        ref = matter["handover_id"] if matter else at.person_id
        desk_cards.ask(connection, room.unit_id, ref, room.now_ms())
        if matter is not None and not _has_case(connection, room, ref):
            seen = Matter(matter["state"])
            desk.move(connection, room.unit_id, ref, seen, Matter.CLOSED)
        conversations.save(connection, row, talk["version"])
        data = {"ref": ref, "via": "console"}
        entry = proof(room, Tag.STAFF_HANDED_BACK, ref, at.person_id, **data)
        evidence.append(connection, [entry.row()])

    await _written(room, work)


def may_write(room: Room, channel: str, talk: Row) -> bool:
    """Whether the platform takes a person's words now."""
    last = talk["last_inbound_at"]
    at: datetime | None = from_ms(last) if last else None
    contact = Contact(channel, is_human=True, last_inbound=at, is_opted_out=False)
    return room.mail.may_send(contact, room.clock.now())


async def _loaded(room: Room, at: Place) -> tuple[PersonVault, Row]:
    if not may(room.roles or (), Action.TAKE_OVER_TALKS):
        raise NotForYouError
    vault = await opened(room, at.person_id)
    key = (room.unit_id, at.person_id, at.channel)
    found = await room.database.read(lambda c: conversations.load(c, [key]))
    if key not in found:
        raise NoSuchTalkError
    return vault, found[key]


def _check(at: Place, talk: Row) -> None:
    if talk["version"] != at.seen:
        raise StaleError


async def _written(room: Room, work: Any) -> None:
    try:
        await room.database.write(work)
    except ConflictError as error:
        raise StaleError from error


def _has_case(connection: Connection, room: Room, ref: str) -> bool:
    row = desk.find(connection, room.unit_id, ref)
    return row is not None and row["case_code"] is not None


def _honorific(vault: PersonVault, talk: Row) -> str:
    name = f"talk:{vault.person_id}:{talk['channel']}"
    return str(vault.open(talk["sealed"], name).get("honorific", ""))


def _cause(said: Said) -> str:
    return f"say:{said.once}"


def _wrote(
    room: Room, vault: PersonVault, at: Place, said: Said, items: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the proof, and add the item that holds the words as they were typed."""
    data: dict[str, str | int | bool] = {"by": room.by, "via": "console"}
    data |= {"template": said.template} if said.template else {}
    data |= {"files": 1} if said.media is not None else {}
    text, item_id, sealed = said.text.strip(), "", {}
    if text:
        promise = commit(text)
        value = {"texts": {"text": text}, "salts": {"text": promise.salt.hex()}}
        made = _item(room, vault, Tag.STAFF_WROTE.value, value)
        items.append(made)
        item_id, sealed = made["item_id"], {"text": promise.digest}
    return Entry(
        unit_id=room.unit_id,
        entry_id=room.ids.new(),
        at=room.now_ms(),
        tag=Tag.STAFF_WROTE.value,
        subject=at.person_id,
        person=at.person_id,
        item=item_id,
        data=data,
        sealed=sealed,
    ).row()


def _sends(
    room: Room,
    vault: PersonVault,
    at: Place,
    said: Said,
    parts: Sequence[Mapping[str, Any]],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    items, sends = [], []
    for position, part in enumerate(parts):
        promise = commit(str(part.get("text", "")))
        value = {"reply": dict(part), "salts": {"text": promise.salt.hex()}}
        made = _item(room, vault, "reply", value)
        items.append(made)
        sends.append(_send(room, at, made["item_id"], _cause(said), position))
    return items, sends


def _send(
    room: Room, at: Place, item_id: str, cause: str, position: int
) -> dict[str, Any]:
    now = room.now_ms()
    return {
        "unit_id": room.unit_id,
        "row_id": room.ids.new(),
        "channel": at.channel,
        "person_id": at.person_id,
        "item_id": item_id,
        "kind": "reply",
        "priority": int(Priority.STAFF),
        "human": True,
        "cause": cause,
        "position": position,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _item(
    room: Room, vault: PersonVault, kind: str, value: Mapping[str, Any]
) -> dict[str, Any]:
    item_id = room.ids.new()
    return {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": vault.person_id,
        "kind": kind[:24],
        "sealed": vault.seal(value, item_id),
        "created_at": room.now_ms(),
    }
