"""How does the log leave the house? As a folder that a stranger can check alone.

Entries that are left out (a range of dates) are there as the hashes of whole subtrees,
so the signed root can be worked out all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from handlers.staff.evidence import verify_evidence
from handlers.staff.evidence.errors import FolderNotEmptyError, LogBrokenError
from handlers.staff.evidence.reading import leaves, positions
from storage.errors import EvidenceError, NoteError
from storage.evidence import checkpoints, order
from storage.evidence.checkpoints import KeyRow, Signed, Stamp
from storage.evidence.merkle import EMPTY_ROOT, Range, Read, leaf_hash, span
from storage.evidence.notes import sign
from storage.evidence.sequencer import in_force, opened
from storage.keys import UnitKeys

LINES = 50_000
"""Entries a file: a spreadsheet or an editor still opens it."""
GUIDE = "HUONG-DAN.txt"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Exported:
    """What a bundle holds: the tree, and the entries given in full, [begin, end)."""

    size: int
    root: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier state of the log: the roots kept by then, and its instant (UTC ms)."""

    sizes: frozenset[int]
    at: int


@dataclass(slots=True)
class _Writer:
    """Writes files and remembers what the manifest says of them."""

    folder: Path
    files: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, data: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        self.files[name] = f"file {hashlib.sha256(data).hexdigest()} {len(data)} {name}"


def export(
    connection: Connection,
    unit_id: str,
    ours: UnitKeys,
    folder: Path,
    between: tuple[int, int] | None = None,
    past: Past | None = None,
) -> Exported:
    """Write the bundle of a unit's log into an empty folder.

    ``between`` are UTC ms [begin, end): entries outside are given as hashes only.
    ``past``: as the log was then; the same bytes whenever it is asked for.
    Raises FolderNotEmptyError, LogBrokenError, OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmptyError
    try:
        return _export(connection, unit_id, ours, folder, between, past)
    except (EvidenceError, NoteError, LookupError) as error:
        raise LogBrokenError from error


def _export(
    connection: Connection,
    unit_id: str,
    ours: UnitKeys,
    folder: Path,
    between: tuple[int, int] | None,
    past: Past | None,
) -> Exported:
    writer = _Writer(folder)
    signed = [
        one
        for one in checkpoints.all_of(connection, unit_id)
        if past is None or one.size in past.sizes
    ]
    last = signed[-1].read()[0] if signed else None
    size, root = (last.size, last.root) if last else (0, EMPTY_ROOT)
    begin, end = positions(connection, unit_id, size, between)
    found = _entries(connection, unit_id, writer, (begin, end, size), signed)
    if found != root:
        raise EvidenceError(f"size {size}")
    head = order.head(connection, unit_id)
    if head is None:
        raise EvidenceError("no head")
    keys = [
        key
        for key in checkpoints.keys(connection, unit_id)
        if key.from_size <= max(size, 0)
    ]
    stamps = [
        one
        for one in checkpoints.stamps(connection, unit_id)
        if past is None or (one.size in past.sizes and one.at <= past.at)
    ]
    _notes(writer, signed, keys, stamps, head.origin)
    given = f"given {begin} {end}"
    said = [f"origin {head.origin}", f"unit {unit_id}", f"size {size}"]
    days = sorted(f"day {one.day} {one.size}" for one in signed)
    lines = [*said, f"root {root.hex()}", given, *days, *sorted(writer.files.values())]
    text = "\n".join([verify_evidence.FORMAT, *lines, ""])
    signer = opened(ours, in_force(tuple(keys), size), head.origin)
    (folder / verify_evidence.MANIFEST).write_bytes(sign(text, signer).encode())
    source = (HERE / verify_evidence.SELF).read_bytes()
    (folder / verify_evidence.SELF).write_bytes(source)
    return Exported(size, root.hex(), begin, end)


def _notes(
    writer: _Writer,
    signed: Sequence[Signed],
    keys: Sequence[KeyRow],
    stamps: Sequence[Stamp],
    origin: str,
) -> None:
    for one in signed:
        writer.write(f"checkpoints/{one.size:012d}.note", one.note.encode())
    written = [f"{key.from_size} {key.key(origin)}\n" for key in keys]
    writer.write("keys.txt", "".join(written).encode())
    for stamp in stamps:
        writer.write(f"stamps/{stamp.size:012d}.tsr", stamp.token)
    writer.write(GUIDE, (HERE / GUIDE).read_bytes())


def _entries(
    connection: Connection,
    unit_id: str,
    writer: _Writer,
    bounds: tuple[int, int, int],
    signed: Sequence[Signed],
) -> bytes:
    """Write the entries; return the root worked out on the way."""
    tree, lines, number = Range(), list[bytes](), 0
    for line in _lines(connection, unit_id, tree, bounds, signed):
        lines.append(line)
        if len(lines) == LINES:
            writer.write(f"entries/{number:06d}.txt", b"".join(lines))
            lines, number = [], number + 1
    if lines:
        writer.write(f"entries/{number:06d}.txt", b"".join(lines))
    return tree.root()


def _lines(
    connection: Connection,
    unit_id: str,
    tree: Range,
    bounds: tuple[int, int, int],
    signed: Sequence[Signed],
) -> Iterator[bytes]:
    begin, end, size = bounds
    read = order.nodes(connection, unit_id)
    sizes = [one.size for one in signed]
    yield from _skipped(tree, 0, begin, sizes, read)
    for leaf in leaves(connection, unit_id, begin, end):
        tree.append(leaf_hash(leaf))
        yield leaf + b"\n"
    yield from _skipped(tree, end, size, sizes, read)


def _skipped(
    tree: Range, begin: int, end: int, sizes: Sequence[int], read: Read
) -> Iterator[bytes]:
    """Yield the subtrees of [begin, end), cut where a checkpoint needs its root."""
    cuts = [begin, *(size for size in sizes if begin < size < end), end]
    for at, cut in enumerate(cuts[1:]):
        for level, index in span(cuts[at], cut):
            node = read(level, index)
            tree.append(node, level)
            yield f"={level} {node.hex()}\n".encode()
