"""May a leader approve a letter that they wrote themselves? (ADR 0033)

Another named person must, unless the unit has one leader alone or decided otherwise.
"""

from __future__ import annotations

from sqlalchemy import Connection

from handlers.staff.letters.errors import OwnLetterError
from handlers.staff.letters.keeping import Kept
from handlers.staff.letters.model import LetterAct
from handlers.staff.letters.room import LetterRoom, OwnApproval
from handlers.staff.people.listing import members
from handlers.staff.people.model import OPERATOR
from handlers.staff.permissions import Action, may
from storage import letters


def check(connection: Connection, room: LetterRoom, one: Kept) -> None:
    """Raise OwnLetterError when somebody else must approve this letter."""
    if room.desk.by == OPERATOR or room.own_approval is OwnApproval.ALWAYS:
        return
    if room.desk.by not in _writers(connection, room, one):
        return
    if room.own_approval is OwnApproval.SINGLE and _leaders(connection, room) == 1:
        return
    raise OwnLetterError


def _writers(connection: Connection, room: LetterRoom, one: Kept) -> frozenset[str]:
    steps = letters.steps(connection, room.unit_id, one.letter_id)
    edited = {str(step["by"]) for step in steps if step["act"] == LetterAct.EDIT}
    return frozenset(edited | {str(one.row["created_by"])})


def _leaders(connection: Connection, room: LetterRoom) -> int:
    known = members(connection, room.unit_id, room.desk.keys).values()
    return sum(
        one.is_active and may(one.roles, Action.APPROVE_LETTERS) for one in known
    )
