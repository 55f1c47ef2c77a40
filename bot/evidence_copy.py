"""Where does a second copy of the log lie? In a folder, laid out as C2SP tiles.

Only what is new is written, the checkpoint last. A copy that holds another history
than ours is left alone: it is the witness.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection

from handlers.staff.evidence.reading import leaves
from storage.errors import EvidenceError, NoteError
from storage.evidence import checkpoints, order
from storage.evidence.merkle import HASH_BYTES, root_at
from storage.evidence.notes import read_checkpoint, read_note
from storage.evidence.tiles import HEIGHT, WIDTH, path_of, width_at

LENGTH_BYTES = 2


def copy(connection: Connection, unit_id: str, folder: Path) -> int:
    """Bring a folder up to the newest checkpoint; return how many leaves were new.

    Raises EvidenceError when the copy is of another history, and OSError.
    """
    signed = checkpoints.newest(connection, unit_id)
    if signed is None:
        return 0
    had = _had(connection, unit_id, folder / "checkpoint")
    if had == signed.size:
        return 0
    if had > signed.size:
        raise EvidenceError(f"copy has {had}")
    for name, data in _files(connection, unit_id, had, signed.size):
        _put(folder / "tile" / name, data)
    _put(folder / "days" / f"{signed.day}.checkpoint", signed.note.encode())
    _put(folder / "checkpoint", signed.note.encode())
    return signed.size - had


def bundle_of(connection: Connection, unit_id: str, number: int, width: int) -> bytes:
    """Return the leaves of a tile, each behind its length (C2SP entry bundle)."""
    begin = number * WIDTH
    parts = leaves(connection, unit_id, begin, begin + width)
    return b"".join(len(leaf).to_bytes(LENGTH_BYTES, "big") + leaf for leaf in parts)


def _had(connection: Connection, unit_id: str, path: Path) -> int:
    if not path.exists():
        return 0
    try:
        said = read_checkpoint(read_note(path.read_text(encoding="utf-8")).text)
        root = root_at(said.size, order.nodes(connection, unit_id))
    except (NoteError, LookupError, UnicodeDecodeError) as error:
        raise EvidenceError(path.name) from error
    if root != said.root:
        raise EvidenceError(f"copy forked at {said.size}")
    return said.size


def _files(
    connection: Connection, unit_id: str, had: int, size: int
) -> Iterator[tuple[str, bytes]]:
    for number in range(had // WIDTH, -(-size // WIDTH)):
        width = width_at(0, number, size)
        data = bundle_of(connection, unit_id, number, width)
        yield f"entries/{path_of(number, width)}", data
    level = 0
    while size >> HEIGHT * level:
        first, count = had >> HEIGHT * (level + 1), size >> HEIGHT * level
        for number in range(first, -(-count // WIDTH)):
            width = width_at(level, number, size)
            hashes = order.tile(connection, unit_id, level, number)
            name = f"{level}/{path_of(number, width)}"
            yield name, hashes[: width * HASH_BYTES]
        level += 1


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
