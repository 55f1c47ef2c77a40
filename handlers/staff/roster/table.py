"""What does a spreadsheet of shifts say, and how is one written?"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

from handlers.staff.catalogue.cells import plain
from handlers.staff.catalogue.columns import fold
from handlers.staff.catalogue.errors import CatalogueError
from handlers.staff.catalogue.spreadsheet import (
    HEADER_ROWS,
    Line,
    csv_lines,
    xlsx_lines,
)
from handlers.staff.people.errors import PeopleError
from handlers.staff.people.model import Member
from handlers.staff.people.sealing import public_phone
from handlers.staff.roster.errors import (
    BadSlotError,
    SheetFileError,
    SheetHeaderError,
)
from handlers.staff.roster.model import PART_NAMES, POST_NAMES, Part, Shift, Slot
from handlers.staff.roster.words import (
    field_name,
    read_day,
    read_field,
    read_part,
    read_post,
)

MAX_ROWS: Final = 1500
"""A month of 48 duties a day; more would hold the one writer for over 50 ms."""
TITLES: Final = (
    "Ngày",
    "Buổi",
    "Kênh",
    "Lĩnh vực",
    "Người trực",
    "Người trực thay",
    "Điện thoại công bố",
    "Họ tên người trực",
    "Họ tên người trực thay",
)
"""The last two are for people to read; an import passes them over."""
_REQUIRED: Final = frozenset({"day", "part", "holder"})
_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        fold(title): name
        for name, titles in {
            "day": ("Ngày", "Ngày trực"),
            "part": ("Buổi", "Ca", "Ca trực"),
            "channel": ("Kênh", "Kênh trực"),
            "field": ("Lĩnh vực",),
            "holder": ("Người trực", "Cán bộ trực", "Mã người trực"),
            "deputy": ("Người trực thay", "Trực thay", "Dự phòng"),
            "phone": ("Điện thoại công bố", "Điện thoại", "Số điện thoại"),
        }.items()
        for title in titles
    }
)


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot be used and why; ``number`` is its line in the file."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says, line by line; ``sha256`` (hex) is that of the file."""

    shifts: tuple[tuple[int, Shift], ...]
    refused: tuple[Refused, ...]
    sha256: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the shifts, in order."""
        return tuple(sorted({shift.slot.day for _, shift in self.shifts}))


def read(path: Path, members: Mapping[str, Member]) -> Table:
    """Return the shifts of an .xlsx or .csv file.

    People are named by code or by full name; ``members`` are those of the unit.
    Raises SheetFileError, SheetHeaderError.
    """
    people = People(members)
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if path.suffix.lower() == ".xlsx":
            with xlsx_lines(path) as lines:
                return replace(_table(lines, people), sha256=digest)
        if path.suffix.lower() == ".csv":
            lines = csv_lines(path, _is_header)
            return replace(_table(lines, people), sha256=digest)
    except (CatalogueError, OSError, EOFError, zlib.error) as error:
        raise SheetFileError from error
    raise SheetFileError


def row_of(shift: Shift, members: Mapping[str, Member]) -> list[str]:
    """Return the cells of a shift in the order of TITLES."""
    slot = shift.slot
    deputy = shift.deputy or ""
    return [
        f"{slot.day:%d/%m/%Y}",
        PART_NAMES[slot.part],
        POST_NAMES[slot.channel],
        field_name(slot.field),
        shift.holder,
        deputy,
        shift.phone,
        _name(members, shift.holder),
        _name(members, deputy),
    ]


class People:
    """Finds who is meant by a code or a name."""

    def __init__(self, members: Mapping[str, Member]) -> None:
        active = [one for one in members.values() if one.is_active]
        self._codes = {one.staff_id.lower(): one.staff_id for one in active}
        self._names: dict[str, list[str]] = {}
        for one in active:
            self._names.setdefault(fold(one.profile.name), []).append(one.staff_id)

    def find(self, text: str) -> str:
        """Return a code; raises BadSlotError for nobody or for several."""
        code = self._codes.get(text.lower())
        if code is not None:
            return code
        named = self._names.get(fold(text), [])
        if len(named) == 1:
            return named[0]
        why = "có nhiều người trùng tên" if named else "chưa có trong danh sách cán bộ"
        raise BadSlotError(f"'{text[:40]}' {why}", "Xin ghi mã cán bộ.")


def _table(lines: Iterator[Line], people: People) -> Table:
    places = _find_header(lines)
    shifts: list[tuple[int, Shift]] = []
    refused: list[Refused] = []
    seen: dict[Slot, int] = {}
    for number, cells in lines:
        told = {n: _cell(cells, place) for place, n in places.items()}
        if not any(told.values()):
            continue
        if len(shifts) + len(refused) >= MAX_ROWS:
            raise SheetFileError
        try:
            shifts.append((number, _shift(told, people, seen, number)))
        except PeopleError as error:
            refused.append(Refused(number, str(error).rstrip(".")))
    return Table(tuple(shifts), tuple(refused))


def _find_header(lines: Iterator[Line]) -> dict[int, str]:
    for _, cells in islice(lines, HEADER_ROWS):
        if _is_header(cells):
            return _places(cells)
    raise SheetHeaderError


def _is_header(cells: Sequence[str]) -> bool:
    return set(_places(cells).values()) >= _REQUIRED


def _places(cells: Sequence[str]) -> dict[int, str]:
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = _COLUMNS.get(fold(cell))
        if name:
            found.setdefault(name, place)
    return {place: name for name, place in found.items()}


def _cell(cells: Sequence[str], place: int) -> str:
    return plain(cells[place]) if place < len(cells) else ""


def _shift(
    told: Mapping[str, str], people: People, seen: dict[Slot, int], number: int
) -> Shift:
    slot = Slot(
        read_day(told["day"]),
        _part(told["part"]),
        read_post(told.get("channel", "")),
        read_field(told.get("field", "")),
    )
    if slot in seen:
        raise BadSlotError(f"trùng ca với dòng {seen[slot]}")
    if not told["holder"]:
        raise BadSlotError("chưa ghi người trực")
    deputy = told.get("deputy", "")
    shift = Shift(
        slot,
        people.find(told["holder"]),
        people.find(deputy) if deputy else None,
        public_phone(told.get("phone", "")),
    )
    seen[slot] = number
    return shift


def _part(text: str) -> Part:
    if not text:
        raise BadSlotError("chưa ghi buổi trực")
    return read_part(text)


def _name(members: Mapping[str, Member], staff_id: str) -> str:
    found = members.get(staff_id)
    return found.profile.name if found else ""
