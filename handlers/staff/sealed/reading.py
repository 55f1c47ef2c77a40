"""What waits in the sealed queue, what does it say, and when is it done?

Every look is proved in the transaction that reads: codes and counts, never a word.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from handlers.cases.moments import local_day
from handlers.model import Tag
from handlers.staff.sealed.desk import SealedDesk
from handlers.staff.sealed.errors import (
    AlreadyClosedError,
    DamagedEntryError,
    NoSuchEntryError,
)
from handlers.staff.sealed.words import Opened, opened
from storage import sealed
from storage.keys import InvalidTag

LIMIT = 200
Row = dict[str, Any]


async def listed(desk: SealedDesk, *, also_closed: bool = False) -> list[Row]:
    """Return the entries (id, day, state; no words), newest day first.

    Raises as ``SealedDesk.work`` does.
    """
    ended = (sealed.CLOSED, sealed.INSPECTED) if also_closed else ()

    def work(connection: Connection) -> list[Row]:
        found = sealed.listed(connection, desk.unit_id, (sealed.OPEN, *ended), LIMIT)
        desk.prove(connection, Tag.SEALED_LISTED, "", count=len(found))
        return found

    return await desk.work(work)


async def read(desk: SealedDesk, entry_id: str, *, reason: str = "") -> Opened:
    """Open one entry; ``reason`` is a short code that the log keeps.

    Raises NoSuchEntryError, DamagedEntryError, and as ``SealedDesk.work`` does.
    """

    def work(connection: Connection) -> Row | None:
        row = sealed.get(connection, desk.unit_id, entry_id)
        if row is not None:
            why = {"reason": reason} if reason else {}
            desk.prove(connection, Tag.SEALED_READ, entry_id, **why)
        return row

    row = await desk.work(work)
    if row is None:
        raise NoSuchEntryError
    try:
        return opened(desk.keys.sealed, row)
    except InvalidTag as error:
        raise DamagedEntryError from error


async def close(desk: SealedDesk, entry_id: str, *, is_inspected: bool) -> None:
    """End an entry; inspected ones outlive an erasure, without the person.

    Raises NoSuchEntryError, AlreadyClosedError, and as ``SealedDesk.work`` does.
    """
    state = sealed.INSPECTED if is_inspected else sealed.CLOSED

    def work(connection: Connection) -> None:
        if sealed.get(connection, desk.unit_id, entry_id) is None:
            raise NoSuchEntryError
        day = local_day(datetime.fromtimestamp(desk.now_ms() / 1000, tz=UTC))
        where = (desk.unit_id, entry_id)
        if not sealed.close(connection, *where, state, desk.by, day.isoformat()):
            raise AlreadyClosedError
        desk.prove(connection, Tag.SEALED_CLOSED, entry_id, state=state)

    await desk.work(work)
