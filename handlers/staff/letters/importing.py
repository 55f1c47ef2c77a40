"""Which letters does a spreadsheet ask for, and which of its rows cannot be written?

One kind a file; the columns are the kind's data by any of their names, and ``phone``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from handlers.staff.catalogue.errors import FileKindError, HeaderError
from handlers.staff.catalogue.spreadsheet import (
    HEADER_ROWS,
    Line,
    csv_lines,
    xlsx_lines,
)
from handlers.staff.letters import guards
from handlers.staff.letters.errors import AutomaticError, LetterStepError
from handlers.staff.letters.room import LetterRoom
from handlers.staff.letters.writing import Made, NewLetter, make_many
from handlers.staff.permissions import Action
from messages.letters.compose import compose
from messages.letters.errors import LetterError
from messages.letters.facts import addressee
from messages.letters.kinds import LetterKind
from messages.letters.text import plain
from storage import letters

SOURCE: Final = "import"
MOST_ROWS: Final = 500
PHONES: Final = frozenset({"dien_thoai_nguoi_nhan", "sdt_nguoi_nhan", "phone"})
PHONE: Final = "phone"


@dataclass(frozen=True, slots=True)
class Wish:
    """One row: its number in the file, the reference it is known by, its data."""

    number: int
    ref: str
    data: dict[str, str]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """A row as it would become; ``problem`` is "" when a letter can be made."""

    number: int
    names: str
    problem: str = ""


def read(kind: LetterKind, path: Path) -> list[Wish]:
    """Return the rows that hold anything, at most ``MOST_ROWS``.

    Raises CatalogueError when the file cannot be read or has no known column.
    """
    mark = hashlib.sha256(kind.code.encode() + path.read_bytes()).hexdigest()[:24]
    with _lines(kind, path) as lines:
        stream = iter(lines)
        columns = _header(kind, stream)
        return list(_wishes(columns, stream, mark))


async def looked(
    room: LetterRoom, kind: LetterKind, wishes: Sequence[Wish]
) -> list[Looked]:
    """Return what each row would become; nothing is written."""

    def work(connection: Connection) -> list[Looked]:
        seen: set[str] = set()
        return [_look(connection, room, kind, wish, seen) for wish in wishes]

    return await room.desk.look(Action.SEE_LETTERS, work)


async def put(
    room: LetterRoom, kind: LetterKind, wishes: Sequence[Wish]
) -> list[Looked]:
    """Write a draft for each row that can be; return what was refused.

    The same file twice makes no second letter. Raises NotAllowedError.
    """
    new = [
        NewLetter(kind, wish.data, source=SOURCE, ref=wish.ref, phone=wish.phone)
        for wish in wishes
    ]
    done = await make_many(room, new)
    return [
        Looked(wish.number, "", str(one))
        for wish, one in zip(wishes, done, strict=True)
        if not isinstance(one, Made)
    ]


@contextmanager
def _lines(kind: LetterKind, path: Path) -> Iterator[Iterator[Line]]:
    name = path.name.lower()
    if name.endswith(".xlsx"):
        with xlsx_lines(path) as lines:
            yield lines
    elif name.endswith(".csv"):
        yield csv_lines(path, lambda cells: bool(_columns(kind, cells)))
    else:
        raise FileKindError


def _columns(kind: LetterKind, cells: Sequence[str]) -> dict[int, str]:
    """Return place -> field; {} unless a needed field is among them."""
    names = dict.fromkeys(PHONES, PHONE)
    for field in kind.fields.values():
        for known in (*field.aliases, plain(field.label), field.name):
            names[known] = field.name
    found = {at: names[plain(c)] for at, c in enumerate(cells) if plain(c) in names}
    needed = {name for group in kind.required for name in group}
    return found if needed & set(found.values()) else {}


def _header(kind: LetterKind, stream: Iterator[Line]) -> dict[int, str]:
    for _, (_, cells) in zip(range(HEADER_ROWS), stream, strict=False):
        if found := _columns(kind, cells):
            return found
    raise HeaderError


def _wishes(
    columns: dict[int, str], stream: Iterator[Line], mark: str
) -> Iterator[Wish]:
    count = 0
    for number, cells in stream:
        told = {
            name: cells[at].strip()
            for at, name in columns.items()
            if at < len(cells) and cells[at].strip()
        }
        if told and count < MOST_ROWS:
            count += 1
            phone = told.pop(PHONE, "")
            yield Wish(number, f"{mark}:{number}", told, phone)


def _look(
    connection: Connection,
    room: LetterRoom,
    kind: LetterKind,
    wish: Wish,
    seen: set[str],
) -> Looked:
    names = ""
    try:
        if kind.guards:
            raise AutomaticError
        told = compose(kind, wish.data, room.office, room.today())
        names = addressee(kind, told.data).line
        mac = guards.occasion_mac(room, kind, told.data)
        there = letters.by_occasion(connection, room.unit_id, mac)
        if mac in seen or there is not None:
            return Looked(wish.number, names, "đã có thư cho người và dịp này")
        seen.add(mac)
    except (LetterError, LetterStepError) as error:
        return Looked(wish.number, names, str(error))
    return Looked(wish.number, names)
