"""What was said in a talk? As the citizen saw it, with what we understood beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.model import Tag
from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list import discretion
from handlers.staff.desk_list.discretion import Discretion
from handlers.staff.desk_list.errors import NoSuchTalkError
from handlers.staff.desk_list.marks import Bubble, Kept, Mark, Sent, readings
from handlers.staff.proof import proof
from storage import conversations, desk_lists, desk_talk, evidence, files
from storage.keys import InvalidTag
from storage.vault import PersonVault

Row = Mapping[str, Any]
PAGE = 60
MOST_FILES = 60


@dataclass(frozen=True, slots=True)
class Talk:
    """One talk: who, where, what was said. ``before`` is where older words begin.

    ``version`` is that of the conversation, 0 where there is none; ``handover`` the
    open matter of it.
    """

    person_id: str
    channel: str
    bubbles: tuple[Bubble, ...] = ()
    before: tuple[int, str] | None = None
    version: int = 0
    last_at: datetime | None = None
    muted_until: datetime | None = None
    is_opted_out: bool = False
    handover: Row | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    items: Sequence[Row]
    proofs: Sequence[Row]
    sends: Mapping[str, Row]
    receipts: Mapping[str, str]
    waiting: frozenset[str]
    files: Sequence[Row]
    kept: Discretion
    lead: Sequence[Mark]
    open: frozenset[str]


async def talk(
    room: Room,
    person_id: str,
    channel: str,
    before: tuple[int, str] | None = None,
    *,
    is_proved: bool = False,
) -> Talk:
    """Return a talk with its newest words; that it was read is proved.

    What the reader may not see is covered (see discretion).
    ``is_proved``: the same reader saw it a moment ago. Raises NoSuchTalkError.
    """
    vault = await opened(room, person_id)
    key = (room.unit_id, person_id, channel)

    def work(c: Connection) -> tuple[Row | None, Row | None, _Read]:
        head = conversations.load(c, [key]).get(key)
        return head, desk_talk.open_handover(c, *key), _read(room, c, key, before)

    head, asked, read = await room.database.read(work)
    if head is None and not read.items:
        raise NoSuchTalkError
    if not is_proved:
        entry = proof(room, Tag.TALK_READ, person_id, person_id, channel=channel)
        await room.database.write(lambda c: evidence.append(c, [entry.row()]))
    shown = discretion.covered(_bubbles(read, vault), read.kept, read.lead)
    return _talk(key, head, asked, shown, read)


async def opened(room: Room, person_id: str) -> PersonVault:
    """Return a person's vault; raises NoSuchTalkError."""
    wrapped = await room.database.read(
        lambda c: desk_lists.key_of(c, room.unit_id, person_id)
    )
    if wrapped is None:
        raise NoSuchTalkError
    return room.vault.unwrap(person_id, wrapped)


def _talk(
    key: tuple[str, str, str],
    head: Row | None,
    asked: Row | None,
    bubbles: tuple[Bubble, ...],
    read: _Read,
) -> Talk:
    oldest = read.items[-1] if len(read.items) >= PAGE else None
    until = head["muted_until"] if head else None
    return Talk(
        person_id=key[1],
        channel=key[2],
        bubbles=bubbles,
        before=(oldest["created_at"], oldest["item_id"]) if oldest else None,
        version=head["version"] if head else 0,
        last_at=from_ms(head["last_inbound_at"]) if head else None,
        muted_until=from_ms(until) if until else None,
        is_opted_out=bool(head["opted_out"]) if head else False,
        handover=asked,
    )


def _read(
    room: Room,
    connection: Connection,
    key: tuple[str, str, str],
    before: tuple[int, str] | None,
) -> _Read:
    unit_id, person_id, channel = key
    items = desk_talk.items(connection, unit_id, person_id, PAGE, before)
    times = [row["created_at"] for row in items if row["kind"] == desk_talk.RECEIVED]
    ours = [row["item_id"] for row in items if row["kind"] in desk_talk.REPLIES]
    sends = desk_talk.sends(connection, unit_id, ours)
    rows = [row["row_id"] for row in sends.values()]
    kept = files.listed(connection, unit_id, person_id=person_id, limit=MOST_FILES)
    since = items[-1]["created_at"] if len(items) >= PAGE else 0
    until = before[0] if before else None
    seen = room.services.kinds.listed(room.roles)
    kept_back = discretion.discretion(room, connection, person_id, channel)
    is_cut = kept_back.is_needed and len(items) >= PAGE
    lead = discretion.lead(connection, unit_id, person_id, items[-1]) if is_cut else ()
    return _Read(
        items,
        desk_talk.proofs(connection, unit_id, times) if times else [],
        sends,
        desk_talk.receipts(connection, unit_id, rows) if rows else {},
        desk_talk.waiting(connection, unit_id, person_id, channel),
        [
            row
            for row in kept
            if row["created_at"] >= since
            and (until is None or row["created_at"] < until)
            and row["channel"] in (channel, "")
        ],
        kept_back,
        lead,
        desk_talk.of_cases(connection, unit_id, ours, seen)
        if kept_back.is_needed
        else frozenset(),
    )


def _bubbles(read: _Read, vault: PersonVault) -> tuple[Bubble, ...]:
    found = readings(read.proofs)
    said = [_bubble(row, read, vault, found) for row in reversed(read.items)]
    shown = [one for one in said if one is not None]
    shown += [_file(row) for row in read.files]
    return tuple(sorted(shown, key=lambda one: one.at))


def _bubble(
    row: Row, read: _Read, vault: PersonVault, found: Mapping[str, Row]
) -> Bubble | None:
    at, item_id = from_ms(row["created_at"]), row["item_id"]
    try:
        value = vault.open(row["sealed"], item_id)
    except InvalidTag:
        return None
    if row["kind"] == desk_talk.RECEIVED:
        text = str(value.get("texts", {}).get("text", ""))
        return Bubble(at, "citizen", text, read=found.get(item_id))
    reply = value.get("reply", {})
    send = read.sends.get(item_id)
    media = reply.get("media") or {}
    return Bubble(
        at,
        "person" if send is not None and send["human"] else "bot",
        str(reply.get("text", "")),
        buttons=tuple(str(one.get("title", "")) for one in reply.get("buttons", ())),
        media=str(media.get("name") or media.get("kind") or "") if media else "",
        sent=_sent(item_id, send, read),
        is_open=item_id in read.open,
    )


def _sent(item_id: str, send: Row | None, read: _Read) -> Sent:
    if send is None:
        return Sent("waiting" if item_id in read.waiting else "by_hand")
    receipt = read.receipts.get(send["row_id"], "")
    return Sent(send["state"], send["code"] or "", receipt.rpartition(":")[2])


def _file(row: Row) -> Bubble:
    kept = Kept(row["file_id"], row["kind"], row["state"], row["media_type"] or "")
    return Bubble(from_ms(row["created_at"]), "citizen", "", file=kept)
