"""Who gets the desk of learning in the console? Whoever may do what they came for."""

from __future__ import annotations

from handlers.staff.learning.desk import Desk
from handlers.staff.people.desk import Desk as PeopleDesk
from handlers.staff.permissions import Action


async def learning_desk(at: PeopleDesk, action: Action) -> Desk:
    """Return the desk in the same name.

    Raises NotAllowedError, StrangerError, StorageUnavailableError.
    """
    await at.look(action, lambda _: None)
    return Desk(at.database, at.unit_id, at.keys, at.ids, at.now_ms, at.by)
