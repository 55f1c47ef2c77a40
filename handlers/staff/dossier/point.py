"""Up to which entry of the log does a dossier go? To a signed root that stays.

Of a day's roots the last one stays once the day is over; a dossier that is made now
keeps its own for good. So a dossier made again counts the same entries.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from handlers.cases.moments import from_ms, local_day
from handlers.staff.dossier.errors import BrokenLogError, NothingThenError
from handlers.staff.evidence.bundle import Past
from storage.errors import NoteError
from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import Signed


@dataclass(frozen=True, slots=True)
class Point:
    """The root that counts: entries below ``size``, signed at ``at`` (UTC ms)."""

    size: int
    root: str
    at: int
    origin: str
    fingerprint: str
    past: Past


def at_instant(connection: Connection, unit_id: str, instant: int) -> Point:
    """Return the last root that was kept for good by an instant (UTC ms).

    Raises NothingThenError, BrokenLogError.
    """
    today = local_day(from_ms(instant)).isoformat()
    signed = [
        one
        for one in checkpoints.all_of(connection, unit_id)
        if one.at <= instant and (one.is_kept or one.day < today)
    ]
    return _point(connection, unit_id, signed)


def _point(connection: Connection, unit_id: str, signed: list[Signed]) -> Point:
    head = order.head(connection, unit_id)
    if not signed or head is None:
        raise NothingThenError
    last = signed[-1]
    try:
        said, _ = last.read()
    except NoteError as error:
        raise BrokenLogError from error
    keys = [
        k for k in checkpoints.keys(connection, unit_id) if k.from_size <= last.size
    ]
    if not keys:
        raise BrokenLogError
    return Point(
        last.size,
        said.root.hex(),
        last.at,
        head.origin,
        keys[-1].key(head.origin).fingerprint,
        Past(frozenset(one.size for one in signed), last.at),
    )
