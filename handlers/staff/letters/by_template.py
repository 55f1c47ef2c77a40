"""How does a letter leave as an approved template, where no chat is open any more?

The template was chosen for its kind by staff and approved by the platform; only its
parameters are the letter's. It is planned in the transaction that takes the letter.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.staff.letters import model
from handlers.staff.letters.keeping import Kept, note_steps
from handlers.staff.letters.model import SENDER, LetterAct
from handlers.staff.letters.room import LetterRoom
from handlers.staff.templates.sending import KIND, ZALO, Way, way
from storage import letters, people
from storage.outbox import Priority, State, plan

CLOSED: Final = frozenset({"zalo_window_7d", "facebook_window_24h", "no_chat"})
"""Reasons that a template answers; a wish, an hour or a stop it never passes."""
WEEK_MS: Final = timedelta(days=7) // timedelta(milliseconds=1)
MOST_A_WEEK: Final = 2


async def leave(room: LetterRoom, one: Kept, code: str) -> str:
    """Plan a letter as a template; return its channel, "" when there is none."""
    if code not in CLOSED or one.vault is None:
        return ""

    def work(connection: Connection) -> bool:
        found = _way(connection, room, one)
        if found is None:
            return False
        now = room.desk.now_ms()
        if not letters.take(connection, room.unit_id, one.letter_id, now, ZALO):
            return False
        number = letters.tries(connection, room.unit_id, one.letter_id) + 1
        item = _item(room, one, found)
        people.add_items(connection, [item])
        cause = letters.cause(one.letter_id, number)
        plan(connection, [_send(room, one, str(item["item_id"]), cause)])
        life = model.step(one.life, LetterAct.SEND, SENDER, room.now())
        note_steps(connection, room, one, life, channel=ZALO)
        return True

    return ZALO if await room.desk.database.write(work) else ""


def _way(connection: Connection, room: LetterRoom, one: Kept) -> Way | None:
    person = str(one.row["person_id"])
    talks = letters.talks(connection, room.unit_id, person)
    since = room.desk.now_ms() - WEEK_MS
    begun = letters.started(connection, room.unit_id, person, since)
    if one.vault is None or begun >= MOST_A_WEEK:
        return None
    if any(talk["opted_out"] for talk in talks):
        return None
    return way(connection, one.vault, one.kind.code, one.data, one.names)


def _item(room: LetterRoom, one: Kept, found: Way) -> dict[str, Any]:
    assert one.vault is not None  # noqa: S101  leave sends nobody's letter nowhere
    item_id = room.desk.ids.new()
    return {
        "unit_id": room.unit_id,
        "item_id": item_id,
        "person_id": one.vault.person_id,
        "kind": "reply",
        "sealed": one.vault.seal(found.content(), item_id),
        "created_at": room.desk.now_ms(),
    }


def _send(room: LetterRoom, one: Kept, item_id: str, cause: str) -> dict[str, Any]:
    now = room.desk.now_ms()
    return {
        "unit_id": room.unit_id,
        "row_id": room.desk.ids.new(),
        "channel": ZALO,
        "person_id": one.row["person_id"],
        "item_id": item_id,
        "kind": KIND,
        "priority": int(Priority.LETTER),
        "human": False,
        "cause": cause,
        "position": 0,
        "state": State.PLANNED.value,
        "attempt": 0,
        "available_at": now,
        "created_at": now,
        "updated_at": now,
    }
