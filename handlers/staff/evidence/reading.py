"""Which leaves stand where? The log read in order, a few thousand at a time."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from storage.errors import EvidenceError
from storage.tables import evidence_entry, evidence_position

CHUNK = 4000

IS_ITS = (evidence_entry.c.unit_id == evidence_position.c.unit_id) & (
    evidence_entry.c.entry_id == evidence_position.c.entry_id
)


def leaves(
    connection: Connection, unit_id: str, begin: int, end: int
) -> Iterator[bytes]:
    """Yield the leaves at [begin, end); raises EvidenceError when one is missing."""
    place = evidence_position.c
    query = (
        select(place.position, evidence_entry.c.leaf)
        .join(evidence_entry, IS_ITS)
        .where(place.unit_id == unit_id)
        .order_by(place.position)
    )
    while begin < end:
        until = min(begin + CHUNK, end)
        part = query.where(place.position >= begin, place.position < until)
        for position, leaf in connection.execute(part):
            if position != begin:
                raise EvidenceError(f"position {begin}")
            yield bytes(leaf)
            begin += 1
        if begin != until:
            raise EvidenceError(f"position {begin}")


def positions(
    connection: Connection, unit_id: str, size: int, between: tuple[int, int] | None
) -> tuple[int, int]:
    """Return the places [begin, end) of the entries between two times (UTC ms)."""
    if between is None:
        return 0, size
    place = evidence_position.c
    query = (
        select(func.min(place.position), func.max(place.position))
        .join(evidence_entry, IS_ITS)
        .where(
            place.unit_id == unit_id,
            place.position < size,
            evidence_entry.c.at >= between[0],
            evidence_entry.c.at < between[1],
        )
    )
    first, last = connection.execute(query).one()
    return (0, 0) if first is None else (first, last + 1)
