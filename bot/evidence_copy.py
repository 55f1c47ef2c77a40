"""Where does a second copy of the log lie? In a folder, laid out as C2SP tiles.

Only what is new is written, the checkpoint last. A copy that holds another history
than ours is left alone: it is the witness.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from handlers.staff.evidence.reading import leaves
from storage.errors import EvidenceError, NoteError
from storage.evidence import checkpoints, order
from storage.evidence.merkle import HASH_BYTES, root_at
from storage.evidence.notes import read_checkpoint, read_note
from storage.evidence.tiles import HEIGHT, WIDTH, path_of, width_at

LENGTH_BYTES = 2
ENTRIES = -1


@dataclass(frozen=True, slots=True)
class Tile:
    """One file of a copy: a hash tile, or the leaves of one (level ``ENTRIES``)."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        """Its place below ``tile/``."""
        room = "entries" if self.level == ENTRIES else str(self.level)
        return f"{room}/{path_of(self.number, self.width)}"


def copy(connection: Connection, unit_id: str, folder: Path) -> int:
    """Bring a folder up to the newest checkpoint; return how many leaves were new.

    Raises EvidenceError when the copy is of another history, and OSError.
    """
    signed = checkpoints.newest(connection, unit_id)
    if signed is None:
        return 0
    path = folder / "checkpoint"
    there = path.read_bytes() if path.exists() else None
    had = had_of(connection, unit_id, signed.size, there)
    if had == signed.size:
        return 0
    for one in names(had, signed.size):
        _put(folder / "tile" / one.path, data_of(connection, unit_id, one))
    _put(folder / "days" / f"{signed.day}.checkpoint", signed.note.encode())
    _put(folder / "checkpoint", signed.note.encode())
    return signed.size - had


def bundle_of(connection: Connection, unit_id: str, number: int, width: int) -> bytes:
    """Return the leaves of a tile, each behind its length (C2SP entry bundle)."""
    begin = number * WIDTH
    parts = leaves(connection, unit_id, begin, begin + width)
    return b"".join(len(leaf).to_bytes(LENGTH_BYTES, "big") + leaf for leaf in parts)


def had_of(connection: Connection, unit_id: str, size: int, there: bytes | None) -> int:
    """Return how many leaves a copy with this checkpoint has (None: it has none).

    Raises EvidenceError when it is of another history, or ahead of ``size``.
    """
    if there is None:
        return 0
    try:
        said = read_checkpoint(read_note(there.decode()).text)
        root = root_at(said.size, order.nodes(connection, unit_id))
    except (NoteError, LookupError, UnicodeDecodeError) as error:
        raise EvidenceError("checkpoint") from error
    if root != said.root:
        raise EvidenceError(f"copy forked at {said.size}")
    if said.size > size:
        raise EvidenceError(f"copy has {said.size}")
    return said.size


def names(had: int, size: int) -> Iterator[Tile]:
    """Yield what a copy with ``had`` leaves lacks of a tree."""
    for number in range(had // WIDTH, -(-size // WIDTH)):
        yield Tile(ENTRIES, number, width_at(0, number, size))
    level = 0
    while size >> HEIGHT * level:
        first, count = had >> HEIGHT * (level + 1), size >> HEIGHT * level
        for number in range(first, -(-count // WIDTH)):
            yield Tile(level, number, width_at(level, number, size))
        level += 1


def data_of(connection: Connection, unit_id: str, one: Tile) -> bytes:
    """Return the bytes of one file."""
    if one.level == ENTRIES:
        return bundle_of(connection, unit_id, one.number, one.width)
    hashes = order.tile(connection, unit_id, one.level, one.number)
    return hashes[: one.width * HASH_BYTES]


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
