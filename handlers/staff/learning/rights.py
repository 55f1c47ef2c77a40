"""Who gets the desk of learning in the console? Whoever may do what they came for.

Words that are kept from somebody in a talk are kept from them here too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection

from handlers.staff.cases.workroom import Room
from handlers.staff.desk_list.discretion import kept_back
from handlers.staff.learning.desk import Desk
from handlers.staff.people.desk import Desk as PeopleDesk
from handlers.staff.permissions import Action


async def learning_desk(
    at: PeopleDesk, action: Action, room: Room | None = None
) -> Desk:
    """Return the desk in the same name; with a room it shows citizens' words.

    Raises NotAllowedError, StrangerError, StorageUnavailableError.
    """
    await at.look(action, lambda _: None)
    kept = partial(_kept, room) if room is not None else None
    return Desk(at.database, at.unit_id, at.keys, at.ids, at.now_ms, at.by, kept)


def _kept(
    room: Room, connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> frozenset[str]:
    """A lesson is taken in the turn of a message, from it or from the one before."""
    said = {row["lesson_id"]: (row["person_id"], row["created_at"]) for row in rows}
    hidden = kept_back(room, connection, said.values(), back=2)
    return frozenset(ref for ref, one in said.items() if one in hidden)
