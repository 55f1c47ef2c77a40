"""Did somebody die after a letter of joy was written? Asked until the very moment.

A letter may wait for days between its draft and its hour. Who looked again says so by
editing it: only what was told after that counts.
"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.staff.letters import guards
from handlers.staff.letters.errors import MournedSinceError
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.model import LetterAct
from handlers.staff.letters.room import CELEBRATIONS, LetterRoom
from storage import letters


def check(connection: Connection, room: LetterRoom, one: Kept) -> None:
    """Raise MournedSinceError when grief came after the letter was last looked at."""
    if is_mourned(connection, room, one):
        raise MournedSinceError


def is_mourned(connection: Connection, room: LetterRoom, one: Kept) -> bool:
    """Whether a letter of joy must not leave any more without a second look."""
    if one.kind.tone not in CELEBRATIONS:
        return False
    steps = letters.steps(connection, room.unit_id, one.letter_id)
    edits = [int(step["at"]) for step in steps if step["act"] == LetterAct.EDIT]
    since = max([int(one.row["created_at"]), *edits]) + 1
    person = str(one.row["person_id"])
    return guards.is_mourned(connection, room, one.kind, one.data, person, since)
