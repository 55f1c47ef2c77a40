"""How does a leader approve where there are no buttons? By a typed one-time code.

It belongs to the leader's account and to the version that was shown; the database has
its keyed hash; a few wrong tries or some hours end it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection

from handlers.staff.letters.errors import VoidCodeError, WrongCodeError
from handlers.staff.letters.keeping import Kept, load
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LetterRoom
from storage import letters_ways

DIGITS: Final = 6
LIFE: Final = timedelta(hours=12)
TRIES: Final = 5


def make() -> str:
    """Return a new code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def keep(
    connection: Connection, room: LetterRoom, one: Kept, staff_id: str, code: str
) -> None:
    """Keep a code for a leader and the version they are shown; older ones are void."""
    now = room.desk.now_ms()
    row = {
        "unit_id": room.unit_id,
        "letter_id": one.letter_id,
        "staff_id": staff_id,
        "code_mac": _mac(room, one.letter_id, staff_id, code),
        "mark": one.mark,
        "tries": 0,
        "expires_at": now + LIFE // timedelta(milliseconds=1),
        "used_at": None,
    }
    letters_ways.put_code(connection, row)


def found(
    connection: Connection, room: LetterRoom, staff_id: str, code: str
) -> Mapping[str, Any]:
    """Return the row of a code that may be used now.

    Raises WrongCodeError (a try to be counted) and VoidCodeError.
    """
    now = room.desk.now_ms()
    for row in letters_ways.codes_of(connection, room.unit_id, staff_id):
        mac = _mac(room, str(row["letter_id"]), staff_id, code)
        if not hmac.compare_digest(mac, str(row["code_mac"])):
            continue
        if row["expires_at"] <= now or row["tries"] >= TRIES:
            raise WrongCodeError
        one = load(connection, room, str(row["letter_id"]))
        if one.mark != row["mark"] or one.life.state is not LetterState.CHECKED:
            raise VoidCodeError
        return row
    raise WrongCodeError


def _mac(room: LetterRoom, letter_id: str, staff_id: str, code: str) -> str:
    return room.desk.keys.mac("letter-code", f"{letter_id}:{staff_id}:{code}")
