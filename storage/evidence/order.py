"""In which order do the entries stand? One place each, given once, kept in tiles.

Entries wait in a table of their own, written with them, so commits that overtake each
other leave no gap: the place is given when the entry can be seen. Any process may do
it, for the row of the head is locked; the lease only keeps them from queueing there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from storage.bulk import Bulk, bulk
from storage.database import insert, is_postgres
from storage.errors import EvidenceError
from storage.evidence.merkle import HASH_BYTES, Read, root_of
from storage.evidence.tiles import HEIGHT, WIDTH, reader, width_at
from storage.tables import (
    evidence_entry,
    evidence_head,
    evidence_position,
    evidence_tile,
    evidence_waiting,
)

FOUND = (
    select(evidence_position.c.position, evidence_entry.c.leaf)
    .join(
        evidence_entry,
        (evidence_entry.c.unit_id == evidence_position.c.unit_id)
        & (evidence_entry.c.entry_id == evidence_position.c.entry_id),
    )
    .where(
        evidence_position.c.unit_id == bindparam("unit"),
        evidence_position.c.entry_id == bindparam("entry"),
    )
)
PLACE = Bulk(evidence_position.insert(), ("unit_id", "position", "entry_id"))


@dataclass(frozen=True, slots=True)
class Head:
    """Whose log it is; how many entries have their place, and how many are signed.

    ``stamps`` counts the time stamps there are.
    """

    unit_id: str
    origin: str
    size: int
    signed: int
    stamps: int


@dataclass(frozen=True, slots=True)
class Lease:
    """Who orders now; times are UTC ms."""

    owner: str
    now: int
    until: int


def head(connection: Connection, unit_id: str) -> Head | None:
    """Return the head of a unit's log, None before its first entry."""
    columns = evidence_head.c
    query = select(
        columns.unit_id, columns.origin, columns.size, columns.signed, columns.stamps
    )
    row = connection.execute(query.where(columns.unit_id == unit_id)).first()
    return Head(*row) if row else None


def begin(connection: Connection, unit_id: str, origin: str) -> None:
    """Make the head of a log; its origin never changes afterwards."""
    row = {"unit_id": unit_id, "origin": origin, "size": 0, "signed": 0, "stamps": 0}
    statement = insert(connection, evidence_head).values(row)
    connection.execute(statement.on_conflict_do_nothing())


def is_waiting(connection: Connection, unit_id: str) -> bool:
    """Whether some entry has no place yet."""
    mine = evidence_waiting.c.unit_id == unit_id
    query = select(evidence_waiting.c.entry_id).where(mine).limit(1)
    return connection.execute(query).first() is not None


def count_waiting(connection: Connection, unit_id: str) -> int:
    """Return how many entries have no place yet."""
    mine = evidence_waiting.c.unit_id == unit_id
    query = select(func.count()).select_from(evidence_waiting).where(mine)
    return int(connection.execute(query).scalar_one())


def integrate(
    connection: Connection, unit_id: str, limit: int, lease: Lease | None = None
) -> int:
    """Give the next entries their places; return how many.

    With a lease that another holds, 0. Raises EvidenceError when a stored tile is
    not as long as the head says.
    """
    found = locked_head(connection, unit_id)
    if found is None or (lease and not _leased(connection, unit_id, lease)):
        return 0
    rows = _next(connection, unit_id, limit)
    if not rows:
        return 0
    places = [
        {"unit_id": unit_id, "position": found.size + at, "entry_id": row.entry_id}
        for at, row in enumerate(rows)
    ]
    bulk(connection, PLACE, places)
    hashes = b"".join(bytes(row.leaf_hash) for row in rows)
    _grow(connection, unit_id, 0, found.size, hashes)
    ids = [row.entry_id for row in rows]
    _settle(connection, found, ids)
    return len(rows)


def tile(connection: Connection, unit_id: str, level: int, number: int) -> bytes:
    """Return the hashes of a tile, b"" when there is none."""
    columns = evidence_tile.c
    query = select(columns.hashes).where(
        columns.unit_id == unit_id, columns.level == level, columns.number == number
    )
    return bytes(connection.execute(query).scalar() or b"")


def nodes(connection: Connection, unit_id: str) -> Read:
    """Return a reader of the log's nodes; LookupError for one that is not there."""
    return reader(lambda level, number: tile(connection, unit_id, level, number))


def nodes_of_path(connection: Connection, unit_id: str, index: int, size: int) -> Read:
    """Return a reader that has the tiles of one audit path already, by one query.

    Those above the leaf, and those at the right edge of the tree.
    """
    wanted, level = set(), 0
    while size >> HEIGHT * level:
        wanted |= {(level, at >> HEIGHT * (level + 1)) for at in (index, size)}
        level += 1
    values: dict[str, str | int] = {"unit": unit_id}
    for at, (tile_level, number) in enumerate(sorted(wanted)):
        values |= {f"level_{at}": tile_level, f"number_{at}": number}
    found = {
        (row.level, row.number): bytes(row.hashes)
        for row in connection.execute(_some_tiles(len(wanted)), values)
    }
    return reader(
        lambda tile_level, number: (
            found.get((tile_level, number))
            or tile(connection, unit_id, tile_level, number)
        )
    )


