"""When do leaders hear that a letter waits for them? At once, then once a working day.

The notice's id is made of letter, version and day, so that nobody is told twice.
"""

from __future__ import annotations

from datetime import time, timedelta
from typing import Final

from sqlalchemy import Connection

from handlers.staff.letters.keeping import kept
from handlers.staff.letters.model import LetterState
from handlers.staff.letters.room import LOCAL, LetterRoom
from storage import letters, operations

WAITING: Final = "letter_waiting"
AGAIN: Final = timedelta(hours=20)
HOURS: Final = (time(8), time(17))
SUNDAY: Final = 6


def tell(
    connection: Connection,
    room: LetterRoom,
    letter_id: str,
    mark: int,
    kind: str,
    day: str = "",
) -> int:
    """Write the notice of one version; return 1 when it is new."""
    about = f"{letter_id}:{mark}:{day}"
    row = {
        "unit_id": room.unit_id,
        "notice_id": room.desk.keys.mac("letter-notice", about)[:32],
        "kind": WAITING,
        "subject": letter_id,
        "detail": f"{mark}:{kind}"[:200],
        "created_at": room.desk.now_ms(),
    }
    return operations.add_new_notices(connection, [row])


async def remind(room: LetterRoom) -> int:
    """Remind of letters that waited since yesterday; return how many were told."""
    local = room.now().astimezone(LOCAL)
    if not HOURS[0] <= local.time() <= HOURS[1] or local.weekday() == SUNDAY:
        return 0

    def work(connection: Connection) -> int:
        states = (LetterState.CHECKED.value,)
        rows = letters.listed(connection, room.unit_id, states)
        old = room.desk.now_ms() - AGAIN // timedelta(milliseconds=1)
        late = [kept(room, row) for row in rows if row["updated_at"] <= old]
        day = f"{local:%Y%m%d}"
        return sum(
            tell(connection, room, one.letter_id, one.mark, one.kind.name, day)
            for one in late
        )

    return await room.desk.database.write(work)


def mark_of(detail: str) -> int:
    """Return the version that a notice tells of, 0 for none."""
    text = detail.partition(":")[0]
    return int(text) if text.isascii() and text.isdigit() else 0
