"""What goes into a backup, and how does it come back? Every row, then every file.

Rows are read over one snapshot in the order of their keys, so the service goes on
writing meanwhile; both engines make and take the same file. Files come after the rows
that name them: the snapshot is open until the last is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, tuple_, update

from storage.backup_file import BackupWriter, Frame, value_of
from storage.errors import BackupError, BackupVersionError, NotEmptyError
from storage.outbox_states import ACTIVE, State
from storage.schema import VERSION
from storage.tables import inbox_event, lane, metadata, outbox

HEADER, ROWS, FILE, DATA, END = "H", "R", "F", "D", "E"
PAGE = 500
PIECE = 1024 * 1024
RESTORED = "restored"
"""The reason of what was under way when the backup was made."""


@dataclass(slots=True)
class Content:
    """What a backup holds: its header, rows by table, and files."""

    header: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return sum(self.rows.values())


def dump(
    connection: Connection, writer: BackupWriter, header: Mapping[str, Any]
) -> Content:
    """Write header and all rows of the snapshot that this connection sees."""
    content = Content({**header, "schema": VERSION})
    writer.value(HEADER, content.header)
    for table in metadata.sorted_tables:
        for page in _pages(connection, table):
            writer.value(ROWS, [table.name, table.columns.keys(), page])
            content.rows[table.name] = content.rows.get(table.name, 0) + len(page)
    return content


def add_files(writer: BackupWriter, content: Content, root: Path) -> None:
    """Write the sealed files below a folder; one that goes meanwhile is left out."""
    for path in sorted(root.glob("*/??/*")):
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            writer.value(FILE, path.relative_to(root).as_posix())
            while piece := file.read(PIECE):
                writer.frame(DATA, piece)
        content.files += 1


def end(writer: BackupWriter, content: Content) -> None:
    """Write what a reader must have found at the end."""
    writer.value(END, {"rows": content.rows, "files": content.files})


def check(frames: Iterable[Frame]) -> Content:
    """Read everything back; raises BackupError when anything is missing."""
    return _read(frames, lambda _name, _columns, _rows: None, lambda _name, _data: None)


def load(
    connection: Connection,
    frames: Iterable[Frame],
    keep: Callable[[str, Iterator[bytes]], None],
) -> Content:
    """Insert everything in the caller's transaction; ``keep`` writes a file.

    Raises NotEmptyError, BackupVersionError, BackupError.
    """
    refuse_data(connection)

    def add(name: str, columns: list[str], rows: list[list[Any]]) -> None:
        table = metadata.tables.get(name)
        if table is None or set(columns) != set(table.columns.keys()):
            raise BackupVersionError(name)
        connection.execute(
            insert(table), [dict(zip(columns, row, strict=True)) for row in rows]
        )

    return _read(frames, add, keep)


def refuse_data(connection: Connection) -> None:
    """Raise NotEmptyError when any table holds a row."""
    for table in metadata.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise NotEmptyError(table.name)


def settle(connection: Connection, now: int) -> tuple[int, int]:
    """End what was under way at the backup: it may have happened since; count both.

    Sends become unknown and messages are set aside: people look, nothing is said or
    answered twice (docs/adr/0007). ``now`` is UTC ms.
    """
    sends = connection.execute(
        update(outbox)
        .where(outbox.c.state.in_(ACTIVE))
        .values(
            state=State.UNKNOWN,
            code=RESTORED,
            owner=None,
            lease_until=None,
            updated_at=now,
        )
    ).rowcount
    messages = connection.execute(
        update(inbox_event)
        .where(inbox_event.c.state == "received")
        .values(state="failed", error=RESTORED)
    ).rowcount
    connection.execute(update(lane).values(ready_at=None, owner=None, lease_until=None))
    return sends, messages


def count(connection: Connection) -> int:
    """Return how many rows there are in all tables."""
    return sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in metadata.sorted_tables
    )


def _pages(connection: Connection, table: Table) -> Iterator[list[list[Any]]]:
    """By key, not by offset: each statement is short on a large table too."""
    key = list(table.primary_key.columns)
    places = [list(table.columns).index(column) for column in key]
    query = select(table).order_by(*key).limit(PAGE)
    rows = connection.execute(query).all()
    while rows:
        yield [list(row) for row in rows]
        last = tuple(rows[-1][place] for place in places)
        rows = connection.execute(query.where(tuple_(*key) > last)).all()


def _read(
    frames: Iterable[Frame],
    add: Callable[[str, list[str], list[list[Any]]], None],
    keep: Callable[[str, Iterator[bytes]], None],
) -> Content:
    content, told = Content(), None
    # A file and its pieces are one group: each file begins a new number.
    numbered = _numbered(frames)
    for (_number, kind), group in groupby(numbered, lambda part: part[:2]):
        if kind == FILE:
            name = value_of(next(group)[2])
            keep(_safe(name), (payload for _n, _k, payload in group))
            content.files += 1
            continue
        for _n, _k, payload in group:
            told = _take(content, kind, value_of(payload), add, told)
    if told != {"rows": content.rows, "files": content.files}:
        raise BackupError("incomplete")
    return content


def _numbered(frames: Iterable[Frame]) -> Iterator[tuple[int, str, bytes]]:
    number = 0
    for kind, payload in frames:
        number += kind == FILE
        yield number, FILE if kind == DATA else kind, payload


def _take(
    content: Content,
    kind: str,
    value: Any,
    add: Callable[[str, list[str], list[list[Any]]], None],
    told: Any,
) -> Any:
    if kind == HEADER:
        content.header = value
    elif kind == ROWS:
        if content.header.get("schema") != VERSION:
            raise BackupVersionError(str(content.header.get("schema")))
        name, columns, rows = value
        add(name, columns, rows)
        content.rows[name] = content.rows.get(name, 0) + len(rows)
    elif kind == END:
        return value
    else:
        raise BackupError(kind)
    return told


def _safe(name: str) -> str:
    """Return a file's name if it stays in its folder; raises BackupError."""
    parts = name.split("/")
    if len(parts) != 3 or any(p in ("", ".", "..") or "\\" in p for p in parts):  # noqa: PLR2004  unit, two digits, name
        raise BackupError("file name")
    return name
