"""Which roots were signed, by which key, and who stamped the time?

Of the checkpoints of a day the last one stays, and each that hands over to a new key.
A note says nothing of days; a keyed mark beside it keeps ours from being changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from storage.database import insert
from storage.evidence.notes import Checkpoint, Key, Note, read_checkpoint, read_note
from storage.evidence.order import locked_head
from storage.keys import UnitKeys
from storage.tables import (
    evidence_checkpoint,
    evidence_head,
    evidence_key,
    evidence_position,
    evidence_stamp,
)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A signing key; it signs from the tree of ``from_size`` leaves on."""

    number: int
    public: bytes
    sealed_seed: bytes
    from_size: int
    created_at: int

    def key(self, origin: str) -> Key:
        """Return the key under the name of its log."""
        return Key(origin, self.public)


@dataclass(frozen=True, slots=True)
class Signed:
    """A kept checkpoint; ``day`` is local (YYYY-MM-DD), ``at`` is UTC ms."""

    size: int
    day: str
    note: str
    at: int
    is_kept: bool = False
    mark: str = ""

    def marked(self, keys: UnitKeys, before: int) -> str:
        """Return the mark it must have after the checkpoint of another size, or 0."""
        said = f"{before}:{self.size}:{self.day}:{self.at}:{self.is_kept:d}"
        return keys.mac("evidence-checkpoint", said)

    def read(self) -> tuple[Checkpoint, Note]:
        """Return what it says and who signed; raises NoteError."""
        found = read_note(self.note)
        return read_checkpoint(found.text), found


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp of a third party over a checkpoint: DER of an RFC 3161 answer."""

    size: int
    token: bytes
    at: int
    mark: str = ""

    def marked(self, keys: UnitKeys) -> str:
        """Return the mark it must have."""
        said = f"{self.size}:{self.at}:{hashlib.sha256(self.token).hexdigest()}"
        return keys.mac("evidence-stamp", said)


def keys(connection: Connection, unit_id: str) -> list[KeyRow]:
    """Return all keys of a log, oldest first."""
    columns = evidence_key.c
    query = select(
        columns.number,
        columns.public_key,
        columns.sealed_seed,
        columns.from_size,
        columns.created_at,
    ).where(columns.unit_id == unit_id)
    rows = connection.execute(query.order_by(columns.number))
    return [KeyRow(r[0], bytes(r[1]), bytes(r[2]), r[3], r[4]) for r in rows]


def add_key(connection: Connection, unit_id: str, key: KeyRow) -> None:
    """Add a key; a number that is taken stays as it is."""
    row = {
        "unit_id": unit_id,
        "number": key.number,
        "public_key": key.public,
        "sealed_seed": key.sealed_seed,
        "from_size": key.from_size,
        "created_at": key.created_at,
    }
    statement = insert(connection, evidence_key).values(row)
    connection.execute(statement.on_conflict_do_nothing())


def newest(connection: Connection, unit_id: str) -> Signed | None:
    """Return the newest checkpoint."""
    found = _signed(connection, _NEWEST.params(unit=unit_id))
    return found[0] if found else None


def of_day(connection: Connection, unit_id: str, day: str) -> Signed | None:
    """Return the last checkpoint of a local day (YYYY-MM-DD)."""
    query = _query(unit_id).where(evidence_checkpoint.c.day == day)
    found = _signed(connection, query.limit(1))
    return found[0] if found else None


def all_of(connection: Connection, unit_id: str) -> list[Signed]:
    """Return every kept checkpoint, smallest tree first."""
    return _signed(connection, _query(unit_id))[::-1]


def save(connection: Connection, unit_id: str, signed: Signed, keys: UnitKeys) -> bool:
    """Keep a checkpoint in place of the day's earlier ones; False when it is old."""
    head = locked_head(connection, unit_id)
    if head is None or head.signed >= signed.size:
        return False
    _drop_of_day(connection, unit_id, signed)
    last = newest(connection, unit_id)
    row = {
        "unit_id": unit_id,
        "size": signed.size,
        "day": signed.day,
        "note": signed.note.encode(),
        "is_kept": signed.is_kept,
        "at": signed.at,
        "mark": signed.marked(keys, last.size if last else 0),
    }
    connection.execute(evidence_checkpoint.insert(), row)
    mine = evidence_head.c.unit_id == unit_id
    connection.execute(update(evidence_head).where(mine).values(signed=signed.size))
    return True