@cache
def _some_tiles(count: int) -> Select[Any]:
    """Each tile has its own whole key: for pairs in a list SQLite reads all tiles."""
    columns = evidence_tile.c
    these = (
        and_(
            columns.unit_id == bindparam("unit"),
            columns.level == bindparam(f"level_{at}"),
            columns.number == bindparam(f"number_{at}"),
        )
        for at in range(count)
    )
    return select(columns.level, columns.number, columns.hashes).where(or_(*these))


def found_entry(
    connection: Connection, unit_id: str, entry_id: str
) -> tuple[int, bytes] | None:
    """Return place and leaf of an entry, None while it waits or when it is unknown."""
    row = connection.execute(FOUND, {"unit": unit_id, "entry": entry_id}).first()
    return None if row is None else (int(row.position), bytes(row.leaf))


def place(connection: Connection, unit_id: str, entry_id: str) -> int | None:
    """Return the place of an entry, None while it waits or when it is unknown."""
    columns = evidence_position.c
    query = select(columns.position).where(
        columns.unit_id == unit_id, columns.entry_id == entry_id
    )
    found = connection.execute(query).scalar()
    return None if found is None else int(found)


def locked_head(connection: Connection, unit_id: str) -> Head | None:
    """Return the head, which nobody else changes until this transaction ends."""
    if is_postgres(connection):
        mine = evidence_head.c.unit_id == unit_id
        connection.execute(select(evidence_head.c.size).where(mine).with_for_update())
    return head(connection, unit_id)


def _leased(connection: Connection, unit_id: str, lease: Lease) -> bool:
    columns = evidence_head.c
    is_free = (
        columns.owner.is_(None)
        | (columns.owner == lease.owner)
        | (columns.lease_until <= lease.now)
    )
    changed = connection.execute(
        update(evidence_head)
        .where(columns.unit_id == unit_id, is_free)
        .values(owner=lease.owner, lease_until=lease.until)
    )
    return changed.rowcount == 1


def _next(connection: Connection, unit_id: str, limit: int) -> Sequence[Any]:
    query = (
        select(evidence_waiting.c.entry_id, evidence_entry.c.leaf_hash)
        .join(
            evidence_entry,
            (evidence_entry.c.unit_id == evidence_waiting.c.unit_id)
            & (evidence_entry.c.entry_id == evidence_waiting.c.entry_id),
        )
        .where(evidence_waiting.c.unit_id == unit_id)
        .order_by(evidence_waiting.c.entry_id)
        .limit(limit)
    )
    return connection.execute(query).all()


def _settle(connection: Connection, found: Head, ids: Sequence[str]) -> None:
    columns = evidence_waiting.c
    connection.execute(
        delete(evidence_waiting).where(
            columns.unit_id == found.unit_id, columns.entry_id.in_(ids)
        )
    )
    connection.execute(
        update(evidence_head)
        .where(evidence_head.c.unit_id == found.unit_id)
        .values(size=found.size + len(ids))
    )


def _grow(
    connection: Connection, unit_id: str, level: int, count: int, hashes: bytes
) -> None:
    """Add hashes to a level that has ``count`` of them; full tiles add one above."""
    while hashes:
        number, width = divmod(count, WIDTH)
        stored = tile(connection, unit_id, level, number) if width else b""
        if len(stored) != width * HASH_BYTES:
            raise EvidenceError(f"tile {level}/{number}")
        room = (WIDTH - width) * HASH_BYTES
        grown, hashes = stored + hashes[:room], hashes[room:]
        _keep(connection, unit_id, level, number, grown)
        count = number * WIDTH + len(grown) // HASH_BYTES
        if len(grown) == WIDTH * HASH_BYTES:
            _grow(connection, unit_id, level + 1, number, root_of(cut(grown)))


def _keep(
    connection: Connection, unit_id: str, level: int, number: int, hashes: bytes
) -> None:
    row = {"unit_id": unit_id, "level": level, "number": number, "hashes": hashes}
    statement = insert(connection, evidence_tile).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["unit_id", "level", "number"], set_={"hashes": hashes}
        )
    )


def cut(hashes: bytes) -> list[bytes]:
    """Return the hashes of a tile one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def served_tile(
    connection: Connection, unit_id: str, level: int, number: int, width: int
) -> bytes | None:
    """Return the first ``width`` hashes of a tile, None when there are fewer."""
    found = head(connection, unit_id)
    if found is None or width > width_at(level, number, found.size):
        return None
    return tile(connection, unit_id, level, number)[: width * HASH_BYTES]
