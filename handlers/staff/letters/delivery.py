"""How does a due letter leave, once, and how do we learn what became of it?

Its sends are planned in the transaction that takes it (``storage.letters.take``), under
a cause of letter and try, so neither a crash nor a second process makes a copy.
What may not leave by chat now waits for the citizen's next word, or goes on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import from_ms
from handlers.model import Reply
from handlers.staff.letters import by_template, griefs, model
from handlers.staff.letters.guards import PURPOSE
from handlers.staff.letters.keeping import Kept, kept, note_steps, save, written
from handlers.staff.letters.model import SENDER, LetterAct, LetterState
from handlers.staff.letters.ports import Picture, Pictures, Reach, Road
from handlers.staff.letters.room import CELEBRATIONS, LOCAL, LetterRoom
from handlers.staff.letters.steps import PRINT
from messages.documents.errors import DocumentError
from messages.documents.letter import card_png
from messages.letters.compose import Letter
from messages.letters.errors import LetterError
from messages.letters.kinds import LetterKind, Output
from storage import consent, letters, people
from storage.outbox import FINAL, Priority, State, plan
from storage.vault import commit

NO_CHAT = "no_chat"
QUIET = "quiet_hours"
STOPPED = "celebrations_stopped"
ERASED = "erased"
MOURNED = "mourned"
WITHDRAWN = "withdrawn"
FAULTY = "faulty"
"""A letter that cannot be written any more holds up no other one."""
WEEK = timedelta(days=7)
MS = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Post:
    """What delivering needs beside the room: the platforms and the pictures."""

    road: Road
    pictures: Pictures


async def send_due(room: LetterRoom, post: Post) -> set[str]:
    """Plan what may leave now; return the channels that have something to send."""
    now = room.desk.now_ms()
    rows = await room.desk.database.read(lambda c: letters.due(c, room.unit_id, now))
    woken: set[str] = set()
    for row in rows:
        try:
            channel = await _one(room, post, kept(room, row))
        except (LetterError, DocumentError):
            await _waits(room, str(row["letter_id"]), FAULTY)
        else:
            woken |= {channel} if channel else set()
    return woken


async def settle(room: LetterRoom) -> int:
    """Read what became of letters on their way; return how many reached an end."""
    states = (LetterState.SENDING.value, LetterState.UNKNOWN.value)
    rows = await room.desk.database.read(
        lambda c: letters.listed(c, room.unit_id, states)
    )
    chat = [kept(room, row) for row in rows if row["channel"] != PRINT]
    return sum([await _settled(room, one) for one in chat])


def end_of(sends: Sequence[Mapping[str, Any]]) -> LetterAct | None:
    """Return how a letter ended by the ends of its sends; None while one is open.

    A letter of which a part arrived is not sent again: that would be a second copy.
    """
    states = {row["state"] for row in sends}
    if not states or not states <= set(FINAL):
        return None
    if states == {State.ACCEPTED}:
        return LetterAct.DELIVER
    return LetterAct.REFUSE if states == {State.REFUSED} else LetterAct.LOSE


async def _one(room: LetterRoom, post: Post, one: Kept) -> str:
    reach, code = await room.desk.database.read(lambda c: _road(c, room, post, one))
    if reach is None or one.vault is None:
        if channel := await by_template.leave(room, one, code):
            return channel
        await _waits(room, one.letter_id, code)
        return ""
    letter = written(room, one)
    picture = await _picture(post, one, letter)
    items, sends = _sends(room, post, one, letter, picture, reach.channel)
    now = room.desk.now_ms()

    def work(connection: Connection) -> bool:
        again, _ = _road(connection, room, post, one)
        if again is None or again.channel != reach.channel:
            return False
        if not letters.take(
            connection, room.unit_id, one.letter_id, now, reach.channel
        ):
            return False
        number = letters.tries(connection, room.unit_id, one.letter_id) + 1
        cause = letters.cause(one.letter_id, number)
        people.add_items(connection, items)
        if picture is not None:
            post.pictures.write(connection, picture)
        plan(connection, [send | {"cause": cause} for send in sends])
        life = model.step(one.life, LetterAct.SEND, SENDER, room.now())
        note_steps(connection, room, one, life, channel=reach.channel)
        return True

    return reach.channel if await room.desk.database.write(work) else ""


async def _waits(room: LetterRoom, letter_id: str, code: str) -> None:
    await room.desk.database.write(
        lambda c: letters.waits(c, room.unit_id, letter_id, code)
    )


def _road(
    connection: Connection, room: LetterRoom, post: Post, one: Kept
) -> tuple[Reach | None, str]:
    """Return the first channel that is open now, or why none is."""
    if one.vault is None:
        return None, ERASED
    if _is_late(room, one):
        return None, letters.TOO_LATE
    if not _is_hour(room, one.kind):
        return None, QUIET
    if why := _unwelcome(connection, room, one):
        return None, why
    is_stopped = one.kind.tone in CELEBRATIONS and letters.is_stopped(
        connection, room.unit_id
    )
    code = STOPPED if is_stopped else NO_CHAT
    for reach in _reaches(connection, room, one):
        code = post.road.verdict(reach, room.now(), is_stopped=is_stopped)
        if not code:
            return reach, ""
    return None, code


def _unwelcome(connection: Connection, room: LetterRoom, one: Kept) -> str:
    """Return why a letter of joy would hurt by now, "" when it would not."""
    if _is_withdrawn(connection, room, one):
        return WITHDRAWN
    return MOURNED if griefs.is_mourned(connection, room, one) else ""


def _is_withdrawn(connection: Connection, room: LetterRoom, one: Kept) -> bool:
    """Asked again when it leaves: a letter may wait for weeks after its approval."""
    whose = (room.unit_id, str(one.row["person_id"]), PURPOSE, room.desk.now_ms())
    return one.kind.tone in CELEBRATIONS and consent.forbids(connection, *whose)


def _reaches(connection: Connection, room: LetterRoom, one: Kept) -> list[Reach]:
    person = str(one.row["person_id"])
    since = room.desk.now_ms() - WEEK // MS
    begun = letters.started(connection, room.unit_id, person, since)
    told = {
        row["channel"]: Reach(
            row["channel"],
            from_ms(row["last_inbound_at"]) if row["last_inbound_at"] else None,
            bool(row["opted_out"]),
            begun,
        )
        for row in letters.talks(connection, room.unit_id, person)
    }
    return [told[name] for name in one.kind.channels if name in told]


def _is_late(room: LetterRoom, one: Kept) -> bool:
    """A wish that comes weeks later is none; a person decides about it."""
    due_at, hours = one.life.due_at, timedelta(hours=one.kind.catch_up_hours)
    return due_at is not None and room.now() > due_at + hours


def _is_hour(room: LetterRoom, kind: LetterKind) -> bool:
    local = room.now().astimezone(LOCAL).time()
    return kind.quiet[0] <= local <= kind.quiet[1]


async def _picture(post: Post, one: Kept, letter: Letter) -> Picture | None:
    if Output.CARD not in one.kind.outputs or one.vault is None:
        return None
    return await post.pictures.keep(
        one.vault, card_png(letter), one.letter_id, one.mark
    )


def _sends(
    room: LetterRoom,
    post: Post,
    one: Kept,
    letter: Letter,
    picture: Picture | None,
    channel: str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    media = picture.media if picture is not None else None
    words = letter.says(Output.CHAT) or letter.sheet.title
    parts = post.road.parts(channel, Reply(words, media=media))
    items, sends = [], []
    for position, part in enumerate(parts):
        items.append(_item(room, one, part))
        item_id = items[-1]["item_id"]
        sends.append(_send(room, one, channel, item_id, position))
    return items, sends


def _item(room: LetterRoom, one: Kept, part: Mapping[str, Any]) -> dict[str, Any]:
    assert one.vault is not None  # noqa: S101  _one sends nobody's letter nowhere
    item_id = room.desk.ids.new()
    promise = commit(str(part.get("text", "")))
    value = {"reply": dict(part), "salts": {"text": promise.salt.hex()}}
    return {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": one.vault.person_id,
        "kind": "reply",
        "sealed": one.vault.seal(value, item_id),
        "created_at": room.desk.now_ms(),
    }


def _send(
    room: LetterRoom, one: Kept, channel: str, item_id: str, position: int
) -> dict[str, Any]:
    now = room.desk.now_ms()
    return {
        "unit_id": room.unit_id,
        "row_id": room.desk.ids.new(),
        "channel": channel,
        "person_id": one.row["person_id"],
        "item_id": item_id,
        "kind": "letter",
        "priority": int(Priority.LETTER),
        "human": False,
        "position": position,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }


async def _settled(room: LetterRoom, one: Kept) -> bool:
    def work(connection: Connection) -> bool:
        number = letters.tries(connection, room.unit_id, one.letter_id)
        cause = letters.cause(one.letter_id, number)
        sends = letters.sends(connection, room.unit_id, cause)
        act = end_of(sends)
        if act is None or not model.may(one.life, act):
            return False
        life = model.step(one.life, act, SENDER, room.now())
        codes = [row["code"] for row in sends if row["code"]]
        why = str(codes[0])[:32] if codes and act is not LetterAct.DELIVER else None
        save(connection, room, one, life, waits_for=why)
        return True

    return await room.desk.database.write(work)