def _drop_of_day(connection: Connection, unit_id: str, signed: Signed) -> None:
    columns = evidence_checkpoint.c
    stamped = select(evidence_stamp.c.size).where(evidence_stamp.c.unit_id == unit_id)
    connection.execute(
        delete(evidence_checkpoint).where(
            columns.unit_id == unit_id,
            columns.day == signed.day,
            columns.is_kept.is_(False),
            columns.size.not_in(stamped),
            columns.size > _kept_size(connection, unit_id),
        )
    )


def _kept_size(connection: Connection, unit_id: str) -> int:
    """Behind it marks may be chained anew: nothing that stays follows them."""
    columns = evidence_checkpoint.c
    last = newest(connection, unit_id)
    if last is None:
        return 0
    stamped = select(evidence_stamp.c.size).where(evidence_stamp.c.unit_id == unit_id)
    query = select(func.max(columns.size)).where(
        columns.unit_id == unit_id,
        columns.is_kept.is_(True)
        | (columns.day != last.day)
        | columns.size.in_(stamped),
    )
    return int(connection.execute(query).scalar() or 0)


def unstamped(connection: Connection, unit_id: str, today: str) -> list[Signed]:
    """Return the last checkpoints of the days before today without a time stamp."""
    stamps = select(evidence_stamp.c.size).where(evidence_stamp.c.unit_id == unit_id)
    columns = evidence_checkpoint.c
    query = _query(unit_id).where(columns.day < today, columns.size.not_in(stamps))
    last: dict[str, Signed] = {}
    for signed in _signed(connection, query):
        last.setdefault(signed.day, signed)
    return sorted(last.values(), key=lambda signed: signed.day)


def stamp(connection: Connection, unit_id: str, made: Stamp, keys: UnitKeys) -> None:
    """Keep a time stamp, once a checkpoint."""
    row = {
        "unit_id": unit_id,
        "size": made.size,
        "token": made.token,
        "at": made.at,
        "mark": made.marked(keys),
    }
    statement = insert(connection, evidence_stamp).values(row)
    if connection.execute(statement.on_conflict_do_nothing()).rowcount == 1:
        head = evidence_head
        mine = head.c.unit_id == unit_id
        more = head.c.stamps + 1
        connection.execute(update(head).where(mine).values(stamps=more))


def stamps(connection: Connection, unit_id: str) -> list[Stamp]:
    """Return all time stamps, smallest tree first."""
    columns = evidence_stamp.c
    query = select(columns.size, columns.token, columns.at, columns.mark)
    query = query.where(columns.unit_id == unit_id)
    rows = connection.execute(query.order_by(columns.size))
    return [Stamp(row[0], bytes(row[1]), row[2], row[3]) for row in rows]


def entry_at(connection: Connection, unit_id: str, position: int) -> str | None:
    """Return the id of the entry at a place."""
    columns = evidence_position.c
    query = select(columns.entry_id).where(
        columns.unit_id == unit_id, columns.position == position
    )
    found: str | None = connection.execute(query).scalar()
    return found


def _query(unit_id: str) -> Select[Any]:
    return _OF_UNIT.params(unit=unit_id)


_OF_UNIT = (
    select(
        evidence_checkpoint.c.size,
        evidence_checkpoint.c.day,
        evidence_checkpoint.c.note,
        evidence_checkpoint.c.at,
        evidence_checkpoint.c.is_kept,
        evidence_checkpoint.c.mark,
    )
    .where(evidence_checkpoint.c.unit_id == bindparam("unit"))
    .order_by(evidence_checkpoint.c.size.desc())
)
"""Newest first; built once, for every proof asks it."""
_NEWEST = _OF_UNIT.limit(1)


def _signed(connection: Connection, query: Select[Any]) -> list[Signed]:
    return [
        Signed(row[0], row[1], bytes(row[2]).decode(errors="replace"), *row[3:])
        for row in connection.execute(query)
    ]
