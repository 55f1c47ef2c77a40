"""Which letters does a spreadsheet ask for, and which of its rows cannot be written?

One kind a file; the columns are the kind's data by any of their names, and ``phone``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from handlers.staff.letters import guards, sheet
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
    """Return the rows that hold anything, at most ``sheet.MOST_ROWS``.

    Raises CatalogueError when the file cannot be read or has no known column.
    """
    mark = hashlib.sha256(kind.code.encode() + path.read_bytes()).hexdigest()[:24]
    needed = {name for group in kind.required for name in group}
    return [
        Wish(number, f"{mark}:{number}", told, told.pop(PHONE, ""))
        for number, told in sheet.rows(path, _names(kind), needed)
    ]


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


def _names(kind: LetterKind) -> dict[str, str]:
    names = dict.fromkeys(PHONES, PHONE)
    for field in kind.fields.values():
        for known in (*field.aliases, plain(field.label), field.name):
            names[known] = field.name
    return names


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
