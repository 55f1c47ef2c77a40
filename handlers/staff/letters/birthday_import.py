"""Which birthdays does a spreadsheet hold, and which of its rows cannot be kept?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.cases.errors import CaseError
from handlers.staff.cases.record import phone_of
from handlers.staff.letters import birthdays, sheet
from handlers.staff.letters.birthday_form import BORN, NAME, BirthdayEntry, entry, names
from handlers.staff.letters.errors import LetterStepError
from handlers.staff.letters.importing import Looked
from handlers.staff.letters.room import LetterRoom
from messages.letters.errors import LetterError


@dataclass(frozen=True, slots=True)
class BirthdayRow:
    """One row: as it can be kept (``entry`` None: it cannot), and how it looks."""

    looked: Looked
    entry: BirthdayEntry | None = None


def read(room: LetterRoom, path: Path) -> list[BirthdayRow]:
    """Return the rows of a file, each with what speaks against it.

    Raises CatalogueError when the file cannot be read or has no known column.
    """
    found = sheet.rows(path, names(), {NAME, BORN})
    return [_row(room, number, told) for number, told in found]


async def put(room: LetterRoom, rows: Sequence[BirthdayRow]) -> int:
    """Keep what can be kept; return how many. The same file twice changes nothing."""
    good = [row.entry for row in rows if row.entry is not None]
    for one in good:
        await birthdays.put(room, one, birthdays.IMPORT)
    return len(good)


def _row(room: LetterRoom, number: int, told: dict[str, str]) -> BirthdayRow:
    shown = told.get(NAME, "")[:80]
    try:
        one = entry(told, room.today())
        phone_of(one.phone)
    except (LetterError, LetterStepError, CaseError) as error:
        return BirthdayRow(Looked(number, shown, str(error)))
    return BirthdayRow(Looked(number, f"{one.data[NAME]}, {one.born:%d/%m/%Y}"), one)
